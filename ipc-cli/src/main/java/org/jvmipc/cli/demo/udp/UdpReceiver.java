package org.jvmipc.cli.demo.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.Datagram;
import org.jvmipc.sockets.DatagramEndpoint;
import org.jvmipc.sockets.DatagramOptions;
import org.jvmipc.sockets.Datagrams;

/**
 * The receiver of the demo {@code udp}: takes whatever comes to its port. Datagrams have no end, so the parent tells how many
 * the link has let through. {@link UdpSender} is the other half.
 */
final class UdpReceiver {
    /** So many have been let through, the number that follows. */
    static final String FINISH = "finish ";

    /** The number of the sender. */
    static final int SENDER = 1;

    private static final int BUFFER_BYTES = 4 << 20; // as far as the kernel allows
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final DemoParent<UdpReport> parent;
    private final Verifier verifier;
    private final boolean slow;
    private final Set<InetSocketAddress> sources = new HashSet<>();
    private long arrived;
    private long expected = Long.MAX_VALUE;
    private Deadline patience = Deadline.NEVER;

    private UdpReceiver(DemoParent<UdpReport> parent, String[] args) {
        this.parent = parent;
        this.verifier = new Verifier(Long.parseLong(args[0]), Integer.parseInt(args[1]), SENDER);
        this.slow = Boolean.parseBoolean(args[2]);
    }

    /**
     * Plays the receiver.
     *
     * @param args run id, payload bytes, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DatagramOptions options = DatagramOptions.defaults().withBuffers(0, BUFFER_BYTES);
        try (DemoParent<UdpReport> parent = DemoParent.open(UdpReport.class);
                DatagramEndpoint<ByteBuffer> in = Datagrams.bind(anyPort, Codecs.buffers(), options)) {
            parent.ready();
            parent.report(UdpReport.bound(in.localAddress().getPort()));
            new UdpReceiver(parent, args).receiveAll(in);
        }
    }

    private void receiveAll(DatagramEndpoint<ByteBuffer> in) throws IOException, InterruptedException {
        while (arrived + in.dropped() < expected && !patience.passed()) {
            Datagram<ByteBuffer> datagram = in.tryReceiveFrom(BETWEEN_LOOKS);
            if (datagram == null) {
                lookForTheEnd();
            } else {
                take(datagram);
            }
        }
        parent.report(new UdpReport(
                UdpReport.DONE,
                0,
                0,
                arrived,
                verifier.received(SENDER),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                in.dropped(),
                sources.size(),
                System.nanoTime()));
    }

    private void take(Datagram<ByteBuffer> datagram) throws IOException, InterruptedException {
        arrived++;
        sources.add(datagram.source());
        verifier.accept(datagram.message());
        if (arrived == 1) {
            parent.report(UdpReport.first());
        }
        if (slow) {
            Pause.afterMessage();
        }
    }

    private void lookForTheEnd() throws IOException {
        @Nullable String order = parent.tryOrder();
        if (order != null) {
            DemoParent.expect(FINISH, order.substring(0, FINISH.length()));
            expected = Long.parseLong(order.substring(FINISH.length()));
            patience = Deadline.after(GRACE); // what is missing then was lost behind the link
        }
    }
}
