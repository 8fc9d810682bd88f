package org.jvmipc.sockets.internal.reliable;

/**
 * When the other side is told what has come and what is missing: each so-many-th packet or a little later, at once what is out of the
 * ordinary, and what is missing when it has had time to come.
 */
final class Acknowledgements {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int MOST_PER_ACKNOWLEDGEMENT = 8;
    private static final long DELAY_NANOS = 1_000_000;
    private static final long LEAST_NEGATIVE_NANOS = 5_000_000;

    private final Inbound inbound;
    private final RoundTrip roundTrip;
    private final int packetsPerAcknowledgement;
    private int packets;
    private long at = NEVER;
    private long gapSince;
    private long missedAt;

    Acknowledgements(Inbound inbound, int windowPackets, RoundTrip roundTrip) {
        this.inbound = inbound;
        this.roundTrip = roundTrip;
        this.packetsPerAcknowledgement = Math.min(MOST_PER_ACKNOWLEDGEMENT, Math.max(1, windowPackets / 4));
    }

    /** One is due now. */
    void hurry(long now) {
        at = now;
    }

    /**
     * A packet was taken.
     *
     * @param hadGap whether something was missing before
     * @param expected the number that was expected before
     */
    void came(Inbound.Arrival arrival, boolean fin, boolean hadGap, long expected, long now) {
        if (inbound.expected() != expected || !hadGap) {
            gapSince = now;
        }
        if (arrival == Inbound.Arrival.IN_ORDER) {
            packets++;
            boolean soon = hadGap || fin || packets >= packetsPerAcknowledgement;
            at = Math.min(at, soon ? now : now + DELAY_NANOS);
        } else if (arrival != Inbound.Arrival.IMPOSSIBLE) {
            at = now;
        }
    }

    boolean isDue(long now) {
        return now >= at;
    }

    /** Whether it is time to say what is missing. */
    boolean isNegativeDue(long now) {
        return inbound.hasGap() && now >= negativeDeadline();
    }

    /** It was said what has come. */
    void said() {
        packets = 0;
        at = NEVER;
    }

    /** It was said what is missing. */
    void saidMissing(long now) {
        missedAt = now;
    }

    long deadline() {
        return inbound.hasGap() ? Math.min(at, negativeDeadline()) : at;
    }

    private long negativeDeadline() {
        long again = missedAt == 0 ? 0 : missedAt + Math.max(LEAST_NEGATIVE_NANOS, roundTrip.smoothedNanos() * 3 / 2);
        return Math.max(gapSince + roundTrip.reorderingNanos(), again);
    }
}
