package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;
import org.jvmipc.testkit.Worker;

/** Reliable datagrams over real sockets and a link that does what a bad network does. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableLinkTest implements NoLeaks.WarmUp {
    private static final long SEED = 1976;
    private static final int RESET = 6;
    private static final int COUNT = Campaign.size(10_000, 100_000);

    /** Packets of a network, not of loopback: so there are many to lose. */
    private static final ReliableOptions NETWORK = ReliableOptions.defaults().withPacket(1232);

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        exact(LinkFaults.none(), 100);
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(Connected.anyPort(), Codecs.bytes());
                BlackHole hole = new BlackHole(listener.localAddress())) {
            hole.open(true);
        }
    }

    static List<LinkFaults> faults() {
        LinkFaults none = LinkFaults.none();
        if (Campaign.isOn()) {
            return everyCombination();
        }
        return List.of(
                none,
                none.withLoss(0.1),
                none.withLoss(0.3).withReorder(0.3).withDuplicate(0.1).withCorrupt(0.01),
                none.withLoss(0.5),
                none.withReorder(0.5).withDuplicate(0.2),
                none.withCorrupt(0.2),
                none.withLoss(0.05).withDelay(Duration.ofMillis(2), Duration.ofMillis(5)));
    }

    /** A wrong bit may be anywhere: in a header, in what is carried, in a handshake. */
    private static List<LinkFaults> everyCombination() {
        List<LinkFaults> all = new ArrayList<>();
        for (double loss : new double[] {0, 0.1, 0.3, 0.5}) {
            for (double reorder : new double[] {0, 0.3}) {
                for (double duplicate : new double[] {0, 0.1}) {
                    for (double corrupt : new double[] {0, 0.01}) {
                        all.add(LinkFaults.none()
                                .withLoss(loss)
                                .withReorder(reorder)
                                .withDuplicate(duplicate)
                                .withCorrupt(corrupt));
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachMessageComesOnceInOrderAsItWasSent(LinkFaults faults) throws Exception {
        exact(faults, COUNT);
    }

    @SuppressWarnings("try") // closes early on purpose
    private static void exact(LinkFaults faults, int count) throws Exception {
        ReliableListenOptions listening = ReliableListenOptions.defaults().withReliable(NETWORK);
        try (ReliableListener<byte[]> listener =
                        ReliableDatagrams.listen(Connected.anyPort(), Codecs.bytes(), listening);
                FaultyLink link = FaultyLink.open(
                        listener.localAddress(),
                        FaultyLinkOptions.defaults().withFaults(faults).withSeed(SEED));
                ReliableConnection<byte[]> client = ReliableDatagrams.connect(link.address(), Codecs.bytes(), NETWORK);
                ReliableConnection<byte[]> server = listener.accept();
                Worker<Boolean> there = Worker.run(() -> send(client, count));
                Worker<Boolean> back = Worker.run(() -> send(server, count / 10));
                Worker<Boolean> taker = Worker.run(() -> receive(client, count / 10))) {
            receive(server, count);
            there.result();
            back.result();
            taker.result();
            ReliableStatistics sent = client.statistics();
            assertEquals(count, sent.messagesSent());
            assertEquals(count, server.statistics().messagesReceived());
            if (faults.loss() > 0 && count == COUNT) {
                assertTrue(sent.retransmitted() > 0, sent::toString);
            }
            if (faults.corrupt() > 0 && count == COUNT) {
                assertTrue(server.statistics().corrupt() + listener.corrupt() > 0);
            }
            client.close();
            PeerGoneException end = assertThrows(PeerGoneException.class, server::receive);
            assertEquals(PeerGoneException.Reason.CLOSED, end.reason());
        }
    }

    private static int size(long seq) {
        return Payloads.size(SEED, seq, seq % 500 == 0 ? 20_000 : 400);
    }

    private static void send(ReliableConnection<byte[]> out, int count) throws Exception {
        for (int seq = 0; seq < count; seq++) {
            out.send(Payloads.bytes(SEED, seq, size(seq)));
        }
    }

    private static void receive(ReliableConnection<byte[]> in, int count) throws Exception {
        for (int seq = 0; seq < count; seq++) {
            byte[] message = in.tryReceive(Await.LONG);
            assertNotNull(message, "message " + seq + " of " + count + "; " + in.statistics());
            Payloads.verify(SEED, seq, size(seq), message);
        }
    }

    @Test
    void aBlackHoleThatHealsDoesNoHarm() throws Exception {
        ReliableOptions patient = NETWORK.withSilence(Duration.ofMillis(100), Duration.ZERO);
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(
                        Connected.anyPort(),
                        Codecs.bytes(),
                        ReliableListenOptions.defaults().withReliable(patient));
                BlackHole hole = new BlackHole(listener.localAddress());
                ReliableConnection<byte[]> client = ReliableDatagrams.connect(hole.address(), Codecs.bytes(), patient);
                ReliableConnection<byte[]> server = listener.accept()) {
            client.send(new byte[] {1});
            assertEquals(1, server.receive()[0]);
            hole.open(true);
            client.send(new byte[] {2});
            server.send(new byte[] {3});
            assertNull(server.tryReceive(Duration.ofSeconds(Campaign.size(2, 30))), "nothing comes out of it");
            hole.open(false);
            assertEquals(2, server.receive()[0]);
            assertEquals(3, client.receive()[0]);
        }
    }

    @Test
    void aBlackHoleThatIsTooLongIsToldToBothSides() throws Exception {
        ReliableOptions impatient = NETWORK.withSilence(Duration.ofMillis(100), Duration.ofMillis(700));
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(
                        Connected.anyPort(),
                        Codecs.bytes(),
                        ReliableListenOptions.defaults().withReliable(impatient));
                BlackHole hole = new BlackHole(listener.localAddress());
                ReliableConnection<byte[]> client =
                        ReliableDatagrams.connect(hole.address(), Codecs.bytes(), impatient);
                ReliableConnection<byte[]> server = listener.accept()) {
            hole.open(true);
            client.send(new byte[1]);
            for (ReliableConnection<byte[]> each : List.of(client, server)) {
                PeerGoneException gone = assertThrows(PeerGoneException.class, each::receive);
                assertEquals(PeerGoneException.Reason.UNKNOWN, gone.reason());
                assertThrows(PeerGoneException.class, () -> each.send(new byte[1]));
            }
            hole.open(false);
            try (ReliableConnection<byte[]> again = // a new session
                            ReliableDatagrams.connect(hole.address(), Codecs.bytes(), impatient);
                    ReliableConnection<byte[]> accepted = listener.accept()) {
                again.send(new byte[] {7});
                assertEquals(7, accepted.receive()[0]);
            }
        }
    }

    /** Nobody is given up for silence here: only the RESET that is said again can tell. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAbortWhoseOnlyWordIsLostIsToldAllTheSame(boolean fromServer) throws Exception {
        ReliableOptions patient = NETWORK.withSilence(Duration.ofMillis(100), Duration.ZERO);
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(
                        Connected.anyPort(),
                        Codecs.bytes(),
                        ReliableListenOptions.defaults().withReliable(patient));
                BlackHole hole = new BlackHole(listener.localAddress());
                ReliableConnection<byte[]> client = ReliableDatagrams.connect(hole.address(), Codecs.bytes(), patient);
                ReliableConnection<byte[]> server = listener.accept()) {
            ReliableConnection<byte[]> one = fromServer ? server : client;
            ReliableConnection<byte[]> other = fromServer ? client : server;
            hole.loseOne(RESET);
            one.abort();
            PeerGoneException gone = assertThrows(PeerGoneException.class, other::receive);
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
            assertTrue(hole.hasLost());
        }
    }

    @Test
    void aBatchGoesThroughABadLinkToo() throws Exception {
        LinkFaults bad = LinkFaults.none().withLoss(0.1).withReorder(0.2);
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(Connected.anyPort(), Codecs.bytes());
                FaultyLink link = FaultyLink.open(
                        listener.localAddress(), FaultyLinkOptions.defaults().withFaults(bad));
                ReliableConnection<byte[]> client = ReliableDatagrams.connect(link.address(), Codecs.bytes());
                ReliableConnection<byte[]> server = listener.accept();
                Worker<Boolean> sender = Worker.run(() -> {
                    try (Batch<byte[]> batch = client.batch()) {
                        for (int seq = 0; seq < 20_000; seq++) {
                            batch.add(Payloads.bytes(SEED, seq, size(seq)));
                        }
                    }
                })) {
            receive(server, 20_000);
            sender.result();
        }
    }
}
