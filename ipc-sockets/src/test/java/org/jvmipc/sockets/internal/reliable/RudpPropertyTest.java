package org.jvmipc.sockets.internal.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.Payloads;

/** Whatever the link does: each message once, in order, as it was sent. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RudpPropertyTest {
    private static final int COUNT = Campaign.size(10_000, 100_000);
    private static final long SEED = 5;
    private static final long HOUR = 3600 * RudpSimulation.SECOND;

    static List<RudpFaults> faults() {
        List<RudpFaults> all = new ArrayList<>();
        for (int loss : new int[] {0, 10, 30, 50}) {
            for (int i = 0; i < 8; i++) {
                all.add(new RudpFaults(loss, (i & 1) * 50, ((i >> 1) & 1) * 20, (i >> 2) * 5, 200_000));
            }
        }
        return all;
    }

    /** Sends numbered messages one way, and checks them on the other. */
    private static final class Stream implements Runnable {
        private final RudpSimulation simulation;
        private final Session from;
        private final Session to;
        private final int count;
        private final int largest;
        private int sent;
        private int got;

        Stream(RudpSimulation simulation, Session from, Session to, int count, int largest) {
            this.simulation = simulation;
            this.from = from;
            this.to = to;
            this.count = count;
            this.largest = largest;
        }

        @Override
        public void run() {
            while (sent < count && from.hasRoom()) {
                RudpSimulation.send(from, Payloads.bytes(SEED, sent, Payloads.size(SEED, sent, largest)));
                sent++;
            }
            byte[] message;
            while ((message = simulation.poll(to)) != null) {
                Payloads.verify(SEED, got, Payloads.size(SEED, got, largest), message);
                got++;
            }
        }

        boolean isDone() {
            return got == count && from.queuedBytes() == 0;
        }
    }

    private static void assertExact(RudpSimulation simulation, int count, int largest) {
        Session client = simulation.connect();
        Stream there = new Stream(simulation, client, simulation.serverSession(), count, largest);
        Stream back = new Stream(simulation, simulation.serverSession(), client, count / 10, largest);
        Runnable both = () -> {
            there.run();
            back.run();
        };
        assertTrue(
                simulation.run(HOUR, both, () -> there.isDone() && back.isDone()),
                () -> simulation.faults + ": got " + there.got + " of " + count + ", and back " + back.got + ", gone "
                        + client.gone());
        simulation.pass(5 * RudpSimulation.SECOND);
        assertNull(simulation.poll(client), "a message that nobody sent");
        assertNull(simulation.poll(simulation.serverSession()), "a message that nobody sent");
        assertEquals(count, client.counters.messagesSent);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachMessageComesOnceInOrderAsItWasSent(RudpFaults faults) {
        assertExact(new RudpSimulation(faults.hashCode(), faults), COUNT, 2000);
    }

    @Test
    void aCleanLinkNeedsNothingTwice() {
        RudpSimulation simulation = new RudpSimulation(1, RudpFaults.none());
        assertExact(simulation, COUNT, 2000);
        assertEquals(0, simulation.clientSession().counters.retransmitted);
        assertEquals(0, simulation.serverSession().counters.duplicates);
    }

    /**
     * How many packets may be sent again that were not lost. The link holds back up to ten delays, each as likely, and the sender's patience beyond a
     * round trip ends at four round trips, which are eight delays: so a fifth of what is held back is waited for in vain, and what
     * is sent instead may be held back as well. Until the patience is learned, about a window more. A timer that runs out takes no
     * part in it: it sends the first again, and not all that is late.
     */
    private static double needless(RudpFaults faults, long packets) {
        if (faults.reorder() == 0) {
            return 0;
        }
        double tooLate = faults.reorder() / 100.0 / 5;
        return packets * tooLate / (1 - tooLate) + RudpSimulation.SETTINGS.windowPackets();
    }

    /** Nanoseconds of virtual time that all messages take. */
    private static long time(RudpFaults faults) {
        RudpSimulation simulation = new RudpSimulation(2, faults);
        Session client = simulation.connect();
        long start = simulation.now;
        Stream there = new Stream(simulation, client, simulation.serverSession(), 40_000, 1000);
        assertTrue(simulation.run(HOUR, there, there::isDone));
        SessionCounters counts = client.counters;
        long lost = counts.dataSent * faults.loss() / (100 - faults.loss());
        assertTrue(
                counts.retransmitted <= 1.5 * lost + needless(faults, counts.dataSent),
                () -> faults + ": sent again " + counts.retransmitted + ", lost about " + lost);
        return simulation.now - start;
    }

    @ParameterizedTest
    @ValueSource(longs = {50_000, 1_000_000, 20_000_000})
    void whatIsLostIsSentAgainAndLittleElse(long delay) {
        long clean = time(RudpFaults.none().withDelay(delay));
        long lossy = time(RudpFaults.none().withDelay(delay).withLoss(10));
        time(RudpFaults.none().withDelay(delay).withLoss(30));
        time(new RudpFaults(0, 10, 0, 0, delay));
        time(new RudpFaults(0, 30, 0, 0, delay));
        time(new RudpFaults(0, 50, 0, 0, delay));
        assertTrue(lossy < 10 * clean + 20_000 * 20_000L, () -> "clean " + clean + " ns, with loss " + lossy + " ns");
    }

    @Test
    void manySeedsAndFaultsOfAllKinds() {
        for (int seed = 0; seed < Campaign.size(100, 20_000); seed++) {
            java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
            RudpFaults faults = new RudpFaults(
                    random.nextInt(50),
                    random.nextInt(60),
                    random.nextInt(30),
                    random.nextInt(20),
                    1 + random.nextLong(20_000_000));
            assertExact(new RudpSimulation(seed, faults), 100, 8000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {-1, -20, Long.MAX_VALUE, Long.MAX_VALUE - 20, Integer.MAX_VALUE, 0xffff_fff0L, 0, Long.MIN_VALUE})
    void numbersMayWrap(long first) {
        RudpFaults bad = new RudpFaults(20, 30, 10, 3, 500_000);
        assertExact(new RudpSimulation(first, bad, RudpSimulation.SETTINGS, first), 1000, 3000);
    }

    @Test
    void largestMessagesArePutTogether() {
        RudpFaults bad = new RudpFaults(10, 20, 10, 2, 500_000);
        RudpSimulation simulation = new RudpSimulation(3, bad);
        Session client = simulation.connect();
        int largest = RudpSimulation.SETTINGS.maxMessageBytes();
        int[] sizes = {largest, 0, largest - 1, 1168, 1169, 1167, largest};
        List<byte[]> got = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            RudpSimulation.send(client, Payloads.bytes(SEED, i, sizes[i]));
        }
        Session server = simulation.serverSession();
        assertTrue(simulation.run(HOUR, () -> take(simulation, server, got), () -> got.size() == sizes.length));
        for (int i = 0; i < sizes.length; i++) {
            Payloads.verify(SEED, i, sizes[i], got.get(i));
        }
    }

    private static void take(RudpSimulation simulation, Session session, List<byte[]> got) {
        byte[] message = simulation.poll(session);
        if (message != null) {
            got.add(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void aReceiverThatTakesNothingStopsTheSenderAndLosesNothing(int loss) {
        RudpSimulation simulation = new RudpSimulation(4, RudpFaults.none().withLoss(loss));
        Session client = simulation.connect();
        long first = client.firstUnacknowledged();
        int[] sent = {0};
        Runnable fill = () -> {
            while (client.hasRoom()) {
                RudpSimulation.send(client, Payloads.bytes(SEED, sent[0], 100));
                sent[0]++;
            }
        };
        simulation.run(30 * RudpSimulation.SECOND, fill, () -> false);
        int window = RudpSimulation.SETTINGS.windowPackets();
        assertEquals(window, client.firstUnacknowledged() - first, "packets that wait there");
        assertEquals(window, client.counters.dataSent);
        int each = 100 + Packer.LENGTH_BYTES;
        long over = client.queuedBytes() - RudpSimulation.SETTINGS.sendBufferBytes();
        assertTrue(over >= 0 && over < each, () -> "the buffer is full, and no message more: " + over);
        long there = (long) sent[0] * each - client.queuedBytes();
        if (loss == 0) {
            assertEquals(bytesOf(window, 100), there, "each packet is full");
        } else { // while a loss holds the rest back, what is there of the next message goes out by itself
            assertTrue(there > 0 && there <= bytesOf(window, 100), () -> there + " bytes wait there");
        }
        long before = simulation.packets;
        simulation.run(10 * RudpSimulation.SECOND, fill, () -> false);
        assertTrue(
                simulation.packets - before < 60,
                () -> "packets while nothing moves: " + (simulation.packets - before));
        List<byte[]> got = new ArrayList<>();
        Session server = simulation.serverSession();
        assertTrue(simulation.run(HOUR, () -> take(simulation, server, got), () -> got.size() == sent[0]));
        for (int i = 0; i < got.size(); i++) {
            Payloads.verify(SEED, i, 100, got.get(i));
        }
    }

    /** How many bytes are in so many full packets of messages of a size: a packet ends where a length would be cut. */
    private static int bytesOf(int packets, int messageBytes) {
        int partBytes = RudpSimulation.SETTINGS.packetBytes() - RudpLayout.SESSION_BYTES;
        int rest = 0; // of the message that is cut by the packet's end
        int bytes = 0;
        for (int i = 0; i < packets; i++) {
            int filled = rest;
            rest = 0;
            while (partBytes - filled >= Packer.LENGTH_BYTES) {
                int taken = Math.min(Packer.LENGTH_BYTES + messageBytes, partBytes - filled);
                rest = Packer.LENGTH_BYTES + messageBytes - taken;
                filled += taken;
            }
            bytes += filled;
        }
        return bytes;
    }

    @Test
    void aBlackHoleOfHalfAMinuteHealsAndGoesOn() {
        RudpSimulation simulation = new RudpSimulation(6, RudpFaults.none().withLoss(5));
        Session client = simulation.connect();
        Stream there = new Stream(simulation, client, simulation.serverSession(), 5000, 500);
        assertTrue(simulation.run(HOUR, there, () -> there.got > 1000));
        simulation.hole = true;
        simulation.run(30 * RudpSimulation.SECOND, there, () -> false);
        simulation.hole = false;
        assertTrue(simulation.run(10 * RudpSimulation.SECOND, there, there::isDone), "it goes on soon");
    }

    @Test
    void aBlackHoleThatIsTooLongEndsBothSidesWithAReason() {
        SessionSettings patient = RudpSimulation.SETTINGS;
        SessionSettings impatient = new SessionSettings(
                128,
                patient.packetBytes(),
                1 << 20,
                64 << 10,
                RudpSimulation.SECOND,
                10 * RudpSimulation.SECOND,
                10 * RudpSimulation.MILLI);
        RudpSimulation simulation = new RudpSimulation(7, RudpFaults.none(), impatient, null);
        Session client = simulation.connect();
        Session server = simulation.serverSession();
        RudpSimulation.send(client, new byte[10]);
        simulation.pass(RudpSimulation.SECOND);
        simulation.hole = true;
        simulation.pass(30 * RudpSimulation.SECOND);
        simulation.hole = false;
        for (Session each : List.of(client, server)) {
            Gone gone = each.sendingEnded();
            assertNotNull(gone);
            assertEquals(PeerGoneException.Reason.UNKNOWN, gone.reason());
            assertEquals(gone, each.receivingEnded());
            assertTrue(each.isOver(simulation.now));
        }
        assertNotNull(simulation.poll(server), "what had come is still there");
        assertEquals(0, simulation.table.sessions().size());
    }

    @Test
    void whoWasStoppedHimselfFirstAsksBeforeHeGivesTheOtherUp() {
        RudpSimulation simulation = new RudpSimulation(10, RudpFaults.none());
        Session client = simulation.connect();
        simulation.pass(RudpSimulation.SECOND);
        simulation.now += 59 * RudpSimulation.SECOND; // nobody runs
        simulation.pass(100 * RudpSimulation.MILLI);
        simulation.now += 3600 * RudpSimulation.SECOND;
        simulation.pass(RudpSimulation.SECOND);
        assertNull(client.gone());
        assertNull(simulation.serverSession().gone());
    }

    @Test
    void smallMessagesThatWaitTravelTogether() {
        RudpSimulation simulation = new RudpSimulation(11, RudpFaults.none());
        Session client = simulation.connect();
        Stream there = new Stream(simulation, client, simulation.serverSession(), 20_000, 20);
        assertTrue(simulation.run(HOUR, there, there::isDone));
        assertTrue(client.counters.dataSent < 2000, () -> "packets: " + client.counters.dataSent);
    }

    @Test
    void silenceIsKeptAliveByFewPackets() {
        RudpSimulation simulation = new RudpSimulation(8, RudpFaults.none());
        simulation.connect();
        simulation.pass(RudpSimulation.SECOND);
        long before = simulation.packets;
        simulation.pass(1000 * RudpSimulation.SECOND);
        assertNull(simulation.clientSession().gone());
        assertNull(simulation.serverSession().gone());
        assertTrue(simulation.packets - before <= 4000, () -> "packets: " + (simulation.packets - before));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 50})
    void aCloseBringsAllAndIsToldAndLeavesNothing(int loss) {
        for (int seed = 0; seed < 50; seed++) {
            RudpSimulation simulation = new RudpSimulation(seed, new RudpFaults(loss, 20, 10, 2, 300_000));
            Session client = simulation.connect();
            Session server = simulation.serverSession();
            for (int i = 0; i < 50; i++) {
                RudpSimulation.send(client, Payloads.bytes(SEED, i, 300));
            }
            client.close(simulation.now);
            List<byte[]> got = new ArrayList<>();
            assertTrue(simulation.run(
                    HOUR,
                    () -> take(simulation, server, got),
                    () -> server.receivingEnded() != null
                            && simulation.isRead(server)
                            && client.isOver(simulation.now)));
            assertEquals(50, got.size());
            assertEquals(Gone.CLOSED, server.receivingEnded());
            assertEquals(Gone.CLOSED, server.sendingEnded());
            server.close(simulation.now);
            assertTrue(simulation.run(
                    5 * RudpSimulation.SECOND, () -> simulation.table.sessions().isEmpty()));
        }
    }

    @Test
    void whoEndsItsSendingGoesOnReceiving() {
        RudpSimulation simulation = new RudpSimulation(9, new RudpFaults(20, 20, 10, 2, 300_000));
        Session client = simulation.connect();
        Session server = simulation.serverSession();
        RudpSimulation.send(client, new byte[5]);
        client.endSending();
        assertTrue(simulation.run(HOUR, () -> server.receivingEnded() != null));
        assertNull(server.sendingEnded());
        assertEquals(5, assertNonNull(simulation.poll(server)).length);
        Stream back = new Stream(simulation, server, client, 500, 2000);
        assertTrue(simulation.run(HOUR, back, back::isDone));
        client.close(simulation.now);
        server.close(simulation.now);
        assertTrue(simulation.run(
                5 * RudpSimulation.SECOND, () -> simulation.table.sessions().isEmpty()));
    }

    private static byte[] assertNonNull(byte @org.jspecify.annotations.Nullable [] message) {
        assertNotNull(message);
        return message;
    }
}
