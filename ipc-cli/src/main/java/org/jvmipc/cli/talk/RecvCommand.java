package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.StdoutWatch;
import org.jvmipc.mq.PosixMessageReceiver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc recv}: receives messages and prints them. */
@Command(
        name = "ipc recv",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc recv ADDR [-n N] [-F] [options]",
        description = {
            "Receives one message and prints it. Nothing is taken beyond what is asked for:",
            "what follows is for the next one who receives. A durable queue is only read,",
            "unless it is with --group; what is printed then is acknowledged when it is written."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc recv fifo:/tmp/f                   one message",
            "  ipc recv -n 0 -f raw fifo:/tmp/f > file   bytes to the end of the stream",
            "  ipc recv -F fifo:/tmp/f | grep error   for ever, from any who send",
            "  ipc recv -n 0 -f nul fifo:/tmp/f | xargs -0 ls -d",
            "  ipc recv -n 0 --group billing mq:orders    what nobody of the group has had yet",
            "  ipc recv -F --from -10 mq:orders       the last 10, and what comes",
            "  ipc recv -F inbox:me                   has the inbox, and prints what others send to it",
            "  ipc recv --format '{time} {bytes} {data}' -n 0 fifo:/tmp/f"
        },
        sortOptions = false)
public final class RecvCommand extends TalkCommand {
    static final String QUEUE = "mq";

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "Where from, as fifo:/tmp/f; 'ipc ls' shows what is there.")
    private String source = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = CountConverter.OrZero.class,
            description = "So many messages, exit 5 if the stream ends before; 0: to the end of the stream.")
    private @Nullable Long count;

    @Option(
            names = {"-F", "--follow"},
            description = "For ever: wait for the next sender when the last one has left.")
    private boolean follow;

    @Option(
            names = {"-f", "--frame"},
            paramLabel = "FRAME",
            converter = FrameConverter.class,
            description = {
                "How messages are marked off on standard output, and in a stream of bytes: line (default), nul,"
                        + " len32, json, raw; framed: lines here, the toolkit's frames in the stream."
            })
    private @Nullable Frame frame;

    @Option(
            names = "--format",
            paramLabel = "FMT",
            description = {
                "What to print of a message: text with {data} {base64} {hex} {bytes} {number} {time} {nanos}"
                        + " {address} and \\n \\t \\0 in it; the newline at its end is added."
            })
    private @Nullable String format;

    @Option(
            names = "--group",
            paramLabel = "G",
            description = "Of a durable queue: take, as one of this group; each message goes to one of it.")
    private @Nullable String group;

    @Option(
            names = "--from",
            paramLabel = "POS",
            description = {
                "Of a durable queue: begin at start (default), end, an index, -N for the last N, or a time as"
                        + " 2026-11-28T09:00:00Z. A group that is there goes on where it is."
            })
    private @Nullable String from;

    @Option(
            names = "--peek",
            description = "Of a durable queue: print and take nothing, from what --group has not taken on.")
    private boolean peek;

    @Option(names = "--create", description = "Create the endpoint if it is not there.")
    private boolean create;

    private @Nullable MessagePrinter printer;

    /** The verb. */
    public RecvCommand() {
        super("recv");
    }

    @Override
    Address about() {
        return Address.of(source);
    }

    private long limit() {
        if (count != null) {
            return count == 0 ? Long.MAX_VALUE : count;
        }
        return follow ? Long.MAX_VALUE : 1;
    }

    @Override
    boolean takesCreate() {
        return true;
    }

    /** How many there were, of how many; nothing where only one was asked for and did not come. */
    @Override
    String progress() {
        long got = printer == null ? 0 : printer.messages();
        long asked = limit();
        if (asked == Long.MAX_VALUE) {
            return got == 0 ? "" : "; " + got + (got == 1 ? " message" : " messages") + " came before";
        }
        return asked == 1 ? "" : "; " + got + " of " + asked + " messages came";
    }

    @Override
    int talk(Console console) throws IOException, InterruptedException {
        refuse(format != null && console.json(), "--format and --json: which?", "leave one of them out");
        MessageFormat parsed = format == null ? null : MessageFormat.of(format);
        Route route = Route.of(asked(), frame, Frame.LINE);
        refuse(parsed != null && route.frame() == Frame.JSON, "--format prints no JSON", "leave -f json out");
        if (limit() != Long.MAX_VALUE) {
            route = route.exact();
        }
        if (create && !Opening.isInbox(about())) { // which is there by being received from
            create(route);
        }
        MessagePrinter open = new MessagePrinter(console.out(), route.name(), route.frame(), parsed, console.json());
        printer = open;
        try (StdoutWatch watch = new StdoutWatch()) {
            take(route, open, watch, console);
        }
        console.talk()
                .detail("recv " + route.name() + ": " + open.messages() + " messages, " + open.bytes() + " bytes");
        return ExitCode.SUCCESS;
    }

    /** The address with what the options say. */
    private Address asked() {
        Address asked = with(about(), "group", group, "--group");
        refuse(peek && !isQueue(asked), "--peek is of durable queues; " + asked.scheme() + " gives what it takes");
        return with(asked, "from", from, "--from");
    }

    private Address with(Address address, String key, @Nullable String value, String option) {
        if (value == null) {
            return address;
        }
        refuse(
                !Ipc.scheme(address).parameters().containsKey(key),
                address.scheme() + " takes no " + option,
                option + " is of durable queues, mq:");
        String other = address.parameter(key);
        refuse(
                other != null,
                option + ", and " + key + "=" + other + " in the address: which?",
                "leave one of them out");
        return address.with(key, value);
    }

    private static boolean isQueue(Address address) {
        return address.scheme().equals(QUEUE);
    }

    private Intake intake(Route route, Console console) throws IOException, InterruptedException {
        boolean ends = limit() == Long.MAX_VALUE && !follow;
        if (!isQueue(route.address())) {
            Receiver<ByteBuffer> receiver = open(route, console).receiver();
            opened(receiver, route, console);
            return receiver instanceof PosixMessageReceiver<ByteBuffer> kernelQueue
                    ? new PrioritizedTaking(kernelQueue, ends)
                    : new Inlet(receiver, follow, text -> warn(text, console));
        }
        return peek || route.address().parameter("group") == null
                ? QueueReading.open(route, ends)
                : GroupTaking.open(route, ends, text -> warn("recv " + route.name() + ": " + text, console));
    }

    private void take(Route route, MessagePrinter open, StdoutWatch watch, Console console)
            throws IOException, InterruptedException {
        try (Intake intake = intake(route, console)) {
            open.of(intake);
            try {
                receive(intake, open, watch, console);
            } finally {
                open.flush();
            }
        } catch (InterruptedException e) {
            if (watch.isGone()) {
                throw new StdoutClosedException(new IOException("nobody reads it any more", e));
            }
            throw e;
        }
    }

    private void receive(Intake intake, MessagePrinter open, StdoutWatch watch, Console console)
            throws IOException, InterruptedException {
        while (open.messages() < limit()) {
            ByteBuffer message = intake.next(options, () -> {
                open.flush();
                if (limit() > 1) {
                    watch.begin();
                }
                console.waits().begin("a message on " + about().withoutParameters());
            });
            console.waits().end();
            if (message == null) {
                stopped(intake, open);
                return;
            }
            open.print(message);
        }
    }

    /** Nothing more comes, or not in time: a failure, unless it is what was asked for. */
    private void stopped(Intake intake, MessagePrinter open) {
        boolean all = limit() == Long.MAX_VALUE;
        if (intake.isOver()) {
            if (!all || follow) {
                throw failed(
                        ErrorKind.PEER_GONE, limit() == 1 ? "the stream ended without a message" : "the stream ended");
            }
        } else if (!options.noWait()) {
            throw timedOut(limit() == 1 ? "no message came" : "that was not all");
        } else if (!all || open.messages() == 0) {
            throw busy("no message is there");
        }
    }

    private static void warn(String text, Console console) {
        if (!console.quiet()) {
            console.talk().warn(text);
        }
    }
}
