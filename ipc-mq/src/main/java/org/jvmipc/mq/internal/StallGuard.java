package org.jvmipc.mq.internal;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.StalledProcessException;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * Takes a mutex that is held for moments only: who has it for most of a second without getting on is stopped, and that is said
 * instead of waiting for him.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class StallGuard {
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final SharedMutex mutex;
    private final LongSupplier progress;
    private final IntSupplier holder;
    private final String step;

    /**
     * For a mutex.
     *
     * @param progress changes while those who hold the mutex, one after the other, get on
     * @param holder pid of who holds it
     * @param step what it is held for, for the error
     */
    StallGuard(SharedMutex mutex, LongSupplier progress, IntSupplier holder, String step) {
        this.mutex = mutex;
        this.progress = progress;
        this.holder = holder;
        this.step = step;
    }

    /**
     * Takes it.
     *
     * @return null if it was not to be had until the deadline
     * @throws StalledProcessException if who has it stands still
     */
    SharedMutex.@Nullable MutexHold lock(Deadline deadline) throws InterruptedException, StalledProcessException {
        SharedMutex.MutexHold hold = mutex.tryLock();
        if (hold != null || deadline.isNow()) {
            return hold;
        }
        while (true) {
            long before = progress.getAsLong();
            Duration rest = Duration.ofNanos(Math.min(PATIENCE.toNanos(), deadline.remainingNanos()));
            hold = mutex.tryLock(rest);
            if (hold != null) {
                return hold;
            }
            if (deadline.passed()) {
                return null;
            }
            if (progress.getAsLong() == before) {
                int pid = holder.getAsInt();
                throw new StalledProcessException(
                        mutex.address() + ": process " + pid + " has been " + step + " for " + PATIENCE.toMillis()
                                + " ms; it may be stopped",
                        pid);
            }
        }
    }

    /** The same whatever interrupts come, which are kept for the next call that looks; for steps that have to be done. */
    SharedMutex.MutexHold lockUninterruptibly() throws StalledProcessException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    SharedMutex.MutexHold hold = lock(Deadline.NEVER);
                    if (hold != null) {
                        return hold;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
