package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        RudpSimulation.send(simulation.clientSession(), new byte[] {42});
        Session server = simulation.serverSession();
        assertTrue(simulation.run(RudpSimulation.SECOND, server::hasPart));
        byte[] message = simulation.poll(server);
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
                RudpSimulation.send(victim, new byte[random.nextInt(3000)]);
            }
            while (victim.next(simulation.buffer, simulation.now)) {
                assertTrue(RudpLayout.isWhole(simulation.buffer));
            }
            byte[] message = simulation.poll(victim);
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
        if (payload >= Packer.LENGTH_BYTES) {
            packet.putInt(
                    RudpLayout.SESSION_BYTES + ranges * RudpLayout.RANGE_BYTES,
                    random.nextInt(4) == 0 ? (int) number(random, payload) : payload - Packer.LENGTH_BYTES);
        }
        if (ranges > 0) {
            packet.putInt(RudpLayout.DOUBLED_AT, (int) number(random, 0));
        }
        for (int i = 0; i < 2 * ranges; i++) {
            packet.putInt(RudpLayout.SESSION_BYTES + i * Integer.BYTES, (int) number(random, i));
        }
        RudpLayout.seal(packet);
        return packet;
    }

    @Test
    void aMessageThatIsSaidToBeLargeTakesNoMemoryBeforeItsBytesCome() {
        MessageReader reader = new MessageReader(Integer.MAX_VALUE);
        reader.add(part(Integer.MAX_VALUE, 10)); // two gigabytes would not fit
        assertNull(reader.next());
        reader.done();
        reader.add(part(42, 10));
        assertNull(reader.next());
        assertTrue(reader.isUnderWay());
        assertFalse(reader.isBroken());
    }

    /** A number, and as many bytes behind it. */
    private static Incoming part(int number, int bytes) {
        byte[] all = new byte[Integer.BYTES + bytes];
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(number);
        return new Incoming(all, all.length, false);
    }

    @Test
    void aPacketLargerThanWasOfferedIsNotKept() {
        RudpSimulation simulation = new RudpSimulation(4, RudpFaults.none());
        simulation.connect();
        Session server = simulation.serverSession();
        int payload = RudpSimulation.SETTINGS.packetBytes() - RudpLayout.SESSION_BYTES + 1;
        ByteBuffer packet = ByteBuffer.allocate(RudpLayout.SESSION_BYTES + payload);
        RudpLayout.begin(packet, RudpLayout.DATA, 0, server.identity, packet.capacity());
        packet.putLong(RudpLayout.SEQUENCE_AT, server.expected());
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, server.firstUnacknowledged());
        packet.putInt(RudpLayout.PAYLOAD_BYTES_AT, payload);
        RudpLayout.seal(packet);
        simulation.table.receive(RudpSimulation.CLIENT, packet, simulation.now);
        assertFalse(server.hasPart());
        assertEquals(1, server.counters.corrupt);
    }

    @ParameterizedTest
    @ValueSource(ints = {RudpLayout.ACK, RudpLayout.NACK})
    void ofAPacketWithOneRangeThatCannotBeNothingIsBelieved(int type) {
        RudpSimulation simulation = new RudpSimulation(5, RudpFaults.none());
        Session client = simulation.connect();
        for (int i = 0; i < 4; i++) {
            RudpSimulation.send(client, new byte[1000]);
            assertTrue(client.next(simulation.buffer, simulation.now)); // and lost
        }
        long first = client.firstUnacknowledged();
        long measured = client.roundTrip().latestNanos();
        simulation.now += RudpSimulation.MILLI / 2;
        ByteBuffer packet = ByteBuffer.allocate(1000);
        int bytes = RudpLayout.SESSION_BYTES + 2 * RudpLayout.RANGE_BYTES;
        int flags = RudpLayout.FROM_SERVER | RudpLayout.HAS_ECHO;
        RudpLayout.begin(packet, type, flags, client.identity, bytes);
        packet.putShort(RudpLayout.RANGES_AT, (short) 2);
        packet.putLong(RudpLayout.ACKNOWLEDGED_AT, first + 1);
        packet.putInt(RudpLayout.WINDOW_AT, 100);
        packet.putInt(RudpLayout.ECHO_AT, simulation.buffer.getInt(RudpLayout.TIME_AT));
        packet.putInt(RudpLayout.SESSION_BYTES, 1);
        packet.putInt(RudpLayout.SESSION_BYTES + Integer.BYTES, 1);
        packet.putInt(RudpLayout.SESSION_BYTES + RudpLayout.RANGE_BYTES, 2);
        packet.putInt(RudpLayout.SESSION_BYTES + RudpLayout.RANGE_BYTES + Integer.BYTES, 2); // one was never sent
        RudpLayout.seal(packet);
        simulation.client.receive(packet, simulation.now);
        assertEquals(1, client.counters.corrupt);
        assertEquals(first, client.firstUnacknowledged());
        assertEquals(measured, client.roundTrip().latestNanos());
        packet.putInt(RudpLayout.SESSION_BYTES + RudpLayout.RANGE_BYTES + Integer.BYTES, 1);
        RudpLayout.seal(packet);
        simulation.client.receive(packet, simulation.now);
        assertEquals(1, client.counters.corrupt);
        assertEquals(first + 1, client.firstUnacknowledged());
        assertNotEquals(measured, client.roundTrip().latestNanos());
    }

    /** Who has proven his address may still ask for a thousand sessions: each costs what we have chosen, not what he says. */
    @Test
    void aWindowThatIsSaidToBeHugeTakesNoMemory() {
        Offer mine = Offer.of(0, RudpSimulation.SETTINGS);
        Offer huge = new Offer(0, RudpLayout.MOST_WINDOW, RudpLayout.MOST_PACKET_BYTES, Integer.MAX_VALUE);
        int sessions = 20_000; // half a megabyte each would be 10 GB
        Session[] all = new Session[sessions];
        for (int i = 0; i < sessions; i++) {
            all[i] = new Session(i, true, mine, huge, RudpSimulation.SETTINGS, 0);
        }
        assertTrue(all[sessions - 1].hasRoom());
    }

    @Test
    void lengthsThatAreNoneBreakTheStreamAndNothingElse() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, 1001, Integer.MAX_VALUE}) {
            MessageReader reader = new MessageReader(1000);
            reader.add(part(length, 100));
            assertNull(reader.next());
            assertTrue(reader.isBroken());
            assertNull(reader.next(), "and stays so");
        }
        MessageReader cut = new MessageReader(1000);
        cut.add(new Incoming(new byte[3], 3, false));
        assertNull(cut.next());
        assertTrue(cut.isBroken(), "a length is in one packet");
    }

    @Test
    void anyOneBitThatIsWrongIsSeen() {
        RudpSimulation simulation = new RudpSimulation(3, RudpFaults.none());
        Session client = simulation.connect();
        RudpSimulation.send(client, new byte[500]);
        assertTrue(client.next(simulation.buffer, simulation.now));
        for (int bit = 0; bit < 8 * simulation.buffer.limit(); bit++) {
            ByteBuffer packet = ByteBuffer.allocate(simulation.buffer.limit());
            packet.put(0, simulation.buffer, 0, packet.limit());
            packet.put(bit / 8, (byte) (packet.get(bit / 8) ^ (1 << (bit % 8))));
            assertFalse(RudpLayout.isWhole(packet));
        }
    }
}
