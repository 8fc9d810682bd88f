package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Framing;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Stdin;
import org.jvmipc.mq.InboxRequester;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.Requester;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc request}: sends one message and prints the reply. */
@Command(
        name = "ipc request",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc request ADDR [MSG] [options]",
        description = {
            "Sends one message, of standard input without MSG, and prints the reply: of a server",
            "that it connects to, of whoever takes it from a durable queue, as 'ipc listen', or of",
            "the process whose inbox it is."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        sortOptions = false)
public final class RequestCommand extends TalkCommand {
    @Parameters(index = "0", paramLabel = "ADDR", description = "The server, queue or inbox, as mq:names.")
    private String server = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "MSG", description = "The message, as it is.")
    private @Nullable String message;

    @Option(
            names = {"-f", "--frame"},
            paramLabel = "FRAME",
            converter = FrameConverter.class,
            description = "How messages are marked off: line (default), nul, len32, json, raw, framed.")
    private @Nullable Frame frame;

    private boolean sent;

    /** The verb. */
    public RequestCommand() {
        super("request");
    }

    @Override
    Address about() {
        return Address.of(server);
    }

    @Override
    String progress() {
        return sent ? "; the message was sent" : "";
    }

    @Override
    int talk(Console console) throws IOException, InterruptedException {
        Route route = Route.of(about(), frame, Frame.LINE);
        ByteBuffer request =
                message == null ? fromStdin(route) : ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
        if (about().scheme().equals(RecvCommand.QUEUE)) {
            return requestByQueue(request, route, console);
        }
        if (Opening.isInbox(about())) {
            return requestOfInbox(request, route, console);
        }
        try (Connection<ByteBuffer> connection = open(route, console).connection()) {
            if (route.wire() == Framing.RAW) {
                return exchange(connection, request, route, console);
            }
            if (!connection.trySend(request, remaining(options.deadline()))) {
                throw options.noWait() ? busy("there is no room") : timedOut("the message was not sent");
            }
            sent = true;
            MessagePrinter printer =
                    new MessagePrinter(console.out(), route.name(), route.frame(), null, console.json());
            printer.print(reply(connection, route, console));
            printer.flush();
        }
        return ExitCode.SUCCESS;
    }

    private int requestByQueue(ByteBuffer request, Route route, Console console)
            throws IOException, InterruptedException {
        try (Requester<ByteBuffer> requester =
                MessageQueue.open(route.name(), Codecs.buffers()).openRequester()) {
            console.waits().begin("the reply of " + route.name());
            printReply(requester.tryRequest(request, remaining(options.deadline())), route, console);
        }
        return ExitCode.SUCCESS;
    }

    private int requestOfInbox(ByteBuffer request, Route route, Console console)
            throws IOException, InterruptedException {
        try (InboxRequester<ByteBuffer> requester = open(route, console).requester()) {
            console.waits().begin("the reply of " + route.name());
            printReply(requester.tryRequest(request, remaining(options.deadline())), route, console);
        }
        return ExitCode.SUCCESS;
    }

    private void printReply(@Nullable ByteBuffer reply, Route route, Console console) throws IOException {
        console.waits().end();
        if (reply == null) {
            throw options.noWait() ? busy("no reply is there") : timedOut("no reply came");
        }
        MessagePrinter printer = new MessagePrinter(console.out(), route.name(), route.frame(), null, console.json());
        printer.print(reply);
        printer.flush();
    }

    /** Bytes have no boundaries: the request ends with the sending direction, the reply with the other one. */
    private int exchange(Connection<ByteBuffer> connection, ByteBuffer request, Route route, Console console)
            throws IOException, InterruptedException {
        MessagePrinter printer = new MessagePrinter(console.out(), route.name(), route.frame(), null, console.json());
        try (Sending sending = new Sending(connection, request)) {
            sent = true;
            Inlet reply = new Inlet(connection, false, console.talk()::warn);
            ByteBuffer part;
            while ((part = reply.next(options, () -> {
                        printer.flush();
                        console.waits().begin("the reply of " + route.name());
                    }))
                    != null) {
                console.waits().end();
                printer.print(part);
            }
            printer.flush();
            if (!reply.isOver()) {
                throw options.noWait() ? busy("no reply is there") : timedOut("the reply had not ended");
            }
            sending.join();
        }
        return ExitCode.SUCCESS;
    }

    private ByteBuffer reply(Connection<ByteBuffer> connection, Route route, Console console)
            throws IOException, InterruptedException {
        console.waits().begin("the reply of " + route.name());
        try {
            ByteBuffer reply = connection.tryReceive(remaining(options.deadline()));
            console.waits().end();
            if (reply == null) {
                throw options.noWait() ? busy("no reply is there") : timedOut("no reply came");
            }
            return reply;
        } catch (PeerGoneException e) {
            if (e.reason() == PeerGoneException.Reason.CLOSED) {
                throw failed(ErrorKind.PEER_GONE, "it closed without a reply");
            }
            throw e;
        }
    }

    /** The first message of standard input; with {@code -f raw} all of it. */
    private ByteBuffer fromStdin(Route route) throws IOException, InterruptedException {
        Splitter splitter = Splitter.of(route.frame(), route.maxMessageBytes());
        Bytes all = new Bytes(1 << 12);
        try (Stdin stdin = new Stdin()) {
            while (true) {
                ByteBuffer part = splitter.next();
                if (part != null) {
                    all.add(part);
                    if (route.frame() != Frame.RAW) {
                        break;
                    }
                } else if (splitter.isEnded()) {
                    refuse(route.frame() != Frame.RAW, "standard input has no message", "give a MSG");
                    break;
                } else if (!splitter.fill(stdin, options.ownDeadline())) {
                    throw timedOut("no message came from standard input");
                }
            }
        }
        return ByteBuffer.wrap(all.toArray());
    }
}
