package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The side that connects: HELLO, which brings a cookie, CONNECT with the cookie, which brings the session, and the session. What is
 * not answered is sent again, at doubled times.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class ClientSession {
    private static final long FIRST_NANOS = 50_000_000;
    private static final long MOST_NANOS = 1_000_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final long identity;
    private final Offer offer;
    private final SessionSettings settings;
    private final byte[] mac = new byte[RudpLayout.COOKIE_MAC_BYTES];
    private boolean hasCookie;
    private long cookieTime;
    private long sendAt;
    private long interval = FIRST_NANOS;
    private boolean refused;
    private @Nullable Session session;

    /**
     * One that begins now.
     *
     * @param identity random
     * @param firstSequence random
     */
    public ClientSession(long identity, long firstSequence, SessionSettings settings, long now) {
        this.identity = identity;
        this.offer = Offer.of(firstSequence, settings);
        this.settings = settings;
        this.sendAt = now;
    }

    /** A packet that is whole. */
    public void receive(ByteBuffer packet, long now) {
        Session made = session;
        int type = RudpLayout.type(packet);
        if (made != null) {
            if (type >= RudpLayout.RESET && RudpLayout.identity(packet) == made.identity) {
                made.receive(packet, now);
            } else if (type == RudpLayout.ACCEPT && isOf(made, packet)) {
                made.answer(now); // the server does not know that it has come
            }
        } else if (RudpLayout.identity(packet) == identity && RudpLayout.hasFlag(packet, RudpLayout.FROM_SERVER)) {
            shake(packet, type, now);
        }
    }

    private static boolean isOf(Session session, ByteBuffer accept) {
        return accept.getLong(RudpLayout.ACCEPTED_SESSION_AT) == session.identity;
    }

    private void shake(ByteBuffer packet, int type, long now) {
        switch (type) {
            case RudpLayout.CHALLENGE -> {
                cookieTime = packet.getLong(RudpLayout.COOKIE_TIME_AT);
                packet.get(RudpLayout.COOKIE_MAC_AT, mac);
                if (!hasCookie) { // a later one is used when it is time to ask again, so that no answer makes two
                    hasCookie = true;
                    sendAt = now;
                    interval = FIRST_NANOS;
                }
            }
            case RudpLayout.ACCEPT -> {
                Offer theirs = hasCookie ? Offer.read(packet) : null;
                if (theirs != null) {
                    long given = packet.getLong(RudpLayout.ACCEPTED_SESSION_AT);
                    session = new Session(given, false, offer, theirs, settings, now);
                }
            }
            case RudpLayout.REFUSE -> refused = hasCookie;
            default -> {}
        }
    }

    /** Writes the packet that is due, if one is. */
    public boolean next(ByteBuffer packet, long now) {
        if (session != null) {
            return session.next(packet, now);
        }
        if (refused || now < sendAt) {
            return false;
        }
        sendAt = now + interval;
        interval = Math.min(MOST_NANOS, 2 * interval);
        RudpLayout.begin(
                packet, hasCookie ? RudpLayout.CONNECT : RudpLayout.HELLO, 0, identity, RudpLayout.HANDSHAKE_BYTES);
        if (hasCookie) {
            packet.putLong(RudpLayout.COOKIE_TIME_AT, cookieTime);
            packet.put(RudpLayout.COOKIE_MAC_AT, mac);
            offer.write(packet);
        }
        RudpLayout.seal(packet);
        return true;
    }

    public long deadline() {
        if (session != null) {
            return session.deadline();
        }
        return refused ? NEVER : sendAt;
    }

    /** Something that is no packet, or is damaged. */
    public void damaged() {
        if (session != null) {
            session.counters.corrupt++;
        }
    }

    public boolean isRefused() {
        return refused;
    }

    /** The session, once there is one. */
    public @Nullable Session session() {
        return session;
    }
}
