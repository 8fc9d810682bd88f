package org.jvmipc.sockets.internal.reliable;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The retransmission queue: the packets that were sent and are not acknowledged, and when one counts as lost. That is when one that
 * was sent after it has come, and time for overtaking has passed (RACK, RFC 8985), or when the other side misses it and a round trip
 * has passed since; so a second loss of the same packet is seen as the first is.
 */
final class SentPackets {
    private static final long NEVER = Long.MAX_VALUE;

    private final RoundTrip roundTrip;
    private final CongestionWindow congestion;
    private final @Nullable Outgoing[] ring;
    private long base;
    private long next;
    private int inFlight;
    private int lost;
    private int heldThere;
    private long lostFrom;
    private long newestAcknowledged = Long.MIN_VALUE;
    private long lossDeadline = NEVER;

    /**
     * Nothing yet.
     *
     * @param first the number of the first packet
     * @param places how many there may be at once, a power of two
     */
    SentPackets(long first, int places, RoundTrip roundTrip, CongestionWindow congestion) {
        this.base = first;
        this.next = first;
        this.lostFrom = first;
        this.ring = new Outgoing[places];
        this.roundTrip = roundTrip;
        this.congestion = congestion;
    }

    /** The number of the first that is not acknowledged. */
    long base() {
        return base;
    }

    /** The number that the next one gets. */
    long next() {
        return next;
    }

    boolean isEmpty() {
        return base == next;
    }

    boolean isFull() {
        return next - base >= ring.length;
    }

    /** How many are on their way, as far as is known. */
    int inFlight() {
        return inFlight;
    }

    /** How many are to be sent again. */
    int lost() {
        return lost;
    }

    /** When {@link #detectLosses} may find more. */
    long lossDeadline() {
        return lossDeadline;
    }

    /** Takes one that is to be sent now, and gives its number. */
    long add(Outgoing part) {
        ring[at(next)] = part;
        return next++;
    }

    /** Nobody wants them any more. */
    void clear() {
        Arrays.fill(ring, null);
        base = next;
        inFlight = 0;
        lost = 0;
        heldThere = 0;
        lossDeadline = NEVER;
    }

    private int at(long number) {
        return (int) number & (ring.length - 1);
    }

    Outgoing get(long number) {
        Outgoing part = ring[at(number)];
        if (part == null) {
            throw new IllegalStateException("packet " + number + " is not kept");
        }
        return part;
    }

    /** The number of the first that is lost; there is one. */
    long firstLost() {
        for (long at = lostFrom - base < 0 ? base : lostFrom; at != next; at++) {
            if (get(at).lost) {
                lostFrom = at;
                return at;
            }
        }
        throw new IllegalStateException("a lost packet is nowhere");
    }

    /** The number of the last that is not acknowledged; that of none if all are. */
    long lastUnacknowledged() {
        long at = next - 1;
        while (at - base >= 0 && get(at).acknowledged) {
            at--;
        }
        return at;
    }

    /** It goes out now, for the first time or once more. */
    void sent(Outgoing part, long now) {
        if (part.transmissions == 0) {
            inFlight++;
        } else if (part.lost) {
            part.lost = false;
            lost--;
            inFlight++;
        }
        part.transmissions++;
        part.sentNanos = now;
        congestion.sent();
    }

    // ---- what the other side says

    /** Whether it can have come: it was sent, or came long ago. */
    boolean isPossible(long number) {
        return number - next <= 0;
    }

    /** All before this number are there. */
    void acknowledge(long number, Packer messages, long now) {
        while (base != number) {
            Outgoing part = get(base);
            if (part.acknowledged) {
                heldThere--;
            } else {
                settle(part, now);
            }
            messages.acknowledged(part);
            ring[at(base)] = null;
            base++;
        }
    }

    /** Whether these were all sent, and none of them is acknowledged with all before it. */
    boolean isSent(long from, long count) {
        return count > 0 && count <= ring.length && from - base >= 0 && from + count - next <= 0;
    }

    /** These packets, which were sent, are there, beyond the acknowledged number. */
    void held(long from, long count, long now) {
        for (long at = from; at != from + count; at++) {
            Outgoing part = get(at);
            if (!part.acknowledged) {
                settle(part, now);
                heldThere++;
            }
        }
    }

    /** These packets, which were sent, are missed there. */
    void missing(long from, long count, long now) {
        long patience = roundTrip.smoothedNanos() + roundTrip.reorderingNanos();
        for (long at = from; at != from + count; at++) {
            Outgoing part = get(at);
            if (!part.acknowledged && !part.lost && now - part.sentNanos > patience) {
                lose(at, part, now);
            }
        }
    }

    private void settle(Outgoing part, long now) {
        part.acknowledged = true;
        if (part.lost) {
            part.lost = false;
            lost--;
        } else {
            inFlight--;
        }
        // Of one that was sent again and answered sooner than anything can be, it was the first sending that came.
        if (part.transmissions == 1 || now - part.sentNanos >= roundTrip.leastNanos()) {
            newestAcknowledged = Math.max(newestAcknowledged, part.sentNanos);
        }
    }

    // ---- loss

    /** Finds those that were overtaken by what has come, and too long ago. */
    void detectLosses(long now) {
        lossDeadline = NEVER;
        if (heldThere == 0) {
            return;
        }
        long patience = patienceNanos();
        for (long at = base; at != next; at++) {
            Outgoing part = get(at);
            if (!part.acknowledged && !part.lost && part.sentNanos <= newestAcknowledged) {
                if (now - part.sentNanos >= patience) {
                    lose(at, part, now);
                } else {
                    lossDeadline = Math.min(lossDeadline, part.sentNanos + patience);
                }
            }
        }
    }

    /**
     * Nothing has come for a whole timeout: the first counts as lost, and of the others those that may not only be late (RFC 8985, 6.3).
     *
     * @return the number of the first that is not acknowledged
     */
    long loseAfterTimeout(long now) {
        long patience = patienceNanos();
        long first = next;
        for (long at = base; at != next; at++) {
            Outgoing part = get(at);
            if (part.acknowledged) {
                continue;
            }
            if (!part.lost && (first == next || now - part.sentNanos >= patience)) {
                lose(at, part, now);
            }
            if (first == next) {
                first = at;
            }
        }
        return first;
    }

    /** What was sent longer ago would have come, were it not lost. */
    private long patienceNanos() {
        return Math.max(roundTrip.latestNanos(), roundTrip.smoothedNanos()) + roundTrip.reorderingNanos();
    }

    private void lose(long at, Outgoing part, long now) {
        part.lost = true;
        lost++;
        inFlight--;
        if (at - lostFrom < 0) {
            lostFrom = at;
        }
        congestion.lost(now, roundTrip.smoothedNanos());
    }
}
