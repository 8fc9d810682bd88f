package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Later;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.sockets.ListenOptions;
import org.jvmipc.sockets.PeerCredentials;
import org.jvmipc.sockets.SocketConnection;
import org.jvmipc.sockets.SocketListener;

/**
 * The server of the demos {@code tcp} and {@code uds}: a welcoming socket, and a connection socket for each caller that it
 * accepts. {@link StreamClient}s are the callers, {@link StreamParent} says when.
 */
final class StreamServer {
    /** What the address is handed over as. */
    static final String PLACE = "place";

    /** Accept those who wait. */
    static final String ACCEPT = "accept";

    /** No pauses any more. */
    static final String HURRY = "hurry";

    /** Tell how many were refused. */
    static final String COUNT = "count";

    /** End. */
    static final String END = "end";

    private final DemoParent<StreamReport> parent;
    private final long runId;
    private final int clients;
    private final int payloadBytes;
    private final long messages;
    private final boolean slow;
    private final int bufferBytes;
    private final List<ServerEnd> ends = new ArrayList<>();

    private StreamServer(DemoParent<StreamReport> parent, String[] args) {
        this.parent = parent;
        runId = Long.parseLong(args[0]);
        clients = Integer.parseInt(args[1]);
        payloadBytes = Integer.parseInt(args[2]);
        messages = Long.parseLong(args[3]);
        slow = Boolean.parseBoolean(args[4]);
        bufferBytes = Integer.parseInt(args[5]);
    }

    /**
     * Plays the server.
     *
     * @param args run id, number of clients, payload bytes, messages, slow, bytes of the kernel's buffers
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<StreamReport> parent = DemoParent.open(StreamReport.class)) {
            StreamServer server = new StreamServer(parent, args);
            Address place = ParentJvm.get().address(PLACE);
            ListenOptions options = StreamPlaces.options(payloadBytes(args), server.bufferBytes)
                    .withBacklog(server.clients)
                    .withMaxConnections(Integer.MAX_VALUE);
            // Nobody waits to be the next: a caller over the number is refused.
            options = options.withPolicy(options.policy().and(caller -> caller.connections() < server.clients));
            try (SocketListener<ByteBuffer> welcome = StreamPlaces.listen(place, options)) {
                server.run(welcome);
            }
        }
    }

    private static int payloadBytes(String[] args) {
        return Integer.parseInt(args[2]);
    }

    private void run(SocketListener<ByteBuffer> welcome) throws IOException, InterruptedException {
        parent.ready();
        parent.report(
                StreamReport.of(StreamReport.LISTENING, 0, welcome.address().toString(), 0, 0));
        parent.await(ACCEPT); // meanwhile they wait in the backlog
        List<Future<Boolean>> tasks = new ArrayList<>();
        for (int number = 1; number <= clients; number++) {
            tasks.add(serve(number, welcome.accept()));
        }
        Future<Boolean> refusing = Later.start("refusing", () -> refuse(welcome));
        obey(welcome);
        for (Future<Boolean> task : tasks) {
            Later.result(task);
        }
        welcome.close();
        Later.result(refusing);
    }

    private Future<Boolean> serve(int number, SocketConnection<ByteBuffer> connection)
            throws IOException, InterruptedException {
        PeerCredentials credentials = connection.credentials();
        long pid = credentials == null ? 0 : credentials.pid();
        parent.report(StreamReport.of(StreamReport.ACCEPTED, number, "", pid, 0));
        int[] callers = IntStream.rangeClosed(1, clients).toArray();
        Conversation talk =
                new Conversation(connection, runId, number, Conversation.SERVER + number, payloadBytes, slow, callers);
        ServerEnd end = new ServerEnd(connection, talk, messages);
        ends.add(end);
        return Later.start("serving", () -> {
            parent.report(end.serve());
            return true;
        });
    }

    /** Goes on accepting, which gives nobody out while all that are allowed are there. */
    private static boolean refuse(SocketListener<ByteBuffer> welcome) throws IOException, InterruptedException {
        try {
            while (true) {
                welcome.accept().abort(); // after the end of another
            }
        } catch (ClosedChannelException e) {
            return true;
        }
    }

    private void obey(SocketListener<ByteBuffer> welcome) throws IOException, InterruptedException {
        while (true) {
            String order = parent.order();
            switch (order) {
                case HURRY -> ends.forEach(end -> end.talk().hurry());
                case COUNT -> parent.report(StreamReport.of(StreamReport.REFUSED, (int) welcome.refused(), "", 0, 0));
                default -> {
                    DemoParent.expect(END, order);
                    return;
                }
            }
        }
    }
}
