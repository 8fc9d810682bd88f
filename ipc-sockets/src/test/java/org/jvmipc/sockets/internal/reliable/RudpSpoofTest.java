package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who pretends to be at an address leaves nothing in the table, and nobody there gets more than three times what was sent. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpSpoofTest {
    private static final int COUNT = 20_000;
    private static final long NOW = 30 * RudpSimulation.SECOND;

    @Test
    void spoofedSourcesLeaveNoStateAndGetNoMoreThanTheySent() throws Exception {
        RudpAlone server = new RudpAlone(64);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        long sent = 0;
        for (int i = 0; i < 30_000; i++) {
            int type = 1 + i % 11;
            int bytes = sizeOf(type);
            RudpLayout.begin(packet, type, 0, server.random.nextLong(), bytes);
            for (int at = RudpLayout.COMMON_BYTES; at < bytes; at++) {
                packet.put(at, (byte) server.random.nextInt());
            }
            if (bytes == RudpLayout.SESSION_BYTES) {
                packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, 0);
            }
            RudpLayout.seal(packet);
            long before = server.answeredBytes;
            assertNull(server.table.receive(RudpAlone.address(i), packet, 1000));
            sent += packet.limit();
            assertTrue(server.answeredBytes - before <= 3L * packet.limit());
        }
        assertEquals(0, server.table.kept());
        assertTrue(server.answeredBytes <= sent, "answered " + server.answeredBytes + " of " + sent);
        assertEquals(0, server.table.corrupt());
    }

    private static int sizeOf(int type) {
        return switch (type) {
            case RudpLayout.HELLO, RudpLayout.CONNECT, RudpLayout.ACCEPT -> RudpLayout.HANDSHAKE_BYTES;
            case RudpLayout.CHALLENGE -> RudpLayout.CHALLENGE_BYTES;
            case RudpLayout.REFUSE, RudpLayout.RESET -> RudpLayout.COMMON_BYTES;
            default -> RudpLayout.SESSION_BYTES;
        };
    }

    /** Sends it, and sees that nothing is kept and not too much goes back. */
    private static void assertNothingKept(RudpAlone server, InetSocketAddress from, ByteBuffer packet, long now) {
        long before = server.answeredBytes;
        assertNull(server.table.receive(from, packet, now));
        assertEquals(0, server.table.kept());
        long back = server.answeredBytes - before;
        assertTrue(back > 0 && back <= 3L * packet.limit(), () -> back + " bytes for " + packet.limit());
        assertEquals(RudpLayout.CHALLENGE, RudpLayout.type(server.only()));
    }

    @Test
    void questionsFromManyAddressesAreAnsweredAndForgotten() throws Exception {
        RudpAlone server = new RudpAlone(64);
        ByteBuffer packet = ByteBuffer.allocate(RudpLayout.HANDSHAKE_BYTES);
        for (int i = 0; i < COUNT; i++) {
            ClientSession client = new ClientSession(server.random.nextLong(), 0, RudpSimulation.SETTINGS, NOW);
            assertTrue(client.next(packet, NOW));
            assertEquals(RudpLayout.HELLO, RudpLayout.type(packet));
            assertNothingKept(server, RudpAlone.address(i), packet, NOW);
        }
    }

    /** All of a CONNECT is as it should be, but for one thing of its cookie. */
    @Test
    void falseCookiesMakeNoSession() throws Exception {
        RudpAlone server = new RudpAlone(64);
        RudpAlone other = new RudpAlone(64, 77); // has another key
        InetSocketAddress honest = RudpAlone.address(1);
        ByteBuffer good = server.connect(honest, NOW);
        for (int i = 0; i < COUNT; i++) {
            ByteBuffer packet = ByteBuffer.allocate(RudpLayout.HANDSHAKE_BYTES).order(good.order());
            packet.put(0, good, 0, packet.limit());
            InetSocketAddress from = honest;
            int bit = server.random.nextInt(Byte.SIZE * RudpLayout.COOKIE_MAC_BYTES);
            int at = RudpLayout.COOKIE_MAC_AT + bit / Byte.SIZE;
            switch (i % 6) {
                case 0 -> packet.put(at, (byte) (packet.get(at) ^ (1 << bit % Byte.SIZE)));
                case 1 -> from = RudpAlone.address(2 + i); // a good cookie, carried off to another address
                case 2 -> from = new InetSocketAddress(honest.getAddress(), 2 + i); // or port
                case 3 -> packet.putLong(RudpLayout.IDENTITY_AT, server.random.nextLong());
                case 4 -> packet.putLong(RudpLayout.COOKIE_TIME_AT, NOW - 1 - server.random.nextInt(1 << 30));
                default -> packet.put(0, other.connect(honest, NOW), 0, packet.limit());
            }
            RudpLayout.seal(packet);
            assertNothingKept(server, from, packet, NOW);
        }
        ServedSession served = server.table.receive(honest, good, NOW);
        assertNotNull(served, "only the cookies were wrong");
        assertEquals(List.of(served), List.copyOf(server.table.sessions()));
        assertTrue(server.answers.isEmpty());
    }

    /** Who has proven one address, and asks again and again under other names, and never uses what he gets. */
    @Test
    void oneAddressHasFewSessionsThatNobodyUses() throws Exception {
        int places = 64;
        RudpAlone server = new RudpAlone(places);
        InetSocketAddress greedy = RudpAlone.address(1);
        ServedSession used = server.table.receive(greedy, server.connect(greedy, NOW), NOW);
        assertNotNull(used);
        ByteBuffer packet = ByteBuffer.allocate(RudpLayout.SESSION_BYTES);
        RudpLayout.begin(packet, RudpLayout.PING, 0, used.session.identity, RudpLayout.SESSION_BYTES);
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, used.session.firstUnacknowledged());
        RudpLayout.seal(packet);
        assertEquals(used, server.table.receive(greedy, packet, NOW));
        assertTrue(used.session.isConfirmed());
        Deque<ServedSession> newest = new ArrayDeque<>();
        for (int i = 0; i < 10 * places; i++) {
            ServedSession served = server.table.receive(greedy, server.connect(greedy, NOW), NOW);
            assertNotNull(served);
            newest.add(served);
            ServedSession replaced = newest.size() > SessionTable.MOST_UNCONFIRMED ? newest.remove() : null;
            assertEquals(replaced, server.table.takeReplaced());
            if (replaced != null) {
                assertTrue(replaced.isOver(NOW));
                assertFalse(replaced.next(packet, NOW), "no answer any more");
                assertEquals(Long.MAX_VALUE, replaced.deadline());
            }
            assertEquals(2 * (1 + newest.size()), server.table.kept());
        }
        assertEquals(0, server.table.refused());
        Set<ServedSession> kept = new HashSet<>(newest);
        kept.add(used);
        assertEquals(kept, new HashSet<>(server.table.sessions()), "the newest, and the one that is used");
        assertNull(used.session.gone());
        for (int i = 2; i <= places - newest.size(); i++) {
            InetSocketAddress other = RudpAlone.address(i);
            assertNotNull(server.table.receive(other, server.connect(other, NOW), NOW), "a place for each other one");
        }
        InetSocketAddress late = RudpAlone.address(places);
        assertNull(server.table.receive(late, server.connect(late, NOW), NOW));
        assertEquals(RudpLayout.REFUSE, RudpLayout.type(server.only()));
        server.table.limit(0);
        assertNull(server.table.receive(greedy, server.connect(greedy, NOW), NOW));
        assertNull(server.table.takeReplaced(), "who is refused takes no place of his own either");
    }
}
