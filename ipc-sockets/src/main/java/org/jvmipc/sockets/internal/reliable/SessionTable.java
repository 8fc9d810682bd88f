package org.jvmipc.sockets.internal.reliable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The side that is connected to: which packet is whose, and who gets a session. Nothing is kept of an address before it has brought
 * its cookie back, and nothing longer is sent there than came from there. A session counts when its client has used it: the copy of an
 * old question makes one that nobody uses, and that ends by itself.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class SessionTable {
    /** What goes out at once, as an answer. */
    public interface Answers {
        void send(InetSocketAddress to, ByteBuffer packet);
    }

    /** So many sessions that are not confirmed one address and port may have; one more takes the place of the oldest of them. */
    static final int MOST_UNCONFIRMED = 4;

    /** A client at an address. */
    private record Client(InetSocketAddress address, long identity) {}

    private final SessionSettings settings;
    private final Cookies cookies;
    private final LongSupplier random;
    private final Answers answers;
    private final ResetBudget resets = new ResetBudget();
    private final ByteBuffer buffer = ByteBuffer.allocate(RudpLayout.HANDSHAKE_BYTES);

    /** The oldest first. */
    private final Map<Long, ServedSession> sessions = new LinkedHashMap<>();

    private final Map<Client, ServedSession> clients = new HashMap<>();
    private @Nullable ServedSession replaced;
    private int places;
    private long refused;
    private long corrupt;
    private long unknown;

    /**
     * An empty table.
     *
     * @param places how many sessions there may be
     * @param random of a quality that nobody can guess
     */
    public SessionTable(SessionSettings settings, int places, Cookies cookies, LongSupplier random, Answers answers) {
        this.settings = settings;
        this.places = places;
        this.cookies = cookies;
        this.random = random;
        this.answers = answers;
    }

    /** From now on so many sessions may be made besides those that are there. */
    public void limit(int most) {
        places = most;
    }

    /**
     * A datagram, of position 0 to its limit.
     *
     * @return the session that it was for; null if it was for none
     */
    public @Nullable ServedSession receive(InetSocketAddress from, ByteBuffer packet, long now) {
        if (!RudpLayout.isWhole(packet)) {
            damaged(from, packet);
            return null;
        }
        return take(from, packet, now);
    }

    /** The same of a packet that is whole. */
    public @Nullable ServedSession take(InetSocketAddress from, ByteBuffer packet, long now) {
        switch (RudpLayout.type(packet)) {
            case RudpLayout.HELLO -> challenge(from, packet, now);
            case RudpLayout.CONNECT -> {
                return connect(from, packet, now);
            }
            case RudpLayout.RESET,
                    RudpLayout.DATA,
                    RudpLayout.ACK,
                    RudpLayout.NACK,
                    RudpLayout.PING,
                    RudpLayout.FIN -> {
                return deliver(from, packet, now);
            }
            default -> unknown++;
        }
        return null;
    }

    /** Counts it, and for the session whose it seems to be. */
    public void damaged(InetSocketAddress from, ByteBuffer packet) {
        corrupt++;
        if (packet.limit() >= RudpLayout.COMMON_BYTES) {
            packet.order(ByteOrder.LITTLE_ENDIAN);
            ServedSession served = sessions.get(RudpLayout.identity(packet));
            if (served != null && served.address.equals(from)) {
                served.session.counters.corrupt++;
            }
        }
    }

    private void challenge(InetSocketAddress from, ByteBuffer asked, long now) {
        long identity = RudpLayout.identity(asked);
        RudpLayout.begin(buffer, RudpLayout.CHALLENGE, RudpLayout.FROM_SERVER, identity, RudpLayout.CHALLENGE_BYTES);
        buffer.putLong(RudpLayout.COOKIE_TIME_AT, now);
        buffer.put(RudpLayout.COOKIE_MAC_AT, cookies.make(from, identity, now));
        RudpLayout.seal(buffer);
        answers.send(from, buffer);
    }

    private @Nullable ServedSession connect(InetSocketAddress from, ByteBuffer packet, long now) {
        Client client = new Client(from, RudpLayout.identity(packet));
        ServedSession known = clients.get(client);
        if (known != null) {
            known.askedAgain(now);
            return known;
        }
        if (!cookies.isGood(from, packet, now)) {
            challenge(from, packet, now);
            return null;
        }
        Offer theirs = Offer.read(packet);
        ServedSession unused = replaceable(from);
        int others = unused == null ? sessions.size() : sessions.size() - 1;
        if (theirs == null || others >= places) {
            refused++;
            answer(from, RudpLayout.REFUSE, client.identity);
            return null;
        }
        if (unused != null) {
            replace(unused);
        }
        return make(client, theirs, now);
    }

    /** The oldest of the sessions from there that are not confirmed, if there may be no more of them; else null. */
    private @Nullable ServedSession replaceable(InetSocketAddress from) {
        ServedSession oldest = null;
        int count = 0;
        for (ServedSession each : sessions.values()) {
            if (!each.session.isConfirmed() && each.address.equals(from)) {
                oldest = oldest == null ? each : oldest;
                count++;
            }
        }
        return count >= MOST_UNCONFIRMED ? oldest : null;
    }

    private void replace(ServedSession unused) {
        unused.session.fail(Gone.REPLACED);
        sessions.remove(unused.session.identity);
        clients.remove(new Client(unused.address, unused.client));
        replaced = unused;
    }

    /** The session that nobody has used and that gave its place to the one that was just made, once; else null. */
    public @Nullable ServedSession takeReplaced() {
        ServedSession taken = replaced;
        replaced = null;
        return taken;
    }

    private ServedSession make(Client client, Offer theirs, long now) {
        long identity;
        do {
            identity = random.getAsLong();
        } while (sessions.containsKey(identity));
        Offer mine = Offer.of(random.getAsLong(), settings);
        Session session = new Session(identity, true, mine, theirs, settings, now);
        ServedSession served = new ServedSession(client.address, client.identity, session, mine, now);
        sessions.put(identity, served);
        clients.put(client, served);
        return served;
    }

    private @Nullable ServedSession deliver(InetSocketAddress from, ByteBuffer packet, long now) {
        long identity = RudpLayout.identity(packet);
        ServedSession served = sessions.get(identity);
        if (served == null || !served.address.equals(from)) {
            unknown++;
            boolean asks =
                    RudpLayout.type(packet) != RudpLayout.RESET && !RudpLayout.hasFlag(packet, RudpLayout.FROM_SERVER);
            if (asks && resets.take(now)) {
                answer(from, RudpLayout.RESET, identity);
            }
            return null;
        }
        boolean before = served.session.isConfirmed();
        served.session.receive(packet, now);
        if (!before && served.session.isConfirmed()) {
            replaceEarlier(served);
        }
        return served;
    }

    /** A program has one session for each of its sockets: an earlier one from this address is a dead one's. */
    private void replaceEarlier(ServedSession served) {
        for (ServedSession other : sessions.values()) {
            if (other != served && other.address.equals(served.address)) {
                other.session.fail(Gone.REPLACED);
            }
        }
    }

    private void answer(InetSocketAddress to, int type, long identity) {
        RudpLayout.begin(buffer, type, RudpLayout.FROM_SERVER, identity, RudpLayout.COMMON_BYTES);
        RudpLayout.seal(buffer);
        answers.send(to, buffer);
    }

    /** Forgets those that are over. */
    public void forget(long now) {
        for (Iterator<ServedSession> all = sessions.values().iterator(); all.hasNext(); ) {
            ServedSession served = all.next();
            if (served.isOver(now)) {
                all.remove();
                clients.remove(new Client(served.address, served.client));
            }
        }
    }

    /** All that there are, also those that are not confirmed. */
    public Collection<ServedSession> sessions() {
        return sessions.values();
    }

    /** How many entries there are, of sessions and of clients: none of who has not proven his address. */
    public int kept() {
        return sessions.size() + clients.size();
    }

    /** How many were refused for want of a place. */
    public long refused() {
        return refused;
    }

    /** How many datagrams were damaged or no packets at all. */
    public long corrupt() {
        return corrupt;
    }

    /** How many packets were of no session that is here. */
    public long unknown() {
        return unknown;
    }
}
