package org.jvmipc.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.sockets.internal.Loopback;

/**
 * A bad network in between, for tests: datagrams that are sent to its address go on to the target, and answers back to the
 * client, and on the way they are lost, overtaken, doubled, delayed and damaged, as the options say. The same seed makes the
 * same decisions.
 *
 * <pre>{@code
 * FaultyLinkOptions bad = FaultyLinkOptions.defaults()
 *         .withFaults(LinkFaults.none().withLoss(0.3).withReorder(0.3).withDuplicate(0.1))
 *         .withSeed(42);
 * try (FaultyLink link = FaultyLink.open(server.localAddress(), bad);
 *         DatagramConnection<String> client = Datagrams.connect(link.address(), Codecs.utf8())) {
 *     client.send("hello?");
 *     FaultyLinkCounts counts = link.forward();       // received 1, and forwarded or lost 1
 * }
 * }</pre>
 *
 * <p>What becomes of the N-th datagram of a direction depends on the seed and on N, not on timing; whether one that is held
 * back or delayed is really overtaken depends on what comes after it, too. The target sees each client under an address of its own, the link's. Both are on loopback.
 *
 * <p>Full: what is on its way is bounded (16,384 datagrams, 32 MiB, a direction), beyond that datagrams go on at once; what comes faster
 * than the link takes it is dropped by the kernel, and {@link FaultyLinkCounts#dropped()}. Closed: what is on its way is gone. Nobody at the target's
 * port: {@link FaultyLinkCounts#failed()}.
 *
 * <p><b>Thread safety.</b> Yes. A daemon thread does the work.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}; for a whole machine {@code tc-netem(8)} does the like.
 */
public final class FaultyLink implements Closeable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final LinkRelay relay;
    private final Thread thread;
    private final Cleaner.Cleanable cleanable;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FaultyLink(LinkRelay relay) {
        this.relay = relay;
        this.cleanable = CLEANER.register(this, relay::end);
        this.thread = new Thread(relay, "ipc-link " + relay.address().getPort());
        thread.setDaemon(true);
    }

    /**
     * Opens a link to the target, on a free port of the target's host.
     *
     * @param target where the datagrams go on to; nobody need be there yet
     * @throws IllegalArgumentException if it is not on loopback, or has port 0
     * @throws IOException if the operating system failed a call
     */
    public static FaultyLink open(InetSocketAddress target, FaultyLinkOptions options) throws IOException {
        Loopback.require(target, false);
        UdpSocket.requirePort(target);
        FaultyLink link = new FaultyLink(new LinkRelay(target, options));
        link.thread.start();
        return link;
    }

    /** Where clients send to. */
    public InetSocketAddress address() {
        return relay.address();
    }

    /** What was done on the way to the target. */
    public FaultyLinkCounts forward() {
        return relay.forwardCounts();
    }

    /** What was done on the way back. */
    public FaultyLinkCounts backward() {
        return relay.backwardCounts();
    }

    /** How many clients there are. */
    public int clients() {
        return relay.clients();
    }

    /** Takes the link away, with what is on its way. The counts can be read afterwards. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        cleanable.clean();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(thread, 100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
