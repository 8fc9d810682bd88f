package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A server alone, and what it has answered. */
final class RudpAlone implements SessionTable.Answers {
    final SplittableRandom random;
    final List<ByteBuffer> answers = new ArrayList<>();
    final SessionTable table;
    long answeredBytes;

    RudpAlone(int places) {
        this(places, 1);
    }

    /** One whose numbers and key are those of the seed. */
    RudpAlone(int places, long seed) {
        random = new SplittableRandom(seed);
        byte[] key = new byte[Cookies.KEY_BYTES];
        random.nextBytes(key);
        table = new SessionTable(RudpSimulation.SETTINGS, places, new Cookies(key), random::nextLong, this);
    }

    @Override
    public void send(InetSocketAddress to, ByteBuffer packet) {
        ByteBuffer copy = ByteBuffer.allocate(packet.limit());
        copy.put(0, packet, 0, packet.limit());
        assertTrue(RudpLayout.isWhole(copy));
        answers.add(copy);
        answeredBytes += packet.limit();
    }

    ByteBuffer only() {
        assertEquals(1, answers.size());
        return answers.remove(0);
    }

    /** What a new client brings back after the challenge. */
    ByteBuffer connect(InetSocketAddress from, long now) {
        ClientSession client = new ClientSession(random.nextLong(), 0, RudpSimulation.SETTINGS, now);
        ByteBuffer packet = ByteBuffer.allocate(2000);
        assertTrue(client.next(packet, now));
        table.receive(from, packet, now);
        client.receive(only(), now);
        assertTrue(client.next(packet, now));
        return packet;
    }

    /** A place of a stranger's, each number another. */
    static InetSocketAddress address(int i) throws UnknownHostException {
        byte[] host = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
        return new InetSocketAddress(InetAddress.getByAddress(host), 1 + (i & 0x7fff));
    }
}
