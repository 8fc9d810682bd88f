package org.jvmipc.sockets.internal.reliable;

/**
 * How many packets may be on their way: by delay, in the manner of LEDBAT (RFC 6817) and Vegas (Brakmo and Peterson, 1995). What a
 * round trip takes more than the shortest of late is the queue on the path; the window grows while the queue is shorter than
 * {@value #TARGET_NANOS} ns, and shrinks when it is longer. Loss alone is no sign of a full path, as a bad link loses at random: only
 * when two fifths of a round are lost, or the timer runs out twice, does the window give way.
 */
final class CongestionWindow {
    static final int LEAST_PACKETS = 4;
    static final int FIRST_PACKETS = 16;
    static final long TARGET_NANOS = 15_000_000;

    /** The path may have changed: a shortest round trip is believed for so long, up to twice. */
    private static final long BASE_NANOS = 10_000_000_000L;

    private final int most;
    private double packets = FIRST_PACKETS;
    private boolean slowStart = true;
    private long baseNow = Long.MAX_VALUE;
    private long baseBefore = Long.MAX_VALUE;
    private long baseSince;
    private long queue;
    private long roundEnds;
    private int roundSent;
    private int roundLost;

    CongestionWindow(int mostPackets, long now) {
        this.most = Math.max(LEAST_PACKETS, mostPackets);
        this.baseSince = now;
        this.roundEnds = now;
    }

    int packets() {
        return (int) Math.min(most, packets);
    }

    long queueNanos() {
        return queue;
    }

    void measured(long roundTripNanos, long now) {
        if (now - baseSince > BASE_NANOS) {
            baseBefore = baseNow;
            baseNow = Long.MAX_VALUE;
            baseSince = now;
        }
        baseNow = Math.min(baseNow, roundTripNanos);
        long excess = roundTripNanos - Math.min(baseNow, baseBefore);
        queue = excess < queue ? excess : queue + (excess - queue) / 8; // one late answer is no queue
    }

    /** So many were acknowledged while so many were on their way. */
    void acknowledged(int count, int inFlight) {
        if (slowStart && queue > TARGET_NANOS / 2) {
            slowStart = false;
        }
        double share = (double) (TARGET_NANOS - queue) / TARGET_NANOS;
        if (share < 0) {
            packets += Math.max(-1, share) * count / packets;
        } else if (inFlight + count >= packets() / 2) { // who does not use it learns nothing about more
            packets += slowStart ? count : share * count / packets;
        }
        bound();
    }

    void sent() {
        roundSent++;
    }

    /** One packet was lost; a round is over when a round trip has passed. */
    void lost(long now, long roundTripNanos) {
        roundLost++;
        if (now - roundEnds < 0) {
            return;
        }
        if (roundLost > 8 && roundLost * 5 > roundSent * 2) {
            slowStart = false;
            packets = Math.max(Math.min(packets, FIRST_PACKETS), packets * 0.8);
        }
        roundEnds = now + roundTripNanos;
        roundSent = 0;
        roundLost = 0;
    }

    /** Nothing was acknowledged for a whole timeout, for the so-many-th time. */
    void timedOut(int times) {
        if (times == 2) {
            packets /= 2; // once is nothing on a link that loses at random
            slowStart = false;
        } else if (times > 2) {
            packets = LEAST_PACKETS;
            slowStart = true;
        }
        bound();
    }

    private void bound() {
        packets = Math.max(LEAST_PACKETS, Math.min(most, packets));
    }
}
