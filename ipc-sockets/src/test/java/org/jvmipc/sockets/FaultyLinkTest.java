package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

/** The link with faults: its counts agree with what arrives, and with the seed. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultyLinkTest implements NoLeaks.WarmUp {
    private static final int COUNT = 2000;
    private static final LinkFaults BAD =
            LinkFaults.none().withLoss(0.3).withReorder(0.3).withDuplicate(0.1);

    @Override
    public void warmUp() throws Exception {
        passesEverythingOnBothWays("127.0.0.1");
    }

    private static FaultyLinkOptions options(LinkFaults faults) {
        return FaultyLinkOptions.defaults().withFaults(faults);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void passesEverythingOnBothWays(String host) throws Exception {
        try (DatagramEndpoint<Long> server = Datagrams.bind(new InetSocketAddress(host, 0), Codecs.int64());
                FaultyLink link = FaultyLink.open(server.localAddress(), FaultyLinkOptions.defaults());
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64());
                DatagramConnection<Long> other = Datagrams.connect(link.address(), Codecs.int64())) {
            for (long i = 0; i < 20; i++) {
                client.send(i);
                Datagram<Long> first = server.receiveFrom();
                other.send(-i);
                Datagram<Long> second = server.receiveFrom();
                assertEquals(List.of(i, -i), List.of(first.message(), second.message()));
                assertNotEquals(first.source(), second.source(), "each client has an address of its own");
                server.sendTo(second.source(), 2 * i);
                server.sendTo(first.source(), 3 * i);
                assertEquals(2 * i, other.receive());
                assertEquals(3 * i, client.receive());
            }
            assertEquals(new FaultyLinkCounts(40, 40, 0, 0, 0, 0, 0, 0, 0, 0), link.forward());
            assertEquals(new FaultyLinkCounts(40, 40, 0, 0, 0, 0, 0, 0, 0, 0), link.backward());
            assertEquals(2, link.clients());
        }
    }

    /** What came through, one at a time, so that the order is that of the link alone and nothing overflows. */
    private static List<Long> through(FaultyLinkOptions options, int count, List<FaultyLinkCounts> counts)
            throws Exception {
        List<Long> came = new ArrayList<>();
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(server.localAddress(), options);
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
            for (long i = 0; i < count; i++) {
                client.send(i);
                long sent = i + 1;
                Await.until("the link has it", () -> link.forward().received() == sent);
                drain(server, came);
            }
            Await.until("nothing is on its way", () -> link.forward().held() == 0);
            drain(server, came);
            counts.add(link.forward());
            assertEquals(0, server.dropped());
        }
        return came;
    }

    private static void drain(DatagramEndpoint<Long> server, List<Long> came) throws Exception {
        Long message;
        while ((message = server.tryReceive()) != null) {
            came.add(message);
        }
    }

    @Test
    void whatWasSentIsWhatCameAndWhatWasLost() throws Exception {
        List<FaultyLinkCounts> all = new ArrayList<>();
        List<Long> came = through(options(BAD).withSeed(7), COUNT, all);
        FaultyLinkCounts counts = all.get(0);
        assertEquals(COUNT, counts.received());
        assertEquals(0, counts.dropped() + counts.failed());
        assertEquals(came.size(), counts.forwarded());
        assertEquals(COUNT + counts.duplicated(), counts.forwarded() + counts.lost());
        assertEquals(COUNT, came.stream().distinct().count() + counts.lost());
        assertEquals(counts.duplicated(), came.size() - came.stream().distinct().count());
        assertEquals(overtaken(came), counts.reordered());
        assertBetween(0.25, counts.lost() / (double) COUNT, 0.35);
        assertBetween(0.07, counts.duplicated() / (0.7 * COUNT), 0.13);
        assertBetween(0.15, counts.reordered() / (0.7 * COUNT), 0.4);
    }

    private static void assertBetween(double least, double value, double most) {
        assertTrue(least < value && value < most, () -> value + " is not between " + least + " and " + most);
    }

    /** How many came behind a later one; a copy of one right behind it does not count again. */
    private static long overtaken(List<Long> came) {
        long newest = -1;
        long count = 0;
        long last = -1;
        for (long number : came) {
            if (number < newest && number != last) {
                count++;
            }
            newest = Math.max(newest, number);
            last = number;
        }
        return count;
    }

    @Test
    void theSameSeedMakesTheSameDecisions() throws Exception {
        List<FaultyLinkCounts> counts = new ArrayList<>();
        LinkFaults faults = BAD.withReorder(0);
        List<Long> first = through(options(faults).withSeed(3), 500, counts);
        List<Long> second = through(options(faults).withSeed(3), 500, counts);
        List<Long> other = through(options(faults).withSeed(4), 500, counts);
        assertEquals(first, second);
        assertEquals(counts.get(0), counts.get(1));
        assertNotEquals(first, other);
    }

    @Test
    void theFateOfTheNthDoesNotDependOnWhatHasBecomeOfOthers() {
        LinkDecisions some = new LinkDecisions(new java.util.SplittableRandom(5), BAD);
        LinkDecisions more = new LinkDecisions(new java.util.SplittableRandom(5), BAD.withLoss(0.6));
        int lost = 0;
        for (int i = 0; i < COUNT; i++) {
            LinkDecisions.Fate here = some.next();
            LinkDecisions.Fate there = more.next();
            assertTrue(!here.lost() || there.lost(), "who is lost at 30 % is lost at 60 %");
            assertEquals(here.duplicated(), there.duplicated());
            assertEquals(here.gap(), there.gap());
            lost += here.lost() ? 1 : 0;
        }
        assertBetween(0.25, lost / (double) COUNT, 0.35);
    }

    @Test
    void oneBitIsWrong() throws Exception {
        try (DatagramEndpoint<byte[]> server = Datagrams.open(Codecs.bytes());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(), options(LinkFaults.none().withCorrupt(1)));
                DatagramConnection<byte[]> client = Datagrams.connect(link.address(), Codecs.bytes())) {
            for (int i = 0; i < 50; i++) {
                client.send(new byte[64]);
                ByteBuffer came = ByteBuffer.wrap(server.receive());
                int wrong = 0;
                while (came.hasRemaining()) {
                    wrong += Long.bitCount(came.getLong());
                }
                assertEquals(1, wrong);
            }
            client.send(new byte[0]);
            assertEquals(0, server.receive().length);
            assertEquals(50, link.forward().corrupted());
        }
    }

    @Test
    void delaysAtLeastThatLong() throws Exception {
        Duration delay = Duration.ofMillis(30);
        LinkFaults slow = LinkFaults.none().withDelay(delay, Duration.ofMillis(5));
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(), FaultyLinkOptions.defaults().withForward(slow));
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
            long start = System.nanoTime();
            client.send(1L);
            assertEquals(1L, server.receive());
            assertTrue(System.nanoTime() - start >= delay.toNanos());
            assertEquals(1, link.forward().delayed());
            assertEquals(0, link.forward().held());
        }
    }

    @Test
    void oneThatIsHeldBackGoesOnWhenNoneComesAfterIt() throws Exception {
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(), options(LinkFaults.none().withReorder(1)));
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
            client.send(5L);
            assertNotNull(server.tryReceive(Await.LONG));
            assertEquals(0, link.forward().reordered(), "nothing has overtaken it");
        }
    }

    @Test
    void nobodyAtTheTargetIsAFailureAndTheLinkGoesOn() throws Exception {
        InetSocketAddress place;
        try (DatagramEndpoint<Long> before = Datagrams.open(Codecs.int64())) {
            place = before.localAddress();
        }
        try (FaultyLink link = FaultyLink.open(place, FaultyLinkOptions.defaults());
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
            for (long i = 0; i < 10; i++) {
                client.send(i);
            }
            Await.until("all have come", () -> link.forward().received() == 10);
            FaultyLinkCounts counts = link.forward();
            assertEquals(10, counts.forwarded() + counts.failed());
            try (DatagramEndpoint<Long> server = Datagrams.bind(place, Codecs.int64())) {
                client.send(11L);
                assertEquals(11L, server.tryReceive(Await.LONG));
            }
        }
    }

    @Test
    void oneClientTooManyTakesThePlaceOfTheLongestSilent() throws Exception {
        FaultyLinkOptions two = FaultyLinkOptions.defaults().withMaxClients(2);
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(server.localAddress(), two)) {
            for (long i = 0; i < 20; i++) {
                try (DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
                    client.send(i);
                    Datagram<Long> came = server.receiveFrom();
                    server.sendTo(came.source(), came.message());
                    assertEquals(i, client.receive());
                }
                assertTrue(link.clients() <= 2);
            }
        }
    }

    @Test
    void closesAtOnceWithMuchOnItsWayAndKeepsItsCounts() throws Exception {
        LinkFaults slow = LinkFaults.none().withDelay(Duration.ofMinutes(10), Duration.ZERO);
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                DatagramEndpoint<Long> client = Datagrams.open(Codecs.int64())) {
            FaultyLink link = FaultyLink.open(server.localAddress(), options(slow));
            for (long i = 0; i < 100; i++) {
                client.sendTo(link.address(), i);
            }
            Await.until("all have come", () -> link.forward().held() == 100);
            link.close();
            link.close();
            assertEquals(100, link.forward().received());
            assertFalse(server.tryReceive() != null);
        }
    }

    @Test
    void refusesWhatIsNoProbabilityOrNotLoopback() {
        assertThrows(IllegalArgumentException.class, () -> LinkFaults.none().withLoss(1.1));
        assertThrows(IllegalArgumentException.class, () -> LinkFaults.none().withReorder(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> LinkFaults.none()
                .withDelay(Duration.ofMillis(-1), Duration.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> FaultyLink.open(new InetSocketAddress("192.0.2.1", 9), FaultyLinkOptions.defaults()));
    }
}
