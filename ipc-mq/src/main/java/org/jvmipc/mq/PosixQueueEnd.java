package org.jvmipc.mq;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MqPath;
import org.jvmipc.internal.posix.PolledFd;

/**
 * What both ends of a kernel message queue share: a descriptor, a lock under which its calls are made, and an orderly close.
 *
 * <p><b>Thread safety.</b> Calls serialise; a closer makes who waits leave, and then takes the lock itself.
 */
abstract class PosixQueueEnd implements Endpoint {
    /** Its messages survive all processes, and no restart, so it is not {@link Capability#PERSISTENT}. It has no peers to detect. */
    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.MANY_SENDERS,
            Capability.MANY_RECEIVERS));

    final MqPath path;
    final PolledFd polled;
    final ReentrantLock lock = new ReentrantLock();

    private final Fd queue;
    private final Address address;
    private final int largestMessageBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over the descriptor. */
    PosixQueueEnd(Fd queue, Address address, int largestMessageBytes) {
        this.queue = queue;
        this.address = address;
        this.largestMessageBytes = largestMessageBytes;
        this.path = new MqPath(address.location());
        this.polled = new PolledFd(queue, path, true);
    }

    @Override
    public final Address address() {
        return address;
    }

    @Override
    public final Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    /** The largest message that the queue takes, in bytes; {@code mq_msgsize}. */
    public final int largestMessageBytes() {
        return largestMessageBytes;
    }

    /**
     * How things stand with the queue.
     *
     * @throws ClosedChannelException if this end is closed
     */
    public final PosixMessageQueueStatus status() throws IOException {
        return PosixMessageQueue.status(queue, address);
    }

    /** Takes the lock; false if the deadline passed first. */
    final boolean takeLock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            return lock.tryLock();
        }
        if (deadline.isNever()) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public final boolean isOpen() {
        return !closed.get();
    }

    final void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /** It closes: nobody may poll the descriptor any more but this end. */
    void closing() {}

    /** Closes this end. Nobody else notices: the queue stays, with what is in it. */
    @Override
    public final void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closing();
        polled.startClosing();
        lock.lock();
        try {
            polled.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + address + (isOpen() ? "]" : ", closed]");
    }
}
