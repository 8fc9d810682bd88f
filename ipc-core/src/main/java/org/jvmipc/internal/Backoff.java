package org.jvmipc.internal;

import java.time.Duration;

/**
 * How long to wait between two looks at what tells of itself in no way: 1 ms at first, then longer, 10 ms at most.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class Backoff {
    private static final long FIRST_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 10_000_000;

    private long nanos = FIRST_NANOS;

    /** When to look again, at the latest at the deadline. */
    public Deadline next(Deadline deadline) {
        long wait = Math.min(nanos, Math.max(1, deadline.remainingNanos()));
        nanos = Math.min(LONGEST_NANOS, 2 * nanos);
        return Deadline.after(Duration.ofNanos(wait));
    }

    /** Sleeps until it is time to look again, at the latest until the deadline. */
    public void sleep(Deadline deadline) throws InterruptedException {
        long wait = next(deadline).remainingNanos();
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
    }
}
