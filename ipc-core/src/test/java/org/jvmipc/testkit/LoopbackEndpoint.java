package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;

/** What both ends of {@code loop:} share: one call at a time, and a close that wakes the one inside. */
abstract class LoopbackEndpoint<T> implements Endpoint {
    final LoopbackChannel channel;
    final Codec<T> codec;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicBoolean closed = new AtomicBoolean();

    LoopbackEndpoint(LoopbackChannel channel, Codec<T> codec) {
        this.channel = channel;
        this.codec = codec;
    }

    /** A step under {@link #turn}. */
    interface Step<R> {
        R run(Deadline deadline) throws IOException, InterruptedException;
    }

    /** Does the step when no other call is under way; null if the deadline passed first. */
    final <R> @Nullable R inTurn(Deadline deadline, Step<R> step) throws IOException, InterruptedException {
        ensureOpen();
        if (deadline.isNow() ? !turn.tryLock() : !turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            ensureOpen();
            return step.run(deadline);
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #inTurn}, for a step that never waits and so is never interrupted. */
    final <R> @Nullable R now(Step<R> step) throws IOException {
        try {
            return inTurn(Deadline.NOW, step);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        }
    }

    final boolean isClosed() {
        return closed.get();
    }

    final void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /** The endpoint was closed just now, and nothing was let go of yet. */
    void closing() {}

    /** Tells the channel that this end has left; once. */
    abstract void detach();

    @Override
    public Address address() {
        return channel.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return LoopbackTransport.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closing();
        channel.wakeAll();
        turn.lock(); // the one inside leaves first, so that nothing is sent after the goodbye
        try {
            detach();
        } finally {
            turn.unlock();
        }
    }
}
