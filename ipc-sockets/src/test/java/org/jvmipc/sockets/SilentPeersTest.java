package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Connections in a {@link ReceiverSet} whose other side says nothing: the set has no event to wake it, only the time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class SilentPeersTest implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int MANY = 20;

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        aConnectionThatFallsSilentInASetTellsIt();
    }

    private static TcpListener<String> listen(Duration handshake) throws Exception {
        return Tcp.listen(
                Connected.anyPort(), Codecs.utf8(), ListenOptions.defaults().withHandshakeTimeout(handshake));
    }

    @Test
    void aCallerWhoIsSilentInASetIsCutOffAfterTheHandshakesTime() throws Exception {
        try (TcpListener<String> listener = listen(SHORT);
                SocketConnection<String> client = Tcp.connect(listener.localAddress(), Codecs.utf8());
                SocketConnection<String> accepted = listener.accept();
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(accepted);
            assertEquals(List.of(accepted), set.tryAwait(Await.LONG));
            PeerGoneException e = assertThrows(PeerGoneException.class, accepted::tryReceive);
            assertEquals(Reason.UNKNOWN, e.reason());
            assertTrue(String.valueOf(e.getMessage()).contains("handshakeTimeout"), e.getMessage());
            assertFalse(accepted.isOpen());
            assertTrue(client.isOpen());

            assertEquals(List.of(accepted), set.tryAwait()); // once more, as it is closed now
            assertThrows(ClosedChannelException.class, accepted::tryReceive);
            assertEquals(0, set.size());
        }
    }

    @Test
    void aConnectionThatFallsSilentInASetTellsIt() throws Exception {
        SocketOptions options = SocketOptions.defaults().withIdleTimeout(SHORT);
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), options);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(pair.server());
            pair.client().send("one");
            List<String> heard = new ArrayList<>();
            PeerGoneException e =
                    assertThrows(PeerGoneException.class, () -> set.forEach((from, message) -> heard.add(message)));
            assertEquals(List.of("one"), heard);
            assertTrue(String.valueOf(e.getMessage()).contains("idleTimeout"), e.getMessage());
        }
    }

    @Test
    void aDrainTellsItToo() throws Exception {
        SocketOptions options = SocketOptions.defaults().withIdleTimeout(SHORT);
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), options);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(pair.server());
            assertEquals(List.of(pair.server()), set.tryAwait(Await.LONG));
            PeerGoneException e =
                    assertThrows(PeerGoneException.class, () -> pair.server().drain(message -> {}, 1));
            assertEquals(Reason.UNKNOWN, e.reason());
        }
    }

    @Test
    void aHandlerThatTakesItsTimeIsNoSilenceOfTheOtherSide() throws Exception {
        SocketOptions options = SocketOptions.defaults().withIdleTimeout(SHORT);
        CountDownLatch checked = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), options);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            pair.client().send("one");
            try (Worker<Integer> handler = Worker.call(() -> {
                int count = 0;
                while (count == 0) {
                    count = pair.server().drain(message -> hold(inside, checked), 1);
                }
                return count;
            })) {
                inside.await();
                set.add(pair.server());
                assertEquals(List.of(), set.tryAwait(SHORT.multipliedBy(3)));
                assertNull(pair.server().tryReceive());
                checked.countDown();
                assertEquals(1, handler.result());
            }
        }
    }

    private static void hold(CountDownLatch inside, CountDownLatch until) {
        inside.countDown();
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void manyAreToldByTheThreadThatWaits() throws Exception {
        try (TcpListener<String> listener = listen(SHORT);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            List<SocketConnection<String>> all = new ArrayList<>();
            try {
                for (int i = 0; i < MANY; i++) {
                    all.add(Tcp.connect(listener.localAddress(), Codecs.utf8()));
                    SocketConnection<String> accepted = listener.accept();
                    all.add(accepted);
                    set.add(accepted);
                }
                Set<Receiver<?>> told = new HashSet<>();
                while (told.size() < MANY) {
                    for (Receiver<? extends String> ready : set.await()) {
                        set.remove(ready);
                        assertThrows(PeerGoneException.class, ready::tryReceive);
                        assertTrue(told.add(ready), () -> ready + " was told twice");
                    }
                }
            } finally {
                for (SocketConnection<String> each : all) {
                    each.close();
                }
            }
        }
    }

    @Test
    void aWaitThatIsShorterThanTheSilenceEndsAtItsOwnTime() throws Exception {
        SocketOptions options = SocketOptions.defaults().withIdleTimeout(Await.LONG);
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), options);
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(pair.server());
            long start = System.nanoTime();
            assertEquals(List.of(), set.tryAwait(SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        }
    }
}
