package org.jvmipc.shm.internal;

import org.jvmipc.internal.Deadline;

/** What the two kinds of semaphore do; {@link org.jvmipc.shm.sync.SharedSemaphore} says it to users. */
public interface Semaphore extends Pollee {
    /** What became of permits that were to be given. */
    enum Given {
        /** They are there. */
        BACK,
        /** There would be more than there may be; none were given. */
        TOO_MANY,
        /** This process does not hold so many; none were given. */
        NOT_HELD
    }

    /** Takes permits if there are so many now. */
    boolean tryTake(int permits);

    /**
     * Takes permits, all or none, and waits for them.
     *
     * @return whether they were there before the deadline and before the handle was closed
     */
    boolean take(Blocked handle, int permits, Deadline deadline) throws InterruptedException;

    /** Gives permits. */
    Given give(int permits);

    /** How many permits there are now. */
    int value();

    /** How many permits there can be at one time. */
    int most();

    /** Whether permits come back from the dead. */
    boolean isRobust();
}
