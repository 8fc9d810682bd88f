package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;

/** The object behind {@code loop:}, in the place of the kernel's: a bounded queue of encoded messages under one lock. */
final class LoopbackChannel {
    static final long CAPACITY_BYTES = 64 << 10;
    static final int MAX_MESSAGE_BYTES = 16 << 20;

    /** What a message takes besides its bytes, so that empty ones fill the channel too. */
    private static final int OVERHEAD_BYTES = 16;

    private final Address address;
    private final long capacityBytes;
    private final int maxMessageBytes;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int senders;
    private int receivers;
    private boolean hadSender;
    private boolean hadReceiver;
    private final List<Runnable> bells = new ArrayList<>();

    LoopbackChannel(Address address, long capacityBytes, int maxMessageBytes) {
        this.address = address;
        this.capacityBytes = capacityBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    Address address() {
        return address;
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    Map<String, Object> inspect() {
        lock.lock();
        try {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("messages", queue.size());
            values.put("bytes", queuedBytes);
            values.put("capacity", capacityBytes);
            values.put("senders", senders);
            values.put("receivers", receivers);
            return values;
        } finally {
            lock.unlock();
        }
    }

    void attachSender() {
        change(() -> {
            senders++;
            hadSender = true;
        });
    }

    void attachReceiver() {
        change(() -> {
            receivers++;
            hadReceiver = true;
        });
    }

    void detachSender() {
        change(() -> senders--);
    }

    void detachReceiver() {
        change(() -> receivers--);
    }

    /** Rung, under the lock, when there may be something to receive. */
    void addBell(Runnable bell) {
        change(() -> bells.add(bell));
    }

    void removeBell(Runnable bell) {
        change(() -> bells.remove(bell));
    }

    /** Whether there is something to receive; if there is not, does this under the same lock. */
    boolean isReadyOr(Runnable otherwise) {
        lock.lock();
        try {
            boolean ready = !queue.isEmpty() || (hadSender && senders == 0);
            if (!ready) {
                otherwise.run();
            }
            return ready;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody: an endpoint has closed. */
    void wakeAll() {
        change(() -> {});
    }

    private void change(Runnable step) {
        lock.lock();
        try {
            step.run();
            changed.signalAll();
            bells.forEach(Runnable::run);
        } finally {
            lock.unlock();
        }
    }

    /** False if the deadline passed; then nothing was put. A message larger than the capacity waits for an empty queue. */
    boolean put(byte[] message, Deadline deadline, BooleanSupplier closed) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (closed.getAsBoolean()) {
                    throw new AsynchronousCloseException();
                }
                if (hadReceiver && receivers == 0) {
                    throw new PeerGoneException(
                            PeerGoneException.Reason.CLOSED, address, "nobody is left who would receive");
                }
                if (queue.isEmpty() || queuedBytes + message.length + OVERHEAD_BYTES <= capacityBytes) {
                    queue.add(message);
                    queuedBytes += message.length + OVERHEAD_BYTES;
                    changed.signalAll();
                    bells.forEach(Runnable::run);
                    return true;
                }
                if (deadline.passed()) {
                    return false;
                }
                changed.awaitNanos(deadline.remainingNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Null if the deadline passed. */
    byte @Nullable [] take(Deadline deadline, BooleanSupplier closed) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (closed.getAsBoolean()) {
                    throw new AsynchronousCloseException();
                }
                byte[] message = queue.poll();
                if (message != null) {
                    queuedBytes -= message.length + OVERHEAD_BYTES;
                    changed.signalAll();
                    return message;
                }
                if (hadSender && senders == 0) {
                    throw new PeerGoneException(PeerGoneException.Reason.CLOSED, address, "the last sender has closed");
                }
                if (deadline.passed()) {
                    return null;
                }
                changed.awaitNanos(deadline.remainingNanos());
            }
        } finally {
            lock.unlock();
        }
    }
}
