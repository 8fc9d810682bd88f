package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.RateConverter;
import org.jvmipc.cli.frame.Stdin;
import org.jvmipc.internal.Units;
import org.jvmipc.mq.PosixMessageSender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc send}: sends messages, of the command line or of standard input. */
@Command(
        name = "ipc send",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc send ADDR [MSG...] [options]",
        description = {
            "Sends each MSG, or else the messages that standard input has; what is there is",
            "handed over whenever no more is ready. Waits for a receiver, and for room."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc send fifo:/tmp/f hello world       two messages",
            "  seq 100000 | ipc send fifo:/tmp/f      a message a line",
            "  ipc send -f raw fifo:/tmp/f < file     bytes, for 'cat /tmp/f' or 'ipc recv'",
            "  find . -print0 | ipc send -f nul fifo:/tmp/f",
            "  ipc send -p 9 posixmq:/jobs 'fire!'     is received before what has less",
            "  ipc send --rate 10 --repeat 0 fifo:/tmp/f tick"
        },
        sortOptions = false)
public final class SendCommand extends TalkCommand {
    private static final String SCHEMA = "ipc.send/1";
    static final String PRIORITY = "priority";

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "Where to, as fifo:/tmp/f; 'ipc ls' shows what is there.")
    private String target = "";

    @Parameters(index = "1..*", paramLabel = "MSG...", hideParamSyntax = true, description = "A message, as it is.")
    private List<String> messages = new ArrayList<>();

    @Option(
            names = {"-f", "--frame"},
            paramLabel = "FRAME",
            converter = FrameConverter.class,
            description = {
                "How messages are marked off on standard input, and in a stream of bytes: line (default), nul,"
                        + " len32, json, raw; framed: lines here, the toolkit's frames in the stream."
            })
    private @Nullable Frame frame;

    @Option(
            names = {"-p", "--priority"},
            paramLabel = "PRIO",
            converter = CountConverter.OrZero.class,
            description = "Of posixmq: its messages' priority, 0 (default) to 32767; the highest is received first.")
    private @Nullable Long priority;

    @Option(
            names = "--rate",
            paramLabel = "R",
            converter = RateConverter.class,
            description = "At most so many messages a second, as 100, 0.5, 10k; 30/m: a minute.")
    private @Nullable Duration interval;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            converter = CountConverter.OrZero.class,
            description = "Send the MSGs N times; 0: for ever.")
    private @Nullable Long repeat;

    @Option(names = "--create", description = "Create the endpoint if it is not there.")
    private boolean create;

    private @Nullable Outlet outlet;
    private long bytes;

    /** The verb. */
    public SendCommand() {
        super("send");
    }

    @Override
    Address about() {
        return Address.of(target);
    }

    @Override
    boolean takesCreate() {
        return true;
    }

    @Override
    String progress() {
        Outlet open = outlet;
        long count = open == null ? 0 : open.handedOver();
        if (open == null || count == 0) {
            return "";
        }
        String least = open.maybeMore() ? "at least " : "";
        return "; " + least + count + (count == 1 ? " message was" : " messages were") + " sent before";
    }

    @Override
    int talk(Console console) throws IOException, InterruptedException {
        refuse(repeat != null && messages.isEmpty(), "--repeat needs a MSG: standard input is read once");
        Route route = Route.of(prioritized(), frame, Frame.LINE);
        List<ByteBuffer> given = given(route);
        if (create) {
            create(route);
        }
        try (Sender<ByteBuffer> sender = open(route, console).sender()) {
            Outlet open = outlet(sender, route, console);
            outlet = open;
            if (given.isEmpty()) {
                sendInput(route, open);
            } else {
                send(given, open);
            }
            open.flush();
            tell(route, open, console);
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) { // a line with a newline in it, and the like
            boolean stream = route.transport().parameters().containsKey(Route.FRAMING);
            String[] fixes = stream ? new String[] {"-f nul, len32 or framed take such a message"} : new String[0];
            throw failed(ErrorKind.USAGE, withoutName(e, route), fixes);
        }
        return ExitCode.SUCCESS;
    }

    /** The address with the priority that the option says. */
    private Address prioritized() {
        Address address = about();
        if (priority == null) {
            return address;
        }
        refuse(
                !Ipc.scheme(address).parameters().containsKey(PRIORITY),
                address.scheme() + " knows no priorities",
                "-p is of message queues of the kernel, posixmq:");
        String other = address.parameter(PRIORITY);
        refuse(other != null, "-p, and " + PRIORITY + "=" + other + " in the address: which?", "leave one of them out");
        refuse(
                priority > PosixMessageSender.MAX_PRIORITY,
                "-p " + priority + ": a priority is 0 to " + PosixMessageSender.MAX_PRIORITY,
                "the highest is received first");
        return address.with(PRIORITY, Long.toString(priority));
    }

    private static String withoutName(IllegalArgumentException e, Route route) {
        return String.valueOf(e.getMessage())
                .replace(route.address() + ": ", "")
                .replace(route.name() + ": ", "");
    }

    /** The messages of the command line, which are not sent before each of them is seen to fit. */
    private List<ByteBuffer> given(Route route) {
        List<ByteBuffer> given = new ArrayList<>();
        for (String message : messages) {
            byte[] data = message.getBytes(StandardCharsets.UTF_8);
            if (data.length > route.maxMessageBytes()) {
                throw failed(
                        ErrorKind.LIMIT,
                        "MSG " + (given.size() + 1) + " has " + data.length + " bytes, more than the largest message, "
                                + Units.formatSize(route.maxMessageBytes()));
            }
            refuseDelimiter(data, given.size() + 1, route);
            given.add(ByteBuffer.wrap(route.frame() == Frame.JSON ? json(data, given.size() + 1) : data));
        }
        return given;
    }

    /** Before anybody is waited for: the stream could not carry it. */
    private void refuseDelimiter(byte[] data, int number, Route route) {
        Framing wire = route.wire();
        if (route.frame() == Frame.JSON || (wire != Framing.LINE && wire != Framing.NUL)) {
            return;
        }
        byte delimiter = (byte) (wire == Framing.LINE ? '\n' : 0);
        for (byte b : data) {
            if (b == delimiter) {
                throw failed(
                        ErrorKind.USAGE,
                        "MSG " + number + " has a " + (delimiter == 0 ? "zero byte" : "newline")
                                + " in it, which ends a message here",
                        (delimiter == 0 ? "-f " : "-f nul, ") + "len32 or framed take such a message");
            }
        }
    }

    private static byte[] json(byte[] data, int number) {
        try {
            return Json.oneLine(data);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("send: MSG " + number + " is no JSON: " + e.getMessage());
        }
    }

    private Outlet outlet(Sender<ByteBuffer> sender, Route route, Console console) {
        if (interval == null && !options.isBounded()) {
            return new BatchOutlet(sender, route, console.waits());
        }
        SingleOutlet.Pace pace = interval == null ? null : new SingleOutlet.Pace(interval.toNanos());
        return new SingleOutlet(
                sender,
                console.waits(),
                options,
                pace,
                () -> options.noWait() ? busy("there is no room") : timedOut("not all was sent"));
    }

    private void send(List<ByteBuffer> given, Outlet open) throws IOException, InterruptedException {
        long rounds = repeat == null ? 1 : repeat == 0 ? Long.MAX_VALUE : repeat;
        for (long round = 0; round < rounds; round++) {
            for (ByteBuffer message : given) {
                put(message, open);
            }
        }
    }

    private void put(ByteBuffer message, Outlet open) throws IOException, InterruptedException {
        bytes += message.remaining();
        open.put(message);
    }

    private void sendInput(Route route, Outlet open) throws IOException, InterruptedException {
        Splitter splitter = Splitter.of(route.frame(), route.maxMessageBytes());
        try (Stdin stdin = new Stdin()) {
            while (true) {
                ByteBuffer message = next(splitter, open);
                if (message != null) {
                    put(message, open);
                } else if (splitter.isEnded()) {
                    return;
                } else {
                    if (!stdin.isReady()) {
                        open.flush();
                    }
                    if (!splitter.fill(stdin, options.ownDeadline())) {
                        throw timedOut("standard input did not end");
                    }
                }
            }
        }
    }

    /** The next message; what came before one that is none is handed over all the same. */
    private static @Nullable ByteBuffer next(Splitter splitter, Outlet open) throws IOException, InterruptedException {
        try {
            return splitter.next();
        } catch (CommandException e) {
            open.flush();
            throw e;
        }
    }

    private void tell(Route route, Outlet open, Console console) throws IOException {
        if (console.json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("schema", SCHEMA);
            result.put("address", route.name().toString());
            result.put("messages", open.handedOver());
            result.put("bytes", bytes);
            console.out().line(Json.line(result));
        }
        console.talk().detail("send " + route.name() + ": " + open.handedOver() + " messages, " + bytes + " bytes");
    }
}
