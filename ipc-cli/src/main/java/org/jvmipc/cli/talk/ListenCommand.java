package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc listen}: the server. */
@Command(
        name = "ipc listen",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc listen ADDR [--echo | --exec CMD] [options]",
        description = {
            "Accepts connections and prints the messages that come; or sends each back; or",
            "replies with what a command prints that has the message as its input. Of a",
            "durable queue it is a worker: a message is acknowledged when CMD exits with 0,",
            "and handed out again if it does not; who has sent a request gets the reply.",
            "An inbox it has while it runs, and replies to the requests that come to it."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc listen --echo tcp://127.0.0.1:7000     bytes come back as they are",
            "  ipc listen uds:names --exec 'tr a-z A-Z'   a line, for 'ipc request uds:names ada'",
            "  ipc listen tcp://127.0.0.1:0           on a free port, which is told",
            "  ipc listen mq:jobs --exec 'sh -s'      run what is sent, one after the other",
            "  ipc listen mq:names --exec 'tr a-z A-Z'   for 'ipc request mq:names ada'",
            "  ipc listen inbox:names --exec 'tr a-z A-Z'   for 'ipc request inbox:names ada'"
        },
        sortOptions = false)
public final class ListenCommand extends TalkCommand {
    private static final String BACKLOG = "backlog";

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = {
                "Where to listen, as tcp://127.0.0.1:7000, uds:NAME, udp://127.0.0.1:7000,",
                "rudp://127.0.0.1:7000, mq:jobs, inbox:me."
            })
    private String place = "";

    @Option(names = "--echo", description = "Send each message back; of a stream of bytes every byte.")
    private boolean echo;

    @Option(names = "--exec", paramLabel = "CMD", description = "Reply with what sh -c CMD prints.")
    private @Nullable String command;

    @Option(
            names = "--group",
            paramLabel = "G",
            description = "Of a durable queue: the group whose messages it takes; default listen.")
    private @Nullable String group;

    @Option(names = "--backlog", paramLabel = "N", description = "So many may wait to be accepted.")
    private @Nullable Integer backlog;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = CountConverter.OrZero.class,
            description = "End after so many connections, or messages of a queue or inbox; 0 (default): never.")
    private Long count = 0L;

    @Option(
            names = {"-f", "--frame"},
            paramLabel = "FRAME",
            converter = FrameConverter.class,
            description = "How messages are marked off: line (default), nul, len32, json, raw (with --echo), framed.")
    private @Nullable Frame frame;

    private long accepted;

    /** The verb. */
    public ListenCommand() {
        super("listen");
    }

    @Override
    Address about() {
        return Address.of(place);
    }

    @Override
    String progress() {
        String what = isQueue() || Opening.isInbox(about()) ? "message" : "connection";
        return accepted == 0 ? "" : "; " + accepted + " " + what + (accepted == 1 ? "" : "s") + " came before";
    }

    @Override
    int talk(Console console) throws IOException, InterruptedException {
        refuse(echo && command != null, "--echo and --exec: which?", "leave one of them out");
        if (isQueue()) {
            return work(Route.of(withGroup(withBacklog(about())), frame, Frame.LINE), console);
        }
        refuse(group != null, about().scheme() + " takes no --group", "--group is of durable queues, mq:");
        if (Opening.isInbox(about())) {
            return work(Route.of(withBacklog(about()), frame, Frame.LINE), console);
        }
        // What is sent back need not be taken apart, and has no end that would have to be added.
        Route route = Route.of(withBacklog(about()), frame, echo ? Frame.RAW : Frame.LINE);
        try (Listener<ByteBuffer> listener = open(route, console).listener()) {
            Address name = opened(listener, route, console);
            console.talk().detail("listen " + name + ": ready");
            SharedPrinter printer =
                    new SharedPrinter(new MessagePrinter(console.out(), name, route.frame(), null, console.json()));
            try {
                serve(listener, route, printer, console);
                printer.check();
            } catch (InterruptedException e) {
                printer.check(); // which interrupts, too
                throw e;
            }
        }
        return ExitCode.SUCCESS;
    }

    private boolean isQueue() {
        return about().scheme().equals(RecvCommand.QUEUE);
    }

    private Address withGroup(Address address) {
        String other = address.parameter("group");
        refuse(
                group != null && other != null,
                "--group, and group=" + other + " in the address: which?",
                "leave one of them out");
        return other != null ? address : address.with("group", group == null ? QueueWorker.GROUP : group);
    }

    private int work(Route route, Console console) throws IOException, InterruptedException {
        Replies replies = command == null ? null : new Replies(command, route, console.talk());
        MessagePrinter printer = new MessagePrinter(console.out(), route.name(), route.frame(), null, console.json());
        try (MessageWorker worker = isQueue()
                ? QueueWorker.open(route, printer, replies, echo, console.talk())
                : InboxWorker.open(route, printer, replies, echo, console.talk())) {
            console.talk().detail("listen " + route.name() + ": ready");
            while (count == 0 || accepted < count) {
                if (!worker.next(options, () -> console.waits().begin("a message on " + route.name()))) {
                    throw options.noWait() ? busy("no message is there") : timedOut("no message came");
                }
                console.waits().end();
                accepted++;
            }
        }
        return ExitCode.SUCCESS;
    }

    private void serve(Listener<ByteBuffer> listener, Route route, SharedPrinter printer, Console console)
            throws IOException, InterruptedException {
        Replies replies = command == null ? null : new Replies(command, route, console.talk());
        List<Thread> threads = new ArrayList<>();
        while (count == 0 || accepted < count) {
            Connection<ByteBuffer> connection = accept(listener, route, console);
            accepted++;
            threads.removeIf(thread -> !thread.isAlive());
            Thread thread =
                    new Thread(new ServedConnection(connection, echo, replies, printer, console.talk()), "ipc-listen");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            TimeUnit.NANOSECONDS.timedJoin(thread, options.ownDeadline().remainingNanos());
            if (thread.isAlive()) {
                throw timedOut("a connection had not ended");
            }
        }
    }

    private Address withBacklog(Address address) {
        if (backlog == null) {
            return address;
        }
        refuse(backlog < 1, "--backlog " + backlog + ": it must be at least 1");
        if (!Ipc.scheme(address).parameters().containsKey(BACKLOG)) {
            throw CommandException.usage("listen: " + address.scheme() + " takes no --backlog");
        }
        return address.with(BACKLOG, Integer.toString(backlog));
    }

    private Connection<ByteBuffer> accept(Listener<ByteBuffer> listener, Route route, Console console)
            throws IOException, InterruptedException {
        console.waits().begin("a connection to " + route.name());
        Connection<ByteBuffer> connection =
                options.deadline().isNever() ? listener.accept() : listener.tryAccept(remaining(options.deadline()));
        console.waits().end();
        if (connection == null) {
            throw options.noWait() ? busy("nobody has connected") : timedOut("nobody connected");
        }
        return connection;
    }
}
