package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a session, as pure logic: packets and the time are handed in, packets and a time are asked for.
 *
 * <pre>{@code
 * session.receive(packet, now);                     // whole, and with this session's identity
 * while (session.next(buffer, now)) { transmit(buffer); }
 * wakeUpAt(session.deadline());                     // or earlier, when a packet comes or something is asked for
 * }</pre>
 *
 * <p><b>Thread safety.</b> None.
 */
public final class Session {
    private static final int MOST_PER_ACKNOWLEDGEMENT = 8;
    private static final long ACKNOWLEDGEMENT_DELAY_NANOS = 1_000_000;
    private static final long LEAST_NEGATIVE_NANOS = 5_000_000;
    private static final long LEAST_CONFIRM_NANOS = 50_000_000;
    private static final long MOST_CONFIRM_NANOS = 1_000_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    /** How often a silent peer is asked at least before it is given up. */
    private static final int QUESTIONS = 4;

    /** Who looks so much later than it was time to was away. */
    private static final long MOST_LATE_NANOS = 1_000_000_000;

    final long identity;
    public final SessionCounters counters = new SessionCounters();
    private final boolean server;
    private final Inbound inbound;
    private final Outbound outbound;
    private final RoundTrip roundTrip;
    private final Farewell farewell;
    private final Reset reset = new Reset();
    private final Clocks clocks = new Clocks();
    private final int mostMessageBytes;
    private final int packetsPerAcknowledgement;
    private final long keepAliveNanos;
    private final long peerTimeoutNanos;

    private long heard;
    private long asked;
    private boolean asking;
    private int unacknowledged;
    private long acknowledgeAt = NEVER;
    private int doubledThere;
    private long gapSince;
    private long missedAt;
    private boolean confirmed;
    private long confirmNanos;
    private boolean over;
    private @Nullable Gone gone;

    Session(long identity, boolean server, Offer mine, Offer theirs, SessionSettings settings, long now) {
        this.identity = identity;
        this.server = server;
        this.roundTrip = new RoundTrip(settings.floorNanos());
        this.inbound = new Inbound(mine, theirs, counters);
        this.outbound = new Outbound(mine, theirs, settings.sendBufferBytes(), roundTrip, counters, now);
        this.farewell = new Farewell(now);
        // Who is given up soon is asked sooner, and several times.
        this.keepAliveNanos = Math.min(settings.keepAliveNanos(), settings.peerTimeoutNanos() / QUESTIONS);
        this.peerTimeoutNanos = settings.peerTimeoutNanos();
        this.heard = now;
        this.asked = now;
        this.mostMessageBytes = Math.min(mine.maxMessageBytes(), theirs.maxMessageBytes());
        this.packetsPerAcknowledgement = Math.min(MOST_PER_ACKNOWLEDGEMENT, Math.max(1, mine.windowPackets() / 4));
        this.unacknowledged =
                server ? 0 : packetsPerAcknowledgement; // who connects says at once that it has the answer
        this.acknowledgeAt = server ? NEVER : now;
    }

    // ---- the user's side

    /** Whether {@link #send} takes a message. */
    public boolean hasRoom() {
        return outbound.hasRoom();
    }

    /** Whether {@link #endSending()} was said, or {@link #close}: there never is room again. */
    public boolean hasEndedSending() {
        return outbound.hasEnded();
    }

    /** Takes a copy of the message, which is between position and limit, and not larger than {@link #mostMessageBytes()}. */
    public void send(ByteBuffer message) {
        outbound.add(message);
    }

    /** Whether {@link #next} would have nothing to send of what was given to {@link #send} just now. */
    public boolean isWaitingForAnswers() {
        return outbound.isWaitingForAnswers();
    }

    /** The largest message that both sides take. */
    public int mostMessageBytes() {
        return mostMessageBytes;
    }

    /** Gives the reader, which has nothing more, what has come; false if nothing has. */
    public boolean read(MessageReader reader, long now) {
        Incoming done = reader.done();
        if (done != null) {
            inbound.done(done);
        }
        Incoming next = inbound.poll();
        if (next == null) {
            return false;
        }
        reader.add(next);
        if (inbound.isWindowWorthTelling()) {
            acknowledgeAt = now;
        }
        return true;
    }

    /** Whether something waits to be read. */
    public boolean hasPart() {
        return inbound.hasPart();
    }

    /** Says that there will be no message any more; what was taken is still sent. */
    public void endSending() {
        outbound.end();
    }

    /** Takes no messages any more, and ends when all that was sent is acknowledged. */
    public void close(long now) {
        if (!farewell.isSaid()) {
            outbound.end();
            inbound.discard();
            farewell.say(now);
            acknowledgeAt = now;
        }
    }

    /** Gives it up at once. */
    public void fail(Gone reason) {
        if (gone == null) {
            gone = reason;
            outbound.drop();
        }
    }

    /** The same, and tells the other side, again whenever something of the session comes. */
    public void abort(Gone reason, long now) {
        if (gone == null) {
            fail(reason);
            reset.say(now, keepAliveNanos);
        }
    }

    /** Until when it is worth to be there for who has not heard of the {@link #abort}; in the past if there was none. */
    public long resetUntil() {
        return reset.until();
    }

    private boolean writeReset(ByteBuffer packet, long now) {
        if (!reset.take(now)) {
            return false;
        }
        int flags = server ? RudpLayout.FROM_SERVER : 0;
        RudpLayout.begin(packet, RudpLayout.RESET, flags, identity, RudpLayout.COMMON_BYTES);
        end(packet);
        return true;
    }

    /** Why it has failed; null while it has not. */
    public @Nullable Gone gone() {
        return gone;
    }

    /** Why there is nothing to receive but what is here; null while there may come something. */
    public @Nullable Gone receivingEnded() {
        return inbound.isEnded() ? Gone.CLOSED : gone;
    }

    /** Why nobody will receive what is sent; null while somebody may. */
    public @Nullable Gone sendingEnded() {
        return farewell.isHeard() ? Gone.CLOSED : gone;
    }

    /** Whether all that was sent is acknowledged, the end included, or nobody wants it. */
    public boolean isSettled() {
        return outbound.isSettled();
    }

    /** Whether nothing is left to be done, so that it can be forgotten. */
    public boolean isOver(long now) {
        over |= gone != null || (farewell.isSaid() && outbound.isSettled() && farewell.isOver(now, roundTrip));
        return over;
    }

    /** The same without the time in which a last answer might be lost: for who closes the socket, so that the kernel answers. */
    public boolean isDone() {
        return gone != null || (farewell.isSaid() && outbound.isSettled() && farewell.isTold());
    }

    /** Since when a question waits for its answer; {@link Long#MAX_VALUE} if none does. */
    public long unansweredSince() {
        return asking && gone == null ? asked : NEVER;
    }

    /** The number of the next packet that may be delivered. */
    long expected() {
        return inbound.expected();
    }

    /** The number of the first packet that the other side may not have. */
    long firstUnacknowledged() {
        return outbound.firstUnacknowledged();
    }

    /** How many bytes of messages wait to be acknowledged. */
    public long queuedBytes() {
        return outbound.queuedBytes();
    }

    public RoundTrip roundTrip() {
        return roundTrip;
    }

    public int congestionPackets() {
        return outbound.congestionPackets();
    }

    /** Says what has come, at once. */
    void answer(long now) {
        acknowledgeAt = now;
    }

    /** Whether something has come, so that the other side knows of the session, and it is no ghost of an old question. */
    public boolean isConfirmed() {
        return confirmed;
    }

    // ---- what comes

    /** A packet that is whole and has this identity. */
    void receive(ByteBuffer packet, long now) {
        int type = RudpLayout.type(packet);
        if (type == RudpLayout.RESET) {
            hearReset();
            return;
        }
        boolean own = RudpLayout.hasFlag(packet, RudpLayout.FROM_SERVER) == server;
        if (gone != null) {
            if (!own) {
                reset.asked(now);
            }
            return;
        }
        if (own || !isBelievable(packet, type, now)) {
            counters.corrupt++;
            return;
        }
        confirmed = true;
        counters.packetsReceived++;
        heard = now;
        asking = false;
        clocks.came(packet, now);
        hearDoubled(packet, type, now);
        hearFarewell(packet, now);
        switch (type) {
            case RudpLayout.DATA, RudpLayout.FIN -> take(packet, type == RudpLayout.FIN, now);
            case RudpLayout.NACK -> counters.negativeReceived++;
            case RudpLayout.PING -> acknowledgeAt = now;
            default -> {}
        }
    }

    private boolean isBelievable(ByteBuffer packet, int type, long now) {
        long measured = clocks.roundTripNanos(packet, now);
        if (measured >= 0) {
            roundTrip.sample(measured);
            outbound.measured(measured, now);
        }
        long acknowledged = packet.getLong(RudpLayout.ACKNOWLEDGED_AT);
        if (!outbound.acknowledged(acknowledged, packet.getInt(RudpLayout.WINDOW_AT), now)) {
            return false;
        }
        int ranges = Short.toUnsignedInt(packet.getShort(RudpLayout.RANGES_AT));
        for (int i = 0; i < ranges; i++) {
            int place = RudpLayout.SESSION_BYTES + i * RudpLayout.RANGE_BYTES;
            long from = acknowledged + Integer.toUnsignedLong(packet.getInt(place));
            long count = Integer.toUnsignedLong(packet.getInt(place + Integer.BYTES));
            boolean possible =
                    type == RudpLayout.NACK ? outbound.missing(from, count, now) : outbound.held(from, count, now);
            if (!possible) {
                return false;
            }
        }
        return true;
    }

    private void hearDoubled(ByteBuffer packet, int type, long now) {
        roundTrip.calm(now);
        if (type == RudpLayout.ACK || type == RudpLayout.NACK) {
            int doubled = packet.getInt(RudpLayout.DOUBLED_AT);
            if (doubled - doubledThere > 0) {
                doubledThere = doubled;
                roundTrip.doubled(now);
            }
        }
    }

    private void hearFarewell(ByteBuffer packet, long now) {
        if (RudpLayout.hasFlag(packet, RudpLayout.KNOWS_FAREWELL)) {
            farewell.known();
        }
        if (RudpLayout.hasFlag(packet, RudpLayout.NOT_RECEIVING)) {
            if (!farewell.isHeard()) {
                outbound.drop();
            }
            farewell.heard(now);
            acknowledgeAt = now;
        }
    }

    private void take(ByteBuffer packet, boolean fin, long now) {
        boolean hadGap = inbound.hasGap();
        long expected = inbound.expected();
        Inbound.Arrival arrival = inbound.accept(packet, fin);
        if (inbound.expected() != expected || !hadGap) {
            gapSince = now;
        }
        switch (arrival) {
            case IMPOSSIBLE -> counters.corrupt++;
            case IN_ORDER -> {
                unacknowledged++;
                boolean soon = hadGap || fin || unacknowledged >= packetsPerAcknowledgement;
                acknowledgeAt = Math.min(acknowledgeAt, soon ? now : now + ACKNOWLEDGEMENT_DELAY_NANOS);
            }
            default -> acknowledgeAt = now;
        }
    }

    private void hearReset() {
        reset.heard();
        boolean overAnyway = inbound.isEnded() && outbound.isSettled();
        fail(overAnyway ? Gone.CLOSED : Gone.RESTARTED);
    }

    // ---- what goes out

    /** Writes the next packet that is due, from position 0 to the limit; false if none is. */
    public boolean next(ByteBuffer packet, long now) {
        if (gone != null) {
            return writeReset(packet, now);
        }
        if (isOver(now)) {
            return false;
        }
        forgiveOwnAbsence(now);
        if (now - heard >= peerTimeoutNanos) {
            fail(Gone.silent(now - heard));
            return false;
        }
        boolean shutOut = outbound.tick(now);
        if (inbound.hasGap() && now >= negativeDeadline()) {
            missedAt = now;
            counters.negativeSent++;
            writeRanges(packet, RudpLayout.NACK, now);
            return true;
        }
        if (now >= acknowledgeAt && inbound.hasGap()) {
            acknowledge(packet, now);
            return true;
        }
        if (outbound.choose()) {
            writeData(packet, now);
            return true;
        }
        if (now >= acknowledgeAt) {
            acknowledge(packet, now);
            return true;
        }
        if (shutOut || now >= askDeadline() || now >= farewell.deadline(outbound.isSettled(), roundTrip)) {
            ask(packet, now);
            return true;
        }
        return false;
    }

    /** Who was stopped himself, or not given the processor, has not listened meanwhile: that is no silence of the other side. */
    private void forgiveOwnAbsence(long now) {
        long late = now - deadline();
        if (late > MOST_LATE_NANOS) {
            heard = Math.min(now, heard + late);
        }
    }

    private void writeData(ByteBuffer packet, long now) {
        int type = outbound.isChosenFin() ? RudpLayout.FIN : RudpLayout.DATA;
        begin(packet, type, RudpLayout.SESSION_BYTES + outbound.chosenBytes(), now);
        outbound.writeChosen(packet, now);
        if (!inbound.hasGap()) {
            acknowledged();
        }
        end(packet);
    }

    private void acknowledge(ByteBuffer packet, long now) {
        writeRanges(packet, RudpLayout.ACK, now);
        acknowledged();
    }

    private void writeRanges(ByteBuffer packet, int type, long now) {
        begin(packet, type, RudpLayout.LEAST_PACKET_BYTES, now);
        packet.putInt(RudpLayout.DOUBLED_AT, (int) counters.duplicates);
        int ranges = inbound.hasGap() ? inbound.writeRanges(packet, type == RudpLayout.ACK) : 0;
        packet.putShort(RudpLayout.RANGES_AT, (short) ranges);
        packet.limit(RudpLayout.SESSION_BYTES + ranges * RudpLayout.RANGE_BYTES);
        end(packet);
    }

    private void acknowledged() {
        unacknowledged = 0;
        acknowledgeAt = NEVER;
    }

    private void ask(ByteBuffer packet, long now) {
        asked = now;
        asking = true;
        confirmNanos = Math.min(MOST_CONFIRM_NANOS, Math.max(LEAST_CONFIRM_NANOS, 2 * confirmNanos));
        farewell.said(now);
        begin(packet, RudpLayout.PING, RudpLayout.SESSION_BYTES, now);
        end(packet);
    }

    private void begin(ByteBuffer packet, int type, int bytes, long now) {
        int flags = farewell.flags() | (server ? RudpLayout.FROM_SERVER : 0) | clocks.flags(now);
        RudpLayout.begin(packet, type, flags, identity, bytes);
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, inbound.expected());
        packet.putInt(RudpLayout.WINDOW_AT, inbound.window());
        clocks.write(packet, now);
    }

    private void end(ByteBuffer packet) {
        RudpLayout.seal(packet);
        counters.packetsSent++;
    }

    // ---- timers

    /** When {@link #next} has something to do, if nothing happens before. */
    public long deadline() {
        if (gone != null) {
            return reset.deadline();
        }
        if (over) {
            return NEVER;
        }
        long timers = Math.min(outbound.deadline(), Math.min(askDeadline(), acknowledgeAt));
        long others = Math.min(heard + peerTimeoutNanos, farewell.deadline(outbound.isSettled(), roundTrip));
        long earliest = Math.min(timers, others);
        return inbound.hasGap() ? Math.min(earliest, negativeDeadline()) : earliest;
    }

    /** Who connects asks soon and often, until it has heard of the session: the server has to know that its answer came. */
    private long askDeadline() {
        if (!confirmed) {
            return asked + confirmNanos;
        }
        return Math.max(heard, asking ? asked : heard) + keepAliveNanos;
    }

    private long negativeDeadline() {
        long again = missedAt == 0 ? 0 : missedAt + Math.max(LEAST_NEGATIVE_NANOS, roundTrip.smoothedNanos() * 3 / 2);
        return Math.max(gapSince + roundTrip.reorderingNanos(), again);
    }
}
