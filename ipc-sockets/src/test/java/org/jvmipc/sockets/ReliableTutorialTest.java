package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.Worker;

/** Reliable datagrams, step by step. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableTutorialTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void step1AServerWelcomesAndAClientConnects() throws Exception {
        try (ReliableListener<String> welcome = ReliableDatagrams.listen(ANY_PORT, Codecs.utf8());
                ReliableConnection<String> client = ReliableDatagrams.connect(welcome.localAddress(), Codecs.utf8());
                ReliableConnection<String> server = welcome.accept()) {
            client.send("hello");
            assertEquals("hello", server.receive());
        }
    }

    @Test
    void step2OverABadLinkEachMessageStillComesOnceAndInOrder() throws Exception {
        LinkFaults bad = LinkFaults.none().withLoss(0.3).withReorder(0.3).withDuplicate(0.1);
        try (ReliableListener<String> welcome = ReliableDatagrams.listen(ANY_PORT, Codecs.utf8());
                FaultyLink link = FaultyLink.open(
                        welcome.localAddress(), FaultyLinkOptions.defaults().withFaults(bad));
                ReliableConnection<String> client = ReliableDatagrams.connect(link.address(), Codecs.utf8());
                ReliableConnection<String> server = welcome.accept()) {
            for (int i = 0; i < 10_000; i++) {
                client.send("message " + i);
            }
            for (int i = 0; i < 10_000; i++) {
                assertEquals("message " + i, server.receive());
            }
            assertTrue(client.statistics().retransmitted() > 0);
        }
    }

    @Test
    void step3SilenceIsWaitedOutOrToldAsTheOptionsSay() throws Exception {
        ReliableOptions patient = ReliableOptions.defaults().withSilence(Duration.ofMillis(100), Duration.ZERO);
        try (ReliableListener<String> welcome = ReliableDatagrams.listen(
                        ANY_PORT,
                        Codecs.utf8(),
                        ReliableListenOptions.defaults().withReliable(patient));
                BlackHole hole = new BlackHole(welcome.localAddress());
                ReliableConnection<String> client = ReliableDatagrams.connect(hole.address(), Codecs.utf8(), patient);
                ReliableConnection<String> server = welcome.accept();
                Worker<String> receiver = Worker.call(server::receive)) {
            hole.open(true);
            client.send("late");
            receiver.awaitBlocked();
            hole.open(false);
            assertEquals("late", receiver.result());
        }
    }
}
