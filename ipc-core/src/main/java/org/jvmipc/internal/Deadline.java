package org.jvmipc.internal;

import java.time.Duration;

/**
 * A point on the monotonic clock ({@link System#nanoTime()}) until which a call may wait. Made once at the start of a
 * call, so that retries and interruptions by signals do not stretch it.
 */
public final class Deadline {
    /** Waits for ever. */
    public static final Deadline NEVER = new Deadline(0, false, true);

    /** Never waits. */
    public static final Deadline NOW = new Deadline(0, true, false);

    /** Longer waits than this (146 years) are for ever: nanoTime could not tell them from the past. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private final long endNanos;
    private final boolean now;
    private final boolean never;

    private Deadline(long endNanos, boolean now, boolean never) {
        this.endNanos = endNanos;
        this.now = now;
        this.never = never;
    }

    /** The deadline that lies the given time ahead; {@link #NOW} for zero or less. */
    public static Deadline after(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            return NOW;
        }
        long nanos = nanos(timeout);
        return nanos >= LONGEST_NANOS ? NEVER : new Deadline(System.nanoTime() + nanos, false, false);
    }

    /** The duration in nanoseconds, bounded where a long is too small. */
    private static long nanos(Duration timeout) {
        return timeout.toSeconds() >= LONGEST_NANOS / 1_000_000_000 ? LONGEST_NANOS : timeout.toNanos();
    }

    /** Whether a call with this deadline must not wait at all. */
    public boolean isNow() {
        return now;
    }

    /** Whether it has no end. */
    public boolean isNever() {
        return never;
    }

    /** Nanoseconds left, 0 when it has passed, {@link Long#MAX_VALUE} when it never does. */
    public long remainingNanos() {
        if (never) {
            return Long.MAX_VALUE;
        }
        return now ? 0 : Math.max(0, endNanos - System.nanoTime());
    }

    /** Whether it has passed. */
    public boolean passed() {
        return remainingNanos() == 0;
    }

    /** What is left as an argument of {@code poll(2)}: whole milliseconds, rounded up so as never to end early; -1 for ever. */
    public int pollMillis() {
        if (never) {
            return -1;
        }
        long nanos = remainingNanos();
        long millis = nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1);
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
