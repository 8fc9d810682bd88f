package org.jvmipc.mq.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.StalledProcessException;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * Takes a mutex that is held for moments only. Who has it for most of a second and is stopped ({@code SIGSTOP}) is told of,
 * instead of being waited for; so is who has it for some seconds, whatever he does. One who only gets no processor is waited for.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class StallGuard {
    private static final Duration LOOK = Duration.ofMillis(400);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final SharedMutex mutex;
    private final HolderWord holder;
    private final String step;

    /**
     * For a mutex.
     *
     * @param holder what says who holds it
     * @param step what it is held for, for the error
     */
    StallGuard(SharedMutex mutex, HolderWord holder, String step) {
        this.mutex = mutex;
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
        long seen = holder.holds();
        Deadline longest = Deadline.after(LONGEST);
        while (true) {
            hold = mutex.tryLock(Duration.ofNanos(Math.min(LOOK.toNanos(), deadline.remainingNanos())));
            if (hold != null) {
                return hold;
            }
            if (deadline.passed()) {
                return null;
            }
            long now = holder.holds();
            int pid = holder.pid();
            if (now != seen) {
                seen = now;
                longest = Deadline.after(LONGEST);
            } else if (longest.passed() || ProcessState.isStopped(pid)) {
                throw new StalledProcessException(
                        mutex.address() + ": process " + pid + " has been " + step + " for some time; it is stopped, or"
                                + " hangs",
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
