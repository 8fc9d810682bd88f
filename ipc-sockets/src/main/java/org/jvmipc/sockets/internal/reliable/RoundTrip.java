package org.jvmipc.sockets.internal.reliable;

/**
 * How long a packet and its answer take: the estimator of RFC 6298, fed with echoed times, so that a packet that was sent again
 * counts as well (Karn's problem does not arise), and with how long the answer was held taken off.
 */
public final class RoundTrip {
    /** More back-off than this would make a path that has healed wait for nothing. */
    static final long MOST_TIMEOUT_NANOS = 2_000_000_000;

    static final long FIRST_TIMEOUT_NANOS = 200_000_000;

    /** What is longer is no measurement. */
    private static final long MOST_SAMPLE_NANOS = 60_000_000_000L;

    private static final int MOST_BACKOFF = 16;

    private static final long LEAST_REORDERING_NANOS = 200_000;
    private static final long CALM_NANOS = 1_000_000_000;
    private static final int MOST_PATIENCE = 16;

    /** The timer is so much longer than a round trip: less is the scheduling of a busy machine, not the path. */
    private final long floorNanos;

    private boolean measured;
    private long smoothed;
    private long variation;
    private long least = Long.MAX_VALUE;
    private long latest;
    private int backoff;
    private int patience = 1;
    private long patientSince;

    RoundTrip(long floorNanos) {
        this.floorNanos = floorNanos;
    }

    /** One measurement; what cannot be one is left out. */
    void sample(long nanos) {
        if (nanos < 0 || nanos > MOST_SAMPLE_NANOS) {
            return;
        }
        latest = nanos;
        least = Math.min(least, nanos);
        if (!measured) {
            measured = true;
            smoothed = nanos;
            variation = nanos / 2;
        } else {
            variation += (Math.abs(smoothed - nanos) - variation) / 4;
            smoothed += (nanos - smoothed) / 8;
        }
    }

    /** After how long without an acknowledgement something is sent again. */
    long timeoutNanos() {
        long base = measured ? smoothed + Math.max(floorNanos, 4 * variation) : FIRST_TIMEOUT_NANOS;
        long bounded = Math.min(MOST_TIMEOUT_NANOS, base);
        return Math.min(MOST_TIMEOUT_NANOS, bounded << backoff);
    }

    /** The timer has run out: the next time is twice as long. */
    void backOff() {
        backoff = Math.min(MOST_BACKOFF, backoff + 1);
    }

    /** Something new was acknowledged. */
    void progress() {
        backoff = 0;
    }

    int backoff() {
        return backoff;
    }

    public boolean isMeasured() {
        return measured;
    }

    public long smoothedNanos() {
        return measured ? smoothed : FIRST_TIMEOUT_NANOS / 2;
    }

    /** The last measurement; 0 before the first. */
    long latestNanos() {
        return latest;
    }

    /** The shortest one; 0 before the first. */
    long leastNanos() {
        return measured ? least : 0;
    }

    /**
     * By how much packets may overtake each other before one counts as lost: a quarter of the round trip, and more where one was sent
     * again that was not lost (RFC 8985, 6.2).
     */
    long reorderingNanos() {
        return Math.max(LEAST_REORDERING_NANOS, patience * (smoothedNanos() / 4));
    }

    /** Something came twice there: more patience, which is lost again as time passes without. */
    void doubled(long now) {
        patience = Math.min(MOST_PATIENCE, patience + 1);
        patientSince = now;
    }

    /** Looks whether there was nothing doubled for long. */
    void calm(long now) {
        if (patience > 1 && now - patientSince > CALM_NANOS) {
            patience--;
            patientSince = now;
        }
    }
}
