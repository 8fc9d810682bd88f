package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;

/**
 * The sending half of a session: messages cut into packets, what goes out next, and the timers. What is lost is known by
 * {@link SentPackets}; what no packet after it can show, the tail, is asked for by a probe, and then by the timer of RFC 6298.
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
    private final SentPackets sent;
    private final int mostSmall;
    private long edge;

    private boolean ended;
    private boolean finMade;
    private boolean probing;
    private long probe;
    private boolean tailProbed;
    private long timerSince;
    private long lastSent;

    Outbound(Offer mine, Offer theirs, int sendBufferBytes, RoundTrip roundTrip, SessionCounters counters, long now) {
        int packetBytes = Math.min(mine.packetBytes(), theirs.packetBytes());
        int windowPackets =
                Math.min(mine.windowPackets(), theirs.windowPackets()); // memory is for no more than we would take
        this.messages = new Packer(packetBytes - RudpLayout.SESSION_BYTES);
        this.sendBufferBytes = sendBufferBytes;
        this.roundTrip = roundTrip;
        this.counters = counters;
        this.edge = mine.firstSequence() + theirs.windowPackets();
        this.congestion = new CongestionWindow(windowPackets, now);
        this.sent =
                new SentPackets(mine.firstSequence(), 2 * Integer.highestOneBit(windowPackets), roundTrip, congestion);
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
        sent.clear();
        finMade = true;
        probing = false;
    }

    long firstUnacknowledged() {
        return sent.base();
    }

    long queuedBytes() {
        return messages.bytes();
    }

    /** Whether all was acknowledged, the end included. */
    boolean isSettled() {
        return finMade && sent.isEmpty();
    }

    private boolean isShut() {
        return sent.next() - edge >= 0;
    }

    /** Whether messages wait only because there is no place for them on the other side. */
    boolean isShutOut() {
        return sent.isEmpty() && isShut() && !messages.isEmpty();
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
        if (sent.inFlight() >= congestion.packets()) {
            return false;
        }
        if (sent.lost() > 0) {
            probe = sent.firstLost();
            return true;
        }
        return !sent.isFull() && make();
    }

    /** Whether nothing can go out before the other side answers to what is on its way. */
    boolean isWaitingForAnswers() {
        int inFlight = sent.inFlight();
        return inFlight > 0
                && !probing
                && (inFlight >= congestion.packets()
                        || (sent.lost() == 0 && inFlight >= mostSmall && !messages.isNextFull()));
    }

    private boolean make() {
        if (!messages.isEmpty() && isShut()) {
            return false;
        }
        if (sent.inFlight() >= mostSmall && !ended && !messages.isNextFull()) {
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
        probe = sent.add(part);
        return true;
    }

    boolean isChosenFin() {
        return sent.get(probe).fin;
    }

    /** How many bytes of a message the chosen packet carries. */
    int chosenBytes() {
        return sent.get(probe).length;
    }

    /** Writes the chosen packet into what the session has begun; it counts as sent. */
    void writeChosen(ByteBuffer packet, long now) {
        Outgoing part = sent.get(probe);
        packet.putLong(RudpLayout.SEQUENCE_AT, probe);
        packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, part.length);
        packet.put(RudpLayout.SESSION_BYTES, part.bytes, 0, part.length);
        if (part.transmissions == 0) {
            counters.dataSent++;
            if (sent.inFlight() == 0 && sent.lost() == 0) {
                timerSince = now;
            }
        } else {
            counters.retransmitted++;
        }
        sent.sent(part, now);
        lastSent = now;
        probing = false;
    }

    // ---- what the other side says

    /** Whether all before this number can be there, and so many from it on have a place. */
    boolean isPossible(long number, int window) {
        return isOld(number) || (sent.isPossible(number) && window >= 0 && window <= RudpLayout.MOST_WINDOW);
    }

    /** Whether these packets can be there, or be missed. */
    boolean isPossibleRange(long from, long count) {
        return isOld(from) || sent.isSent(from, count);
    }

    /** It was overtaken by a newer word, and is no lie. */
    private boolean isOld(long number) {
        return number - sent.base() < 0;
    }

    /** All before this number are there, and so many from it on have a place: which is possible. */
    void acknowledged(long number, int window, long now) {
        if (isOld(number)) {
            return;
        }
        sent.acknowledge(number, messages, now);
        if (number + window - edge > 0) {
            edge = number + window;
        }
    }

    /** These packets are there, beyond the acknowledged number, which is possible. */
    void held(long from, long count, long now) {
        if (!isOld(from)) {
            sent.held(from, count, now);
        }
    }

    /** These packets are missed there, which is possible. */
    void missing(long from, long count, long now) {
        if (!isOld(from)) {
            sent.missing(from, count, now);
        }
    }

    /** How many are not acknowledged. */
    int unsettled() {
        return sent.inFlight() + sent.lost();
    }

    /** All of a packet was heard, and so many were acknowledged by it: only now is known which of the others were lost. */
    void settled(int count, long now) {
        if (probing && (isOld(probe) || sent.get(probe).acknowledged)) {
            probing = false;
        }
        if (count > 0) {
            roundTrip.progress();
            timerSince = now;
            tailProbed = false;
            congestion.acknowledged(count, sent.inFlight());
            sent.detectLosses(now);
        }
    }

    void measured(long nanos, long now) {
        congestion.measured(nanos, now);
    }

    // ---- timers

    /** When {@link #tick} has something to do. */
    long deadline() {
        if (isShutOut()) {
            return timerSince + roundTrip.timeoutNanos();
        }
        if (sent.isEmpty()) {
            return NEVER;
        }
        long earliest = Math.min(timeoutDeadline(), sent.lossDeadline());
        return tailProbed || sent.inFlight() == 0 ? earliest : Math.min(earliest, tailDeadline());
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
        if (sent.isEmpty()) {
            return false;
        }
        if (now >= sent.lossDeadline()) {
            sent.detectLosses(now);
        }
        if (now >= timeoutDeadline()) {
            timeOut(now);
        } else if (!tailProbed && sent.inFlight() > 0 && now >= tailDeadline()) {
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
        long first = sent.loseAfterTimeout(now);
        if (!probing && first != sent.next()) {
            probe = first;
            probing = true;
        }
    }

    private void probeTail() {
        long last = sent.lastUnacknowledged();
        if (last - sent.base() >= 0) {
            probe = last;
            probing = true;
            counters.tailProbes++;
        }
    }
}
