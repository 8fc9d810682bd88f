package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Later;

/**
 * A client of the demos {@code tcp} and {@code uds}: connects, talks, ends its sending direction, and goes on receiving until
 * the server has ended the other one. {@link StreamServer} is at the other end, {@link StreamParent} says when.
 */
final class StreamClient {
    /** Connect to the address that follows. */
    static final String CONNECT = "connect ";

    /** Talk. */
    static final String TALK = "talk";

    /** No pauses any more. */
    static final String HURRY = "hurry";

    /** Send no more. */
    static final String STOP = "stop";

    private final DemoParent<StreamReport> parent;
    private final long runId;
    private final int number;
    private final int payloadBytes;
    private final long messages;
    private final boolean slow;
    private final int[] servers;

    private StreamClient(DemoParent<StreamReport> parent, String[] args) {
        this.parent = parent;
        runId = Long.parseLong(args[0]);
        number = Integer.parseInt(args[1]);
        payloadBytes = Integer.parseInt(args[2]);
        messages = Long.parseLong(args[3]);
        slow = Boolean.parseBoolean(args[4]);
        servers = new int[Integer.parseInt(args[5])];
        Arrays.setAll(servers, i -> Conversation.SERVER + 1 + i);
    }

    /**
     * Plays a client.
     *
     * @param args run id, number of this client, payload bytes, messages, slow, number of clients
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<StreamReport> parent = DemoParent.open(StreamReport.class)) {
            parent.ready();
            String order = parent.order();
            DemoParent.expect(CONNECT, order.substring(0, CONNECT.length()));
            new StreamClient(parent, args).run(Address.of(order.substring(CONNECT.length())));
        }
    }

    private void run(Address server) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        try (Connection<ByteBuffer> connection = Ipc.connection(server, Codecs.buffers())) {
            long nanos = System.nanoTime() - startNanos;
            parent.report(StreamReport.of(StreamReport.CONNECTED, number, "", 0, nanos));
            parent.await(TALK);
            Conversation talk = new Conversation(connection, runId, number, number, payloadBytes, slow, servers);
            long medianNanos = roundTrips(talk);
            parent.report(StreamReport.of(StreamReport.ROUND_TRIPS, talk, medianNanos, System.nanoTime()));
            Future<Boolean> receiving = Later.start("receiving", () -> receiveAll(talk));
            sendAll(talk);
            Later.result(receiving);
            parent.report(StreamReport.of(StreamReport.END, talk, medianNanos, talk.toldNanos()));
        }
    }

    /** One message there, one back, and so on; the median of their times. */
    private long roundTrips(Conversation talk) throws IOException, InterruptedException {
        long[] nanos = new long[(int) Conversation.roundTrips(messages)];
        for (int i = 0; i < nanos.length; i++) {
            long startNanos = System.nanoTime();
            if (!talk.send() || !talk.receive()) {
                return 0; // what follows tells why
            }
            nanos[i] = System.nanoTime() - startNanos;
        }
        Arrays.sort(nanos);
        return nanos.length == 0 ? 0 : nanos[nanos.length / 2];
    }

    private static boolean receiveAll(Conversation talk) throws IOException, InterruptedException {
        boolean more = true;
        while (more) {
            more = talk.receive();
        }
        return true;
    }

    private void sendAll(Conversation talk) throws IOException, InterruptedException {
        while (talk.source().count() < messages && !isStopped(talk)) {
            if (!talk.send()) {
                return;
            }
        }
        talk.endSending();
    }

    private boolean isStopped(Conversation talk) throws IOException {
        String order = parent.tryOrder();
        if (HURRY.equals(order)) {
            talk.hurry();
            return false;
        }
        return STOP.equals(order);
    }
}
