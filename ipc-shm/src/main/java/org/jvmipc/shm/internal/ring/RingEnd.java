package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.Blocked;

/** What both ends of a ring share: one call at a time, a close that gets out who is inside, errors of one kind. */
abstract class RingEnd {
    /** How long a close waits for the thread inside; a handler or a claim may take longer, and then its end is the end. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    final RingMemory memory;
    private final Blocked blocked;
    private final Turn turn;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile boolean orphaned;

    RingEnd(RingMemory memory) {
        this.memory = memory;
        this.blocked = memory.blocked();
        this.turn = new Turn(blocked::isClosed);
    }

    /** Its address. */
    public final Address address() {
        return memory.address();
    }

    /** Whether it was not closed yet. */
    public final boolean isOpen() {
        return !blocked.isClosed();
    }

    /** The same as an error. */
    public final void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** While it waited it may have been closed. */
    final void ensureStillOpen() throws AsynchronousCloseException {
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    /**
     * Begins a call.
     *
     * @return false if another was under way until the deadline
     */
    final boolean enter(Deadline deadline) throws IOException, InterruptedException {
        if (!deadline.isNow() && Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!enterTurn(deadline)) {
            ensureStillOpen();
            return false;
        }
        if (!isOpen()) {
            leave();
            throw new ClosedChannelException();
        }
        return true;
    }

    /** Who was in the way of the last one inside, and gave up, lets go of the place for it. */
    private boolean enterTurn(Deadline deadline) throws InterruptedException {
        boolean in = false;
        try {
            in = turn.enter(deadline);
            return in;
        } finally {
            if (!in && orphaned && !turn.isInsideHere()) {
                releaseIfNobodyIsInside();
            }
        }
    }

    /** Begins a call that never waits, and so is never interrupted. */
    final boolean tryEnter() throws IOException {
        try {
            return enter(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException(address() + ": a call that never waits was interrupted", e);
        }
    }

    /** Ends a call. */
    final void leave() {
        turn.leave();
        if (orphaned) {
            releaseIfNobodyIsInside();
        }
    }

    final CorruptDataException corrupt(InternalError cause) {
        return corrupt(memory.cutOff(cause));
    }

    static CorruptDataException corrupt(DamagedSegmentException cause) {
        return new CorruptDataException(String.valueOf(cause.getMessage()), cause);
    }

    /** Lets go of the place; nobody is inside. */
    abstract void detach();

    /** Somebody is about to be told that it is closed. */
    void closing() {}

    /** Closes it: who is inside gets out. Called from inside, by a handler, it ends when that returns. */
    public final void close() {
        if (!blocked.close()) {
            return;
        }
        closing();
        if (turn.isInsideHere()) {
            orphaned = true;
            return;
        }
        if (!releaseWithin(Deadline.after(PATIENCE))) {
            orphaned = true; // who leaves from here on sees it, or nobody is inside
            releaseIfNobodyIsInside();
        }
    }

    private void releaseIfNobodyIsInside() {
        releaseWithin(Deadline.NOW);
    }

    private boolean releaseWithin(Deadline deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                if (!turn.enterToEnd(deadline)) {
                    return false;
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            release();
            return true;
        } finally {
            turn.leave();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Once: from a close, or by the safety net when nobody can be inside any more. */
    final void release() {
        if (released.compareAndSet(false, true)) {
            blocked.close();
            detach();
        }
    }
}
