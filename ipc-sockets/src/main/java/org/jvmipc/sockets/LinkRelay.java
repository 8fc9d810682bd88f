package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PollSet;

/**
 * The works of a {@link FaultyLink}: a thread that polls the front socket and one socket for each client, and sends on what
 * comes and what is due. The thread does not refer to the link, so a forgotten one is found by its safety net.
 */
final class LinkRelay implements Runnable {
    /** So many datagrams of one socket are taken before the others have their turn. */
    private static final int TURN = 64;

    private static final long AFTER_A_FAILURE_NANOS = 1_000_000;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final DatagramOptions OPTIONS = DatagramOptions.defaults()
            .withMaxMessage(DatagramOptions.LARGEST_MESSAGE_BYTES)
            .withBuffers(0, BUFFER_BYTES);

    private final InetSocketAddress target;
    private final UdpSocket front;
    private final PollSet polled;
    private final @Nullable LinkClient[] slots;
    private final Map<InetSocketAddress, LinkClient> clients = new HashMap<>();
    private final LinkDirection forward;
    private final LinkDirection backward;
    private final NativeBuffer incoming = new NativeBuffer(DatagramOptions.LARGEST_MESSAGE_BYTES);
    private final NativeBuffer outgoing = new NativeBuffer(DatagramOptions.LARGEST_MESSAGE_BYTES);
    private final DatagramAddress source = new DatagramAddress();
    private long droppedForward;
    private long droppedBackward;
    private volatile boolean ending;

    LinkRelay(InetSocketAddress target, FaultyLinkOptions options) throws IOException {
        this.target = target;
        SplittableRandom random = new SplittableRandom(options.seed());
        this.forward = new LinkDirection(random.split(), options.forward());
        this.backward = new LinkDirection(random.split(), options.backward());
        this.slots = new LinkClient[options.maxClients()];
        this.front = UdpSocket.bound(new InetSocketAddress(target.getAddress(), 0), OPTIONS, false);
        try {
            this.polled = new PollSet(1 + slots.length);
        } catch (IOException e) {
            front.fd().close();
            throw e;
        }
        polled.watch(0, front.fd().number(), Poll.POLLIN);
    }

    InetSocketAddress address() {
        return front.local();
    }

    @Override
    public void run() {
        try {
            while (!ending) {
                await();
                turn();
            }
        } finally {
            closeAll();
        }
    }

    private void await() {
        long nanos;
        synchronized (this) {
            nanos = Math.min(forward.nanosToNext(), backward.nanosToNext());
        }
        try {
            polled.await(nanos == Long.MAX_VALUE ? Deadline.NEVER : Deadline.after(Duration.ofNanos(nanos)));
        } catch (OsException e) {
            // For want of memory in the kernel, say, which passes.
            LockSupport.parkNanos(AFTER_A_FAILURE_NANOS);
        }
    }

    private synchronized void turn() {
        forward.passDue();
        backward.passDue();
        if (polled.isReady(0)) {
            takeFromClients();
        }
        for (LinkClient client : slots) {
            if (client != null && polled.isReady(1 + client.slot)) {
                takeFromTarget(client);
            }
        }
    }

    private void takeFromClients() {
        for (int taken = 0; taken < TURN; taken++) {
            byte[] bytes = receive(front.fd());
            if (bytes == null) {
                return;
            }
            LinkClient client;
            try {
                client = client(source.get());
            } catch (IOException e) { // no descriptor for it, say: others go on
                forward.refuse();
                continue;
            }
            client.activeNanos = System.nanoTime();
            forward.take(client.forward, bytes);
        }
    }

    private void takeFromTarget(LinkClient client) {
        for (int taken = 0; taken < TURN; taken++) {
            byte[] bytes = receive(client.back);
            if (bytes == null) {
                return;
            }
            client.activeNanos = System.nanoTime();
            backward.take(client.backward, bytes);
        }
    }

    /** Null if there is none, or only word that nobody has the target's port. */
    private byte @Nullable [] receive(Fd fd) {
        int length = DatagramCalls.receive(fd.number(), incoming, incoming.capacity(), source);
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        incoming.bytes().get(0, bytes);
        return bytes;
    }

    private LinkClient client(InetSocketAddress address) throws IOException {
        LinkClient known = clients.get(address);
        if (known != null) {
            return known;
        }
        int slot = freeSlot();
        LinkClient client = new LinkClient(
                address, slot, UdpSocket.connected(target, OPTIONS).fd(), front.fd(), outgoing);
        slots[slot] = client;
        clients.put(address, client);
        polled.watch(1 + slot, client.back.number(), Poll.POLLIN);
        return client;
    }

    /** Of all places taken the one of who was silent for longest. */
    private int freeSlot() {
        LinkClient oldest = null;
        for (int slot = 0; slot < slots.length; slot++) {
            LinkClient client = slots[slot];
            if (client == null) {
                return slot;
            }
            if (oldest == null || client.activeNanos - oldest.activeNanos < 0) {
                oldest = client;
            }
        }
        if (oldest == null) {
            throw new IllegalStateException("a link without places");
        }
        droppedBackward += droppedNow(oldest.back);
        clients.remove(oldest.address);
        slots[oldest.slot] = null;
        polled.clear(1 + oldest.slot);
        oldest.close();
        return oldest.slot;
    }

    private synchronized void closeAll() {
        droppedForward = droppedNow(front.fd());
        for (LinkClient client : clients.values()) {
            droppedBackward += droppedNow(client.back);
            client.close();
        }
        clients.clear();
        front.fd().close();
        polled.close();
    }

    void end() {
        ending = true;
        polled.wakeup();
    }

    synchronized FaultyLinkCounts forwardCounts() {
        return forward.counts(droppedForward + droppedNow(front.fd()));
    }

    synchronized FaultyLinkCounts backwardCounts() {
        long dropped = droppedBackward;
        for (LinkClient client : clients.values()) {
            dropped += droppedNow(client.back);
        }
        return backward.counts(dropped);
    }

    private static long droppedNow(Fd fd) {
        try {
            return DatagramCalls.dropped(fd);
        } catch (IOException e) {
            return 0; // closed, and counted before
        }
    }

    synchronized int clients() {
        return clients.size();
    }
}
