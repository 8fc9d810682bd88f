package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
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
}
