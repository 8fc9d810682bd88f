package org.jvmipc.cli.demo.rudp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.sockets.ReliableConnection;
import org.jvmipc.sockets.ReliableDatagrams;
import org.jvmipc.sockets.ReliableOptions;

/**
 * The sender of the demo {@code rudp}: sends messages, of which the datagrams may be lost on the way; the window of what is not acknowledged
 * holds it back, and its close waits until all is. {@link RudpReceiver} is the other side, {@link RudpParent} has the link between.
 */
final class RudpSender {
    /** Send to the port that follows. */
    static final String SEND = "send ";

    /** As a number of messages: without end. */
    static final long WITHOUT_NUMBER = 0;

    /** For the handshake, and for the last acknowledgements: over a bad link both take many round trips. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RudpSender() {}

    /**
     * Plays the sender.
     *
     * @param args run id, payload bytes, messages
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DemoParent<RudpReport> parent = DemoParent.open(RudpReport.class)) {
            parent.ready();
            String order = parent.order();
            DemoParent.expect(SEND, order.substring(0, SEND.length()));
            InetSocketAddress target = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(order.substring(SEND.length())));
            MessageSource source =
                    new MessageSource(Long.parseLong(args[0]), RudpReceiver.SENDER, Integer.parseInt(args[1]));
            ReliableConnection<ByteBuffer> out = ReliableDatagrams.tryConnect(
                    target, Codecs.buffers(), ReliableOptions.defaults().withLinger(PATIENCE), PATIENCE);
            if (out == null) {
                throw new IpcException("nobody has answered for " + PATIENCE.toSeconds() + " s: the link is too bad");
            }
            try (out) {
                send(out, source, Long.parseLong(args[2]));
            }
            parent.report(RudpReport.sent(source.count(), source.sum(), out.statistics()));
        }
    }

    private static void send(ReliableConnection<ByteBuffer> out, MessageSource source, long messages)
            throws IOException, InterruptedException {
        while (messages == WITHOUT_NUMBER || source.count() < messages) {
            out.send(source.message());
            source.sent();
        }
    }
}
