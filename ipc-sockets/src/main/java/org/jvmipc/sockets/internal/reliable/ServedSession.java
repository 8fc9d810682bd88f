package org.jvmipc.sockets.internal.reliable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A session of a {@link SessionTable}, and how it came to be. */
public final class ServedSession {
    /** So often the answer is sent to who does not show that he has it: for half a minute. */
    private static final int MOST_ANSWERS = 20;

    private static final long MOST_NANOS = 2_000_000_000;

    private static final long FIRST_NANOS = 50_000_000;

    public final InetSocketAddress address;
    public final Session session;
    final long client;
    private final Offer mine;
    private int answers;
    private long answerAt;

    ServedSession(InetSocketAddress address, long client, Session session, Offer mine, long now) {
        this.address = address;
        this.client = client;
        this.session = session;
        this.mine = mine;
        this.answerAt = now;
    }

    /** The question has come once more, so the answer was lost. */
    void askedAgain(long now) {
        answerAt = Math.min(answerAt, now);
    }

    /** Writes the packet that is due, if one is. */
    public boolean next(ByteBuffer packet, long now) {
        if (session.isConfirmed()) {
            return session.next(packet, now);
        }
        if (session.gone() != null || now < answerAt || answers >= MOST_ANSWERS) {
            return false;
        }
        answerAt = now + Math.min(MOST_NANOS, FIRST_NANOS << answers);
        answers++;
        RudpLayout.begin(packet, RudpLayout.ACCEPT, RudpLayout.FROM_SERVER, client, RudpLayout.HANDSHAKE_BYTES);
        packet.putLong(RudpLayout.ACCEPTED_SESSION_AT, session.identity);
        mine.write(packet);
        RudpLayout.seal(packet);
        return true;
    }

    private boolean isUsedOrGone() {
        return session.isConfirmed() || session.gone() != null;
    }

    public long deadline() {
        return isUsedOrGone() ? session.deadline() : answerAt;
    }

    public boolean isOver(long now) {
        return isUsedOrGone() ? session.isOver(now) : answers >= MOST_ANSWERS && now >= answerAt;
    }
}
