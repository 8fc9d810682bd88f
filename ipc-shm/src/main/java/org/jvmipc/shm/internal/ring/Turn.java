package org.jvmipc.shm.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/**
 * Lets one thread in at a time, and costs the thread that always comes next to nothing: a lock would be as dear as a message.
 *
 * <p>It is biased to the thread that was in last, which comes in and leaves by ordinary stores. Another thread takes a lock, withdraws the
 * bias, makes a barrier in the biased thread ({@link Fences#heavyHere()}), and then sees whether that is inside; who leaves sees whether its
 * bias was withdrawn. After a few such changes it is a lock and nothing else.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class Turn {
    private static final int MOST_CHANGES = 8;

    /** A waiter looks again though nobody woke it: whether the thread inside has left, and whether it is all over. */
    private static final long LOOK_NANOS = 10_000_000;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Bias.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A thread that may come in by itself. */
    private static final class Bias {
        private final Thread thread;

        @SuppressWarnings("UnusedVariable") // through the handle
        private boolean inside;

        private Bias(Thread thread) {
            this.thread = thread;
        }

        private void enter() {
            INSIDE.setOpaque(this, true);
        }

        private void leave() {
            INSIDE.setRelease(this, false);
        }

        private boolean isInside() {
            return (boolean) INSIDE.getAcquire(this);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Bias bias;
    private volatile @Nullable Thread withdrawer;

    /**
     * The bias that was given last, which may be withdrawn; written with the lock while nobody else is inside, so it stays as it is
     * while a thread is inside by it.
     */
    private Bias last = new Bias(Thread.currentThread());

    /** Whether the thread inside has come in with the lock; of that thread. */
    private boolean byLock;

    /** Guarded by the lock. */
    private int changes;

    private final BooleanSupplier over;

    /**
     * A turn that nobody has had yet.
     *
     * @param over whether it is no use any more to wait for it
     */
    Turn(BooleanSupplier over) {
        this.over = over;
    }

    /**
     * Comes in, and waits for that.
     *
     * @return false if another thread was inside until the deadline, or until it was {@code over}
     * @throws IllegalStateException if this thread is inside
     */
    boolean enter(Deadline deadline) throws InterruptedException {
        Bias mine = bias;
        if (mine != null && mine.thread == Thread.currentThread() && !mine.isInside()) {
            mine.enter();
            Fences.light();
            if (bias == mine) {
                return true;
            }
            leave(mine);
        }
        return enterByLock(deadline, false);
    }

    /** The same when it is over, for who ends it. */
    boolean enterToEnd(Deadline deadline) throws InterruptedException {
        return enterByLock(deadline, true);
    }

    private boolean enterByLock(Deadline deadline, boolean toEnd) throws InterruptedException {
        if (isInsideHere()) {
            throw new IllegalStateException(
                    "this thread is inside already: in a handler, or with a claim that is neither committed nor closed");
        }
        if (!lock(deadline, toEnd)) {
            return false;
        }
        boolean in = false;
        try {
            in = withdraw(deadline, toEnd);
            byLock = in;
            return in;
        } finally {
            if (!in) {
                lock.unlock();
            }
        }
    }

    private boolean lock(Deadline deadline, boolean toEnd) throws InterruptedException {
        if (deadline.isNow()) {
            return lock.tryLock();
        }
        while (!lock.tryLock(Math.min(LOOK_NANOS, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            if (deadline.passed() || isUseless(toEnd)) {
                return false;
            }
        }
        return true;
    }

    private boolean isUseless(boolean toEnd) {
        return !toEnd && over.getAsBoolean();
    }

    /** Takes the bias from whoever has it, and waits until that is outside. */
    private boolean withdraw(Deadline deadline, boolean toEnd) throws InterruptedException {
        Bias theirs = bias;
        if (theirs == null) {
            return true;
        }
        withdrawer = Thread.currentThread();
        bias = null;
        Fences.heavyHere();
        boolean out = false;
        try {
            while (theirs.isInside()) {
                if (deadline.passed() || isUseless(toEnd)) {
                    return false;
                }
                if (!deadline.isNow() && Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, Math.min(LOOK_NANOS, deadline.remainingNanos()));
            }
            out = true;
            changes++;
            return true;
        } finally {
            if (!out) {
                bias = theirs;
            }
        }
    }

    /** Leaves. */
    void leave() {
        if (byLock) {
            unlock();
        } else {
            leave(last);
        }
    }

    private void unlock() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("another thread is inside");
        }
        byLock = false;
        if (Fences.LIGHT_HERE && changes < MOST_CHANGES) {
            last = new Bias(Thread.currentThread());
            bias = last;
        }
        lock.unlock();
    }

    private void leave(Bias mine) {
        mine.leave();
        Fences.light();
        if (bias != mine) {
            LockSupport.unpark(withdrawer);
        }
    }

    /** Whether the thread that asks is inside. */
    boolean isInsideHere() {
        Bias given = last;
        return (given.thread == Thread.currentThread() && given.isInside()) || lock.isHeldByCurrentThread();
    }
}
