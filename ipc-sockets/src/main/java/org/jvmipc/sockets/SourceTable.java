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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * The sources of a {@link DatagramListener}, and what waits of each. All amounts are bounded, so what a hostile source can do
 * is to fill its own queue, or, with forged addresses, to use up the places for new sources until they time out.
 *
 * <p><b>Thread safety.</b> Yes: one lock, which nobody holds for long.
 */
final class SourceTable {
    private static final Duration LONGEST_IDLE = Duration.ofDays(36_500);

    /** Silence is looked for an eighth of its time apart, but not oftener or more seldom than this. */
    private static final long MOST_LOOKS_NANOS = 1_000_000;

    private static final long FEWEST_LOOKS_NANOS = 1_000_000_000;

    private final Address address;
    private final DatagramListenOptions options;
    private final int maxMessageBytes;
    private final Runnable whenUnused;
    private final long idleNanos;
    private final long lookNanos;

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

    /**
     * A table without sources.
     *
     * @param whenUnused is called, under the lock, when there is no source any more, and there will be none
     */
    SourceTable(Address address, DatagramListenOptions options, int maxMessageBytes, Runnable whenUnused) {
        this.address = address;
        this.options = options;
        this.maxMessageBytes = maxMessageBytes;
        this.whenUnused = whenUnused;
        this.idleNanos = nanos(options.idleTimeout());
        this.lookNanos = Math.max(MOST_LOOKS_NANOS, Math.min(FEWEST_LOOKS_NANOS, idleNanos / 8));
    }

    /** In nanoseconds; 0: never. */
    private static long nanos(Duration idle) {
        return idle.compareTo(LONGEST_IDLE) > 0 ? 0 : idle.toNanos();
    }

    // ---- what comes

    /** Puts a datagram into the queue of its source, or drops it. */
    void deliver(InetSocketAddress from, NativeBuffer memory, int length) {
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
        source.wake();
    }

    /** What went wrong is told by the next accept, and the server goes on. */
    void fail(IOException e) {
        lock.lock();
        try {
            failure = e;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- silence

    /** Lets go of sources that were silent for too long, looking at all now and then: until when to look again. */
    Deadline expire() {
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
        source.wake();
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

    /** Takes the lock; with a deadline of now whatever the thread's interrupt status is. */
    void lock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            lock.lock(); // nobody keeps it for long
        } else {
            lock.lockInterruptibly();
        }
    }

    /** Waits under the lock; false if the deadline has passed. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    static boolean await(Condition condition, Deadline deadline) throws InterruptedException {
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

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Under the lock: a datagram of a queue was received. */
    void took(DatagramSource.Arrival arrival) {
        queuedBytes -= arrival.bytes().capacity();
    }

    /** That a source was silent for too long. */
    PeerGoneException silent(DatagramSource source) {
        return new PeerGoneException(
                PeerGoneException.Reason.CLOSED,
                address,
                "nothing came from " + source.address + " for " + Units.formatDuration(options.idleTimeout()));
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

    /** What was dropped for want of room. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
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
            source.wake();
            if (source.event != null) {
                source.event.close();
            }
            endIfUnused();
        } finally {
            lock.unlock();
        }
    }

    private void endIfUnused() {
        if (!listening && present == 0) {
            whenUnused.run();
        }
    }

    /** Nothing will come any more: whoever waits leaves. */
    void end() {
        lock.lock();
        try {
            listening = false;
            byAddress.values().forEach(this::gone);
            byAddress.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
