package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * The demultiplexer behind a {@link DatagramListener}: a thread takes what comes to the one socket, and puts it into the queue
 * of its source. All amounts are bounded, so what a hostile source can do is to fill its own queue, or, with forged addresses,
 * to use up the places for new sources until they time out.
 *
 * <p>It lives until the listener and all connections that it has given out are closed. The thread does not refer to
 * those, so forgotten ones are found by their safety nets.
 */
final class DatagramSources<T> {
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(10);
    private static final Duration LONGEST_IDLE = Duration.ofDays(36_500);

    /** Silence is looked for an eighth of its time apart, but not oftener or more seldom than this. */
    private static final long MOST_LOOKS_NANOS = 1_000_000;

    private static final long FEWEST_LOOKS_NANOS = 1_000_000_000;

    final DatagramSending<T> sending;
    private final Fd fd;
    private final PolledFd polled;
    private final Address address;
    private final DatagramListenOptions options;
    private final int maxMessageBytes;
    private final long idleNanos;
    private final long lookNanos;
    private final Thread pump;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Map<InetSocketAddress, DatagramSource> byAddress = new HashMap<>();
    private final ArrayDeque<DatagramSource> waiting = new ArrayDeque<>();
    private boolean listening = true;
    private int present;
    private long nextLookNanos = System.nanoTime();
    private long queuedBytes;
    private long dropped;
    private long refused;
    private @Nullable IOException failure;
    private volatile boolean over;

    /** Takes over the socket. */
    DatagramSources(UdpSocket socket, Address address, Codec<T> codec, DatagramListenOptions options)
            throws IOException {
        this.fd = socket.fd();
        this.polled = new PolledFd(fd);
        this.address = address;
        this.options = options;
        this.maxMessageBytes = socket.maxMessageBytes();
        this.sending = new DatagramSending<>(fd, address, codec, maxMessageBytes);
        this.idleNanos = nanos(options.idleTimeout());
        this.lookNanos = Math.max(MOST_LOOKS_NANOS, Math.min(FEWEST_LOOKS_NANOS, idleNanos / 8));
        this.pump = new Thread(this::run, "ipc-udp " + address.port());
        pump.setDaemon(true);
    }

    /** In nanoseconds; 0: never. */
    private static long nanos(Duration idle) {
        return idle.compareTo(LONGEST_IDLE) > 0 ? 0 : idle.toNanos();
    }

    void start() {
        pump.start();
    }

    // ---- the thread

    private void run() {
        NativeBuffer memory = new NativeBuffer(maxMessageBytes);
        DatagramAddress from = new DatagramAddress();
        try {
            while (!over) {
                try {
                    step(memory, from);
                } catch (AsynchronousCloseException e) {
                    return;
                } catch (IOException e) {
                    pauseAfter(e);
                } catch (OutOfMemoryError e) {
                    pauseAfter(new IOException(address + ": a datagram was dropped for want of memory", e));
                }
            }
        } finally {
            closeSocket();
        }
    }

    private void step(NativeBuffer memory, DatagramAddress from) throws IOException {
        int length = DatagramCalls.receive(fd.number(), memory, maxMessageBytes, from);
        Deadline next = expire();
        if (length >= 0) {
            deliver(from.get(), memory, length);
        } else if (length == PolledFd.WOULD_BLOCK) {
            await(next);
        } else {
            throw new OsException("recvfrom", -length, "address=" + address);
        }
    }

    private void await(Deadline next) throws IOException {
        try {
            polled.await(Poll.POLLIN, next);
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread; it goes on.
        }
    }

    /** What went wrong is told by the next accept, and the server goes on. */
    private void pauseAfter(IOException e) {
        lock.lock();
        try {
            failure = e;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            polled.pause(Deadline.after(AFTER_A_FAILURE));
        } catch (IOException | InterruptedException ended) {
            // The loop looks whether it is over.
        }
    }

    /** Lets go of sources that were silent for too long, looking at all now and then: until when to look again. */
    private Deadline expire() {
        if (idleNanos == 0) {
            return Deadline.NEVER;
        }
        long now = System.nanoTime();
        lock.lock();
        try {
            if (now - nextLookNanos >= 0) {
                nextLookNanos = now + lookNanos;
                removeIdle(now);
            }
            return byAddress.isEmpty() ? Deadline.NEVER : Deadline.after(Duration.ofNanos(nextLookNanos - now));
        } finally {
            lock.unlock();
        }
    }

    private void removeIdle(long now) {
        for (Iterator<DatagramSource> all = byAddress.values().iterator(); all.hasNext(); ) {
            DatagramSource source = all.next();
            if (now - source.activeNanos >= idleNanos) {
                all.remove();
                gone(source);
            }
        }
    }

    private void gone(DatagramSource source) {
        source.gone = true;
        source.arrived.signalAll();
        if (!source.accepted) {
            waiting.remove(source);
            drop(source);
        }
    }

    /** Gives up the place of a source, and what it holds. */
    private void drop(DatagramSource source) {
        for (DatagramSource.Arrival each : source.queue) {
            queuedBytes -= each.bytes().capacity();
        }
        source.queue.clear();
        present--;
    }

    private void deliver(InetSocketAddress from, NativeBuffer memory, int length) {
        lock.lock();
        try {
            DatagramSource source = byAddress.get(from);
            if (source == null) {
                source = admit(from);
            }
            if (source != null) {
                source.touch();
                put(source, memory, length);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable DatagramSource admit(InetSocketAddress from) {
        if (!listening || waiting.size() >= options.backlog() || present >= options.maxSources()) {
            refused++;
            return null;
        }
        DatagramSource source = new DatagramSource(from, lock.newCondition());
        byAddress.put(from, source);
        waiting.add(source);
        present++;
        arrived.signal();
        return source;
    }

    private void put(DatagramSource source, NativeBuffer memory, int length) {
        int kept = length > maxMessageBytes ? 0 : length;
        if (source.queue.size() >= options.maxQueued() || queuedBytes + kept > options.maxQueuedBytes()) {
            source.dropped++;
            dropped++;
            return;
        }
        byte[] bytes = new byte[kept];
        memory.bytes().get(0, bytes);
        source.queue.add(new DatagramSource.Arrival(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), length));
        queuedBytes += kept;
        source.arrived.signal();
    }

    private void closeSocket() {
        try {
            sending.close();
            polled.close();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
    }

    // ---- accepting

    /** The next source, which is the caller's to close. */
    @Nullable
    DatagramSource accept(Deadline deadline) throws IOException, InterruptedException {
        lock(deadline);
        try {
            if (!listening) {
                throw new ClosedChannelException();
            }
            while (true) {
                IOException told = failure;
                if (told != null) {
                    failure = null;
                    throw told;
                }
                DatagramSource source = waiting.poll();
                if (source != null) {
                    source.accepted = true;
                    return source;
                }
                if (!await(arrived, deadline)) {
                    return null;
                }
                if (!listening) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- receiving

    /** The next datagram of a source; null if the deadline passed first. */
    DatagramSource.@Nullable Arrival take(DatagramSource source, Deadline deadline)
            throws IOException, InterruptedException {
        lock(deadline);
        try {
            if (source.closed) {
                throw new ClosedChannelException();
            }
            while (true) {
                DatagramSource.Arrival next = source.queue.poll();
                if (next != null) {
                    queuedBytes -= next.bytes().capacity();
                    return next;
                }
                if (source.gone) {
                    throw gone(address, source.address);
                }
                if (!await(source.arrived, deadline)) {
                    return null;
                }
                if (source.closed) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void lock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            lock.lock(); // nobody keeps it for long
        } else {
            lock.lockInterruptibly();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private static boolean await(Condition condition, Deadline deadline) throws InterruptedException {
        if (deadline.isNever()) {
            condition.await();
            return true;
        }
        long nanos = deadline.remainingNanos();
        if (nanos == 0) {
            return false;
        }
        condition.awaitNanos(nanos);
        return true;
    }

    /** Refuses to send to a source whose connection is over. */
    void ensureUsable(DatagramSource source) throws IOException {
        lock.lock();
        try {
            if (source.closed) {
                throw new ClosedChannelException();
            }
            if (source.gone) {
                throw gone(address, source.address);
            }
        } finally {
            lock.unlock();
        }
    }

    private PeerGoneException gone(Address listener, InetSocketAddress source) {
        return new PeerGoneException(
                PeerGoneException.Reason.CLOSED,
                listener,
                "nothing came from " + source + " for " + options.idleTimeout().toMillis() + " ms");
    }

    long dropped(DatagramSource source) {
        lock.lock();
        try {
            return source.dropped;
        } finally {
            lock.unlock();
        }
    }

    // ---- what there is

    int present() {
        lock.lock();
        try {
            return present;
        } finally {
            lock.unlock();
        }
    }

    long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** What was dropped for want of room, here or by the kernel. */
    long dropped() throws IOException {
        long here;
        lock.lock();
        try {
            here = dropped;
        } finally {
            lock.unlock();
        }
        return here + DatagramCalls.dropped(fd);
    }

    // ---- the end

    /** No further sources; those that wait are dropped, those given out go on. */
    void stopListening() {
        lock.lock();
        try {
            listening = false;
            for (DatagramSource source : waiting) {
                byAddress.remove(source.address);
                drop(source);
            }
            waiting.clear();
            arrived.signalAll();
            endIfUnused();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection of a source. */
    void close(DatagramSource source) {
        lock.lock();
        try {
            if (source.closed) {
                return;
            }
            source.closed = true;
            if (!source.gone) {
                byAddress.remove(source.address);
            }
            drop(source);
            source.arrived.signalAll();
            endIfUnused();
        } finally {
            lock.unlock();
        }
    }

    private void endIfUnused() {
        if (!listening && present == 0) {
            over = true;
            polled.startClosing();
        }
    }

    /** Waits, if it is over, until the socket is closed, so that the port is free; an interrupt is kept for later. */
    void awaitEnd() {
        boolean interrupted = false;
        while (over && pump.isAlive()) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(pump, 100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
