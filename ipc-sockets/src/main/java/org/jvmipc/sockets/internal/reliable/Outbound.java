package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a session: messages cut into packets, those kept that are not acknowledged, and when one counts as lost. A
 * packet is lost when one that was sent after it has come, and time for overtaking has passed (RACK, RFC 8985), or when the other
 * side misses it and a round trip has passed since; so a second loss of the same packet is seen as the first is. What no packet
 * after it can show, the tail, is asked for by a probe, and then by the timer of RFC 6298.
 *
 * <p>Nothing that is said by the other side is believed before it was compared with what was sent.
 */
final class Outbound {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long PROBE_SLACK_NANOS = 2_000_000;
    private static final byte[] NOTHING = {};

    /** So many packets that are not full may be on their way; more messages wait for each other (RFC 896). */
    private static final int MOST_SMALL = 16;

    private final Packer messages;
    private final int sendBufferBytes;
    private final RoundTrip roundTrip;
    private final CongestionWindow congestion;
    private final SessionCounters counters;

    private final @Nullable Outgoing[] ring;
    private final int mostSmall;
    private long base;
    private long next;
    private long edge;
    private int inFlight;
    private int lost;
    private int heldThere;
    private long lostFrom;

    private boolean ended;
    private boolean finMade;
    private boolean probing;
    private long probe;
    private boolean tailProbed;
    private long timerSince;
    private long lastSent;
    private long newestAcknowledged = Long.MIN_VALUE;
    private long lossDeadline = NEVER;

    Outbound(Offer mine, Offer theirs, int sendBufferBytes, RoundTrip roundTrip, SessionCounters counters, long now) {
        int packetBytes = Math.min(mine.packetBytes(), theirs.packetBytes());
        int windowPackets =
                Math.min(mine.windowPackets(), theirs.windowPackets()); // memory is for no more than we would take
        this.messages = new Packer(packetBytes - RudpLayout.SESSION_BYTES);
        this.sendBufferBytes = sendBufferBytes;
        this.roundTrip = roundTrip;
        this.counters = counters;
        this.base = mine.firstSequence();
        this.next = base;
        this.lostFrom = base;
        this.edge = base + theirs.windowPackets();
        this.ring = new Outgoing[2 * Integer.highestOneBit(windowPackets)];
        this.congestion = new CongestionWindow(windowPackets, now);
        this.mostSmall = Math.min(MOST_SMALL, Math.max(1, windowPackets / 4));
        this.timerSince = now;
        this.lastSent = now;
    }

    // ---- messages

    boolean hasEnded() {
        return ended;
    }

    boolean hasRoom() {
        return !ended && messages.bytes() < sendBufferBytes;
    }

    /** Copies the message, which is between position and limit. */
    void add(ByteBuffer message) {
        messages.add(message);
        counters.messagesSent++;
    }

    /** There will be no message any more. */
    void end() {
        ended = true;
    }

    /** Nobody wants what is left: it counts as settled. */
    void drop() {
        ended = true;
        messages.clear();
        Arrays.fill(ring, null);
        base = next;
        finMade = true;
        probing = false;
        inFlight = 0;
        lost = 0;
        heldThere = 0;
        lossDeadline = NEVER;
    }

    long firstUnacknowledged() {
        return base;
    }

    long queuedBytes() {
        return messages.bytes();
    }

    /** Whether all was acknowledged, the end included. */
    boolean isSettled() {
        return finMade && base == next;
    }

    /** Whether messages wait only because there is no place for them on the other side. */
    boolean isShutOut() {
        return base == next && next - edge >= 0 && !messages.isEmpty();
    }

    int congestionPackets() {
        return congestion.packets();
    }

    // ---- what to send

    /** Chooses the next packet of DATA, or the FIN, that may go out now. */
    boolean choose() {
        if (probing) {
            return true;
        }
        if (lost > 0 && inFlight < congestion.packets()) {
            probe = firstLost();
            return true;
        }
        if (next - base < ring.length && inFlight < congestion.packets() && make()) {
            probe = next;
            next++;
            return true;
        }
        return false;
    }

    /** Whether nothing can go out before the other side answers to what is on its way. */
    boolean isWaitingForAnswers() {
        return inFlight > 0
                && !probing
                && (inFlight >= congestion.packets() || (lost == 0 && inFlight >= mostSmall && !messages.isNextFull()));
    }

    private long firstLost() {
        for (long at = lostFrom - base < 0 ? base : lostFrom; at != next; at++) {
            if (get(at).lost) {
                lostFrom = at;
                return at;
            }
        }
        throw new IllegalStateException("a lost packet is nowhere");
    }

    private boolean make() {
        if (!messages.isEmpty() && next - edge >= 0) {
            return false;
        }
        if (inFlight >= mostSmall && !ended && !messages.isNextFull()) {
            return false;
        }
        Outgoing part = messages.next();
        if (part == null) {
            if (!ended || finMade) {
                return false;
            }
            finMade = true;
            part = new Outgoing(NOTHING, true);
        }
        ring[at(next)] = part;
        return true;
    }

    boolean isChosenFin() {
        return get(probe).fin;
    }

    /** How many bytes of a message the chosen packet carries. */
    int chosenBytes() {
        return get(probe).length;
    }

    /** Writes the chosen packet into what the session has begun; it counts as sent. */
    void writeChosen(ByteBuffer packet, long now) {
        Outgoing part = get(probe);
        packet.putLong(RudpLayout.SEQUENCE_AT, probe);
        packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, part.length);
        packet.put(RudpLayout.SESSION_BYTES, part.bytes, 0, part.length);
        sent(part, now);
    }

    private void sent(Outgoing part, long now) {
        if (part.transmissions == 0) {
            counters.dataSent++;
            if (inFlight == 0 && lost == 0) {
                timerSince = now;
            }
            inFlight++;
        } else {
            counters.retransmitted++;
            if (part.lost) {
                part.lost = false;
                lost--;
                inFlight++;
            }
        }
        part.transmissions++;
        part.sentNanos = now;
        lastSent = now;
        probing = false;
        congestion.sent();
    }

    // ---- what the other side says

    /** All before this number are there, and so many from it on have a place; false if that cannot be. */
    boolean acknowledged(long number, int window, long now) {
        if (number - base < 0) {
            return true; // an old one
        }
        if (number - next > 0 || window < 0 || window > RudpLayout.MOST_WINDOW) {
            return false;
        }
        int before = inFlight + lost;
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
        if (number + window - edge > 0) {
            edge = number + window;
        }
        progress(before - inFlight - lost, now);
        return true;
    }

    /** These packets are there, beyond the acknowledged number; false if that cannot be. */
    boolean held(long from, long count, long now) {
        if (!isSent(from, count)) {
            return from - base < 0; // an old one is no lie
        }
        int before = inFlight + lost;
        for (long at = from; at != from + count; at++) {
            Outgoing part = get(at);
            if (!part.acknowledged) {
                settle(part, now);
                heldThere++;
            }
        }
        progress(before - inFlight - lost, now);
        return true;
    }

    /** These packets are missed there; false if that cannot be. */
    boolean missing(long from, long count, long now) {
        if (!isSent(from, count)) {
            return from - base < 0;
        }
        long patience = roundTrip.smoothedNanos() + roundTrip.reorderingNanos();
        for (long at = from; at != from + count; at++) {
            Outgoing part = get(at);
            if (!part.acknowledged && !part.lost && now - part.sentNanos > patience) {
                lose(at, part, now);
            }
        }
        return true;
    }

    private boolean isSent(long from, long count) {
        return count > 0 && count <= ring.length && from - base >= 0 && from + count - next <= 0;
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

    private void progress(int count, long now) {
        if (count > 0) {
            roundTrip.progress();
            timerSince = now;
            tailProbed = false;
            congestion.acknowledged(count, inFlight);
        }
        if (probing && (probe - base < 0 || get(probe).acknowledged)) {
            probing = false;
        }
        detectLosses(now);
    }

    void measured(long nanos, long now) {
        congestion.measured(nanos, now);
    }

    // ---- loss

    private void detectLosses(long now) {
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

    // ---- timers

    /** When {@link #tick} has something to do. */
    long deadline() {
        if (isShutOut()) {
            return timerSince + roundTrip.timeoutNanos();
        }
        if (base == next) {
            return NEVER;
        }
        long earliest = Math.min(timeoutDeadline(), lossDeadline);
        return tailProbed || inFlight == 0 ? earliest : Math.min(earliest, tailDeadline());
    }

    /** From the last sending on, as in RFC 9002: what was sent again just now needs its round trip. */
    private long timeoutDeadline() {
        return Math.max(timerSince, lastSent) + roundTrip.timeoutNanos();
    }

    private long tailDeadline() {
        return lastSent + 2 * roundTrip.smoothedNanos() + PROBE_SLACK_NANOS;
    }

    /** Looks at the timers; true if the other side is to be asked for its window. */
    boolean tick(long now) {
        if (isShutOut()) {
            if (now - timerSince < roundTrip.timeoutNanos()) {
                return false;
            }
            timerSince = now;
            roundTrip.backOff();
            return true;
        }
        if (base == next) {
            return false;
        }
        if (now >= lossDeadline) {
            detectLosses(now);
        }
        if (now >= timeoutDeadline()) {
            timeOut(now);
        } else if (!tailProbed && inFlight > 0 && now >= tailDeadline()) {
            tailProbed = true;
            probeTail();
        }
        return false;
    }

    private void timeOut(long now) {
        counters.timeouts++;
        roundTrip.backOff();
        congestion.timedOut(roundTrip.backoff());
        timerSince = now;
        tailProbed = true;
        long first = loseAfterTimeout(now);
        if (!probing && first != next) {
            probe = first;
            probing = true;
        }
    }

    /**
     * Nothing has come for a whole timeout: the first counts as lost, and of the others those that may not only be late (RFC 8985, 6.3).
     *
     * @return the number of the first that is not acknowledged
     */
    private long loseAfterTimeout(long now) {
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

    private void probeTail() {
        for (long at = next - 1; at - base >= 0; at--) {
            Outgoing part = get(at);
            if (!part.acknowledged) {
                probe = at;
                probing = true;
                counters.tailProbes++;
                return;
            }
        }
    }

    private int at(long number) {
        return (int) number & (ring.length - 1);
    }

    private Outgoing get(long number) {
        Outgoing part = ring[at(number)];
        if (part == null) {
            throw new IllegalStateException("packet " + number + " is not kept");
        }
        return part;
    }
}
