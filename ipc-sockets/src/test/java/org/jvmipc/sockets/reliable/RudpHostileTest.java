package org.jvmipc.sockets.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Campaign;

/** Bytes of no meaning, and packets that are whole and lie: nothing is believed, kept or thrown. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpHostileTest {
    private static final int COUNT = Campaign.size(100_000, 30_000_000);

    private static ByteBuffer random(SplittableRandom random, int bytes) {
        ByteBuffer packet = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < bytes; at++) {
            packet.put(at, (byte) random.nextInt());
        }
        return packet;
    }

    @Test
    void randomBytesAreCountedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(1);
        RudpSimulation simulation = new RudpSimulation(1, RudpFaults.none());
        simulation.connect();
        for (int i = 0; i < COUNT; i++) {
            ByteBuffer packet = random(random, random.nextInt(200));
            if (random.nextBoolean() && packet.limit() >= RudpLayout.COMMON_BYTES) { // as far as the checksum
                packet.putInt(RudpLayout.MAGIC_AT, RudpLayout.MAGIC);
                packet.put(RudpLayout.TYPE_AT, (byte) (1 + random.nextInt(11)));
                packet.putShort(RudpLayout.RANGES_AT, (short) 0);
                packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, Math.max(0, packet.limit() - RudpLayout.SESSION_BYTES));
            }
            assertFalse(RudpLayout.isWhole(packet.duplicate()));
            assertNull(simulation.table.receive(RudpSimulation.CLIENT, packet, simulation.now));
        }
        assertEquals(COUNT, simulation.table.corrupt());
        assertEquals(1, simulation.table.sessions().size());
        assertStillGood(simulation);
    }

    private static void assertStillGood(RudpSimulation simulation) {
        simulation.clientSession().send(new byte[] {42});
        Session server = simulation.serverSession();
        assertTrue(simulation.run(RudpSimulation.SECOND, server::hasMessage));
        byte[] message = server.poll(simulation.now);
        assertNotNull(message);
        assertEquals(42, message[0]);
    }

    /** Numbers that are at the edges of what may be, or beyond them. */
    private static long number(SplittableRandom random, long near) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> near + random.nextInt(300) - 150;
            case 2 -> near;
            case 3 -> near + (1L << random.nextInt(64));
            default -> -1L >>> random.nextInt(64);
        };
    }

    @Test
    void wholePacketsThatLieBreakNothingButTheirSession() {
        SplittableRandom random = new SplittableRandom(2);
        RudpSimulation simulation = new RudpSimulation(2, RudpFaults.none());
        Session client = simulation.connect();
        for (int i = 0; i < COUNT; i++) {
            if (client.gone() != null || simulation.serverSession().gone() != null) {
                simulation.restartClient();
                client = simulation.connect();
            }
            boolean toServer = random.nextBoolean();
            Session victim = toServer ? simulation.serverSession() : client;
            ByteBuffer lie = lie(random, victim, toServer);
            if (toServer) {
                simulation.table.receive(RudpSimulation.CLIENT, lie, simulation.now);
            } else {
                simulation.client.receive(lie, simulation.now);
            }
            if (victim.hasRoom()) {
                victim.send(new byte[random.nextInt(3000)]);
            }
            while (victim.next(simulation.buffer, simulation.now)) {
                assertTrue(RudpLayout.isWhole(simulation.buffer));
            }
            byte[] message = victim.poll(simulation.now);
            assertTrue(message == null || message.length <= RudpSimulation.SETTINGS.maxMessageBytes());
            simulation.now += random.nextInt(1000) == 0 ? random.nextLong(RudpSimulation.SECOND) : 1000;
        }
    }

    private static ByteBuffer lie(SplittableRandom random, Session victim, boolean toServer) {
        int type = RudpLayout.DATA + random.nextInt(5);
        int ranges = type == RudpLayout.ACK || type == RudpLayout.NACK ? random.nextInt(RudpLayout.MOST_RANGES + 1) : 0;
        int payload = type == RudpLayout.DATA ? random.nextInt(100) : 0;
        ByteBuffer packet = ByteBuffer.allocate(1000);
        int flags = random.nextInt(64) == 0 ? random.nextInt(256) : random.nextBoolean() ? RudpLayout.HAS_ECHO : 0;
        RudpLayout.begin(
                packet,
                type,
                toServer ? flags & ~RudpLayout.FROM_SERVER : flags | RudpLayout.FROM_SERVER,
                victim.identity,
                RudpLayout.SESSION_BYTES + ranges * RudpLayout.RANGE_BYTES + payload);
        packet.putShort(RudpLayout.RANGES_AT, (short) ranges);
        packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, payload);
        packet.putLong(RudpLayout.SEQUENCE_AT, number(random, victim.expected()));
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, number(random, victim.firstUnacknowledged()));
        packet.putInt(RudpLayout.WINDOW_AT, (int) number(random, 128));
        packet.putInt(RudpLayout.TIME_AT, random.nextInt());
        packet.putInt(RudpLayout.ECHO_AT, random.nextInt());
        packet.putInt(RudpLayout.HELD_AT, random.nextInt());
        packet.putInt(RudpLayout.MESSAGE_BYTES_AT, (int) number(random, payload));
        packet.putInt(RudpLayout.OFFSET_AT, random.nextInt(4) == 0 ? (int) number(random, 0) : 0);
        for (int i = 0; i < 2 * ranges; i++) {
            packet.putInt(RudpLayout.SESSION_BYTES + i * Integer.BYTES, (int) number(random, i));
        }
        RudpLayout.seal(packet);
        return packet;
    }

    @Test
    void aMessageThatIsSaidToBeLargeTakesNoMemoryBeforeItsBytesCome() {
        Reassembly reassembly = new Reassembly();
        assertTrue(reassembly.add(Integer.MAX_VALUE, 0, new byte[10])); // two gigabytes would not fit
        assertTrue(reassembly.add(Integer.MAX_VALUE, 10, new byte[10]));
        assertFalse(reassembly.isComplete());
        assertFalse(reassembly.add(Integer.MAX_VALUE, 10, new byte[10]), "not in its place");
        assertFalse(reassembly.add(5, 20, new byte[10]), "of another message");
    }

    @Test
    void anyOneBitThatIsWrongIsSeen() {
        RudpSimulation simulation = new RudpSimulation(3, RudpFaults.none());
        Session client = simulation.connect();
        client.send(new byte[500]);
        assertTrue(client.next(simulation.buffer, simulation.now));
        for (int bit = 0; bit < 8 * simulation.buffer.limit(); bit++) {
            ByteBuffer packet = ByteBuffer.allocate(simulation.buffer.limit());
            packet.put(0, simulation.buffer, 0, packet.limit());
            packet.put(bit / 8, (byte) (packet.get(bit / 8) ^ (1 << (bit % 8))));
            assertFalse(RudpLayout.isWhole(packet));
        }
    }
}
