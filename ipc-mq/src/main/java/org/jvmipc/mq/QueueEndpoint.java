package org.jvmipc.mq;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.internal.QueueLink;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.sync.ClosedSynchronizerException;

/** What senders and receivers of a queue share: one call at a time, a close that gets out who is inside, errors of one kind. */
abstract class QueueEndpoint implements Endpoint {
    final QueueLink link;
    private final Address address;
    private final Set<Capability> capabilities;
    private final ReentrantLock turn = new ReentrantLock();

    QueueEndpoint(QueueLink link, Address address, Set<Capability> capabilities) {
        this.link = link;
        this.address = address;
        this.capabilities = capabilities;
    }

    /** A step while no other call is under way. */
    interface Step<R> {
        @Nullable
        R run(Deadline deadline) throws IOException, InterruptedException;
    }

    /** Does the step; null also if another call was under way until the deadline. */
    final <R> @Nullable R inTurn(Deadline deadline, Step<R> step) throws IOException, InterruptedException {
        link.ensureOpen();
        if (deadline.isNow() ? !turn.tryLock() : !turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            link.ensureOpen();
            return step.run(deadline);
        } catch (ClosedSynchronizerException e) {
            throw (IOException) new AsynchronousCloseException().initCause(e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(address + ": " + e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    /** The same of a step that never waits, and so is never interrupted. */
    final <R> @Nullable R now(Step<R> step) throws IOException {
        try {
            return inTurn(Deadline.NOW, step);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        }
    }

    /** The deadline, or in so many nanoseconds if that is sooner. */
    static Deadline sooner(Deadline deadline, long nanos) {
        return nanos < deadline.remainingNanos() ? Deadline.after(Duration.ofNanos(nanos)) : deadline;
    }

    /** The endpoint is about to close its descriptor, if it has one. */
    void closing() {}

    /** Lets go of what is left, when nobody is inside any more. */
    abstract void release() throws IOException;

    @Override
    public final Address address() {
        return address;
    }

    @Override
    public final Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public final boolean isOpen() {
        return link.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (!link.beginClose()) {
            return;
        }
        closing();
        turn.lock(); // the one inside is leaving
        try {
            release();
        } finally {
            turn.unlock();
            link.close();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + address + (isOpen() ? "]" : ", closed]");
    }
}
