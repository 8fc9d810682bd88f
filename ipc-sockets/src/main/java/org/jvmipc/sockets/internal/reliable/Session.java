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
    private static final long NEVER = Long.MAX_VALUE;

    final long identity;
    public final SessionCounters counters = new SessionCounters();
    private final boolean server;
    private final Inbound inbound;
    private final Outbound outbound;
    private final RoundTrip roundTrip;
    private final Farewell farewell;
    private final Reset reset = new Reset();
    private final Silence silence;
    private final Acknowledgements acknowledgements;
    private final Hearing hearing;
    private final PacketWriter writer;
    private final int mostMessageBytes;
    private boolean over;
    private @Nullable Gone gone;

    Session(long identity, boolean server, Offer mine, Offer theirs, SessionSettings settings, long now) {
        this.identity = identity;
        this.server = server;
        this.roundTrip = new RoundTrip(settings.floorNanos());
        this.inbound = new Inbound(mine, theirs, counters);
        this.outbound = new Outbound(mine, theirs, settings.sendBufferBytes(), roundTrip, counters, now);
        this.farewell = new Farewell(now);
        this.silence = new Silence(settings, now);
        this.acknowledgements = new Acknowledgements(inbound, mine.windowPackets(), roundTrip);
        Clocks clocks = new Clocks();
        this.hearing = new Hearing(outbound, roundTrip, clocks);
        this.writer = new PacketWriter(identity, server, inbound, outbound, farewell, clocks, counters);
        this.mostMessageBytes = Math.min(mine.maxMessageBytes(), theirs.maxMessageBytes());
        if (!server) {
            acknowledgements.hurry(now); // who connects says at once that it has the answer
        }
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
            acknowledgements.hurry(now);
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
            acknowledgements.hurry(now);
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
            reset.say(now, silence.keepAliveNanos());
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
        writer.reset(packet);
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
        return gone == null ? silence.unansweredSince() : NEVER;
    }

    /** When something has come last. */
    public long heardAt() {
        return silence.heardAt();
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
        acknowledgements.hurry(now);
    }

    /** Whether something has come, so that the other side knows of the session, and it is no ghost of an old question. */
    public boolean isConfirmed() {
        return silence.isConfirmed();
    }

    // ---- what comes

    /** A packet that is whole and has this identity. */
    void receive(ByteBuffer packet, long now) {
        int type = RudpLayout.type(packet);
        boolean own = RudpLayout.hasFlag(packet, RudpLayout.FROM_SERVER) == server;
        if (!own && type == RudpLayout.RESET) {
            hearReset();
            return;
        }
        if (gone != null) {
            if (!own) {
                reset.asked(now);
            }
            return;
        }
        if (own || !hearing.take(packet, type, now)) {
            counters.corrupt++;
            return;
        }
        counters.packetsReceived++;
        silence.heard(now);
        hearing.believe(packet, type, now);
        hearFarewell(packet, now);
        switch (type) {
            case RudpLayout.DATA, RudpLayout.FIN -> take(packet, type == RudpLayout.FIN, now);
            case RudpLayout.NACK -> counters.negativeReceived++;
            case RudpLayout.PING -> acknowledgements.hurry(now);
            default -> {}
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
            acknowledgements.hurry(now);
        }
    }

    private void take(ByteBuffer packet, boolean fin, long now) {
        boolean hadGap = inbound.hasGap();
        long expected = inbound.expected();
        Inbound.Arrival arrival = inbound.accept(packet, fin);
        if (arrival == Inbound.Arrival.IMPOSSIBLE) {
            counters.corrupt++;
        }
        acknowledgements.came(arrival, fin, hadGap, expected, now);
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
        silence.forgive(now - deadline(), now);
        if (silence.isTooLong(now)) {
            fail(Gone.silent(silence.lasts(now)));
            return false;
        }
        boolean shutOut = outbound.tick(now);
        if (acknowledgements.isNegativeDue(now)) {
            acknowledgements.saidMissing(now);
            counters.negativeSent++;
            writer.ranges(packet, RudpLayout.NACK, now);
            return true;
        }
        if (acknowledgements.isDue(now) && inbound.hasGap()) {
            acknowledge(packet, now);
            return true;
        }
        if (outbound.choose()) {
            writeData(packet, now);
            return true;
        }
        if (acknowledgements.isDue(now)) {
            acknowledge(packet, now);
            return true;
        }
        if (shutOut || now >= silence.askDeadline() || now >= farewell.deadline(outbound.isSettled(), roundTrip)) {
            ask(packet, now);
            return true;
        }
        return false;
    }

    private void writeData(ByteBuffer packet, long now) {
        writer.data(packet, now);
        if (!inbound.hasGap()) {
            acknowledgements.said();
        }
    }

    private void acknowledge(ByteBuffer packet, long now) {
        writer.ranges(packet, RudpLayout.ACK, now);
        acknowledgements.said();
    }

    private void ask(ByteBuffer packet, long now) {
        silence.asked(now);
        farewell.said(now);
        writer.ping(packet, now);
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
        long timers = Math.min(outbound.deadline(), Math.min(silence.askDeadline(), acknowledgements.deadline()));
        long others = Math.min(silence.endDeadline(), farewell.deadline(outbound.isSettled(), roundTrip));
        return Math.min(timers, others);
    }
}
