package org.jvmipc.cli.demo.rudp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.sockets.ReliableConnection;
import org.jvmipc.sockets.ReliableDatagrams;
import org.jvmipc.sockets.ReliableListenOptions;
import org.jvmipc.sockets.ReliableListener;
import org.jvmipc.sockets.ReliableOptions;

/**
 * The receiver of the demo {@code rudp}: takes one connection, and verifies each message that comes. Datagrams come twice, late, damaged or not at
 * all; messages come once, in order, whole. {@link RudpSender} is the other half.
 */
final class RudpReceiver {
    /** The number of the sender. */
    static final int SENDER = 1;

    /** A sender that is killed says nothing; with this much silence it is given up. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Duration ASK_AFTER = Duration.ofMillis(100);

    private RudpReceiver() {}

    /**
     * Plays the receiver.
     *
     * @param args run id, payload bytes, slow, whether the sender will be killed
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ReliableOptions options = ReliableOptions.defaults();
        if (Boolean.parseBoolean(args[3])) {
            options = options.withSilence(ASK_AFTER, SILENCE);
        }
        Verifier verifier = new Verifier(Long.parseLong(args[0]), Integer.parseInt(args[1]), SENDER);
        try (DemoParent<RudpReport> parent = DemoParent.open(RudpReport.class);
                ReliableListener<ByteBuffer> welcome = ReliableDatagrams.listen(
                        anyPort,
                        Codecs.buffers(),
                        ReliableListenOptions.defaults().withReliable(options))) {
            parent.ready();
            parent.report(RudpReport.bound(welcome.localAddress().getPort()));
            try (ReliableConnection<ByteBuffer> in = welcome.accept()) {
                PeerGoneException.Reason end = receiveAll(in, verifier, Boolean.parseBoolean(args[2]), parent);
                parent.report(RudpReport.received(verifier, end, in.statistics()));
            }
        }
    }

    private static PeerGoneException.Reason receiveAll(
            ReliableConnection<ByteBuffer> in, Verifier verifier, boolean slow, DemoParent<RudpReport> parent)
            throws IOException, InterruptedException {
        boolean first = true;
        while (true) {
            ByteBuffer message;
            try {
                message = in.receive();
            } catch (PeerGoneException e) {
                return e.reason();
            }
            verifier.accept(message);
            if (first) {
                parent.report(RudpReport.first());
                first = false;
            }
            if (slow) {
                Pause.afterMessage();
            }
        }
    }
}
