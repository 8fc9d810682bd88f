package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Receiver;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
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
            "what follows is for the next one who receives."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc recv fifo:/tmp/f                   one message",
            "  ipc recv -n 0 -f raw fifo:/tmp/f > file   bytes to the end of the stream",
            "  ipc recv -F fifo:/tmp/f | grep error   for ever, from any who send",
            "  ipc recv -n 0 -f nul fifo:/tmp/f | xargs -0 ls -d",
            "  ipc recv --format '{time} {bytes} {data}' -n 0 fifo:/tmp/f"
        },
        sortOptions = false)
public final class RecvCommand extends TalkCommand {
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
        Route route = Route.of(about(), frame, Frame.LINE);
        refuse(parsed != null && route.frame() == Frame.JSON, "--format prints no JSON", "leave -f json out");
        if (limit() != Long.MAX_VALUE) {
            route = route.exact();
        }
        if (create) {
            create(route);
        }
        MessagePrinter open = new MessagePrinter(console.out(), route.name(), route.frame(), parsed, console.json());
        printer = open;
        try (Receiver<ByteBuffer> receiver = openReceiver(route)) {
            receive(receiver, open, console);
        } finally {
            open.flush();
        }
        console.talk()
                .detail("recv " + route.name() + ": " + open.messages() + " messages, " + open.bytes() + " bytes");
        return ExitCode.SUCCESS;
    }

    private void receive(Receiver<ByteBuffer> receiver, MessagePrinter open, Console console)
            throws IOException, InterruptedException {
        Inlet inlet = new Inlet(receiver, follow, text -> warn(text, console));
        while (open.messages() < limit()) {
            ByteBuffer message = inlet.next(options, () -> {
                open.flush();
                console.waits().begin("a message on " + about().withoutParameters());
            });
            console.waits().end();
            if (message == null) {
                stopped(inlet, open);
                return;
            }
            open.print(message);
        }
    }

    /** Nothing more comes, or not in time: a failure, unless it is what was asked for. */
    private void stopped(Inlet inlet, MessagePrinter open) {
        boolean all = limit() == Long.MAX_VALUE;
        if (inlet.isOver()) {
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
