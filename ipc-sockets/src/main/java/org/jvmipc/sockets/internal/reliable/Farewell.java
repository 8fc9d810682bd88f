package org.jvmipc.sockets.internal.reliable;

/**
 * The end of a session. Who closes says in every packet that it takes nothing any more, and in every packet who has heard that
 * says so. It is asked for until it is known, but not for long: what was sent is acknowledged by then. Who knows stays a little, in
 * case its last answer is lost (TCP's TIME-WAIT).
 */
final class Farewell {
    /** So long the other side is asked whether it knows. */
    private static final long MOST_NANOS = 1_000_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private boolean said;
    private long saidNanos;
    private boolean known;
    private boolean heard;
    private long heardNanos;
    private long lastNanos;
    private long settledNanos = NEVER;

    Farewell(long now) {
        lastNanos = now;
    }

    void say(long now) {
        said = true;
        saidNanos = now;
        lastNanos = now;
    }

    boolean isSaid() {
        return said;
    }

    /** It was said once more. */
    void said(long now) {
        lastNanos = now;
    }

    /** The other side has heard it. */
    void known() {
        known |= said;
    }

    /** The other side says it. */
    void heard(long now) {
        heard = true;
        heardNanos = now;
    }

    boolean isHeard() {
        return heard;
    }

    /** Whether the other side knows, or has closed itself. */
    boolean isTold() {
        return known || heard;
    }

    int flags() {
        return (said ? RudpLayout.NOT_RECEIVING : 0) | (heard ? RudpLayout.KNOWS_FAREWELL : 0);
    }

    /** When it is to be said again, or may be over; all that was sent is settled or not. */
    long deadline(boolean settled, RoundTrip roundTrip) {
        if (!said || !settled) {
            return NEVER;
        }
        return (known || heard) ? over(roundTrip) : lastNanos + roundTrip.timeoutNanos();
    }

    /** Who has heard the other's farewell answers it for a while; else there is nothing to wait for. */
    private long over(RoundTrip roundTrip) {
        return heard ? heardNanos + 2 * roundTrip.timeoutNanos() : saidNanos;
    }

    /** Asked when all that was sent is settled: whether nothing is left to be said or answered. */
    boolean isOver(long now, RoundTrip roundTrip) {
        if (settledNanos == NEVER) {
            settledNanos = now;
        }
        return (known || heard) ? now >= over(roundTrip) : now - settledNanos >= MOST_NANOS;
    }
}
