package org.jvmipc.cli.demo.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Codecs;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.sockets.DatagramConnection;
import org.jvmipc.sockets.Datagrams;

/**
 * The sender of the demo {@code udp}: sends datagrams to a port, and hears nothing of them. Nobody holds it back when the other
 * side is slower, so it paces itself. {@link UdpReceiver} is behind that port, {@link UdpParent} has the link between.
 */
final class UdpSender {
    /** Send to the port that follows. */
    static final String SEND = "send ";

    /** As a number of messages: without end. */
    static final long WITHOUT_NUMBER = 0;

    /** So much at a time: less than what a socket keeps by default. */
    private static final int BURST_BYTES = 16 << 10;

    private static final int BURST_MESSAGES = 32;
    private static final long PAUSE_NANOS = 500_000;

    private UdpSender() {}

    /**
     * Plays the sender.
     *
     * @param args run id, payload bytes, messages
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int payloadBytes = Integer.parseInt(args[1]);
        try (DemoParent<UdpReport> parent = DemoParent.open(UdpReport.class)) {
            parent.ready();
            String order = parent.order();
            DemoParent.expect(SEND, order.substring(0, SEND.length()));
            InetSocketAddress target = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(order.substring(SEND.length())));
            MessageSource source = new MessageSource(Long.parseLong(args[0]), UdpReceiver.SENDER, payloadBytes);
            try (DatagramConnection<ByteBuffer> out = Datagrams.connect(target, Codecs.buffers())) {
                send(out, source, Long.parseLong(args[2]), DemoOptions.messageBytes(payloadBytes));
            }
            parent.report(UdpReport.sent(source.count()));
        }
    }

    private static void send(DatagramConnection<ByteBuffer> out, MessageSource source, long messages, int size)
            throws IOException, InterruptedException {
        long burst = Math.max(1, Math.min(BURST_MESSAGES, BURST_BYTES / size));
        while (messages == WITHOUT_NUMBER || source.count() < messages) {
            out.send(source.message());
            source.sent();
            if (source.count() % burst == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
