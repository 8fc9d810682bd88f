package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.ReceiverSet;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Datagrams, on real sockets. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramsTest implements NoLeaks.WarmUp {
    private static final Duration PROMPT = Duration.ofSeconds(2);

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        receivesWithSourceAndAnswers("127.0.0.1");
    }

    private static InetSocketAddress any(String host) {
        return new InetSocketAddress(host, 0);
    }

    private static <T> T await(DatagramEndpoint<T> endpoint) throws Exception {
        T message = endpoint.tryReceive(Await.LONG);
        assertNotNull(message, "no message came");
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void receivesWithSourceAndAnswers(String host) throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.bind(any(host), Codecs.utf8());
                DatagramEndpoint<String> client = Datagrams.bind(any(host), Codecs.utf8())) {
            client.sendTo(server.localAddress(), "hello");
            Datagram<String> hello = server.receiveFrom();
            assertEquals(new Datagram<>(client.localAddress(), "hello"), hello);
            assertTrue(server.trySendTo(hello.source(), "hello yourself"));
            assertEquals(new Datagram<>(server.localAddress(), "hello yourself"), client.tryReceiveFrom(Await.LONG));
            assertNull(client.tryReceiveFrom());
            assertTrue(client.trySendTo(server.localAddress(), "", Await.LONG));
            assertEquals("", await(server), "an empty datagram is a message");
        }
    }

    @Test
    void theSourceIsMadeAnewOnlyWhenItIsAnother() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.open(Codecs.utf8());
                DatagramEndpoint<String> one = Datagrams.open(Codecs.utf8());
                DatagramEndpoint<String> other = Datagrams.open(Codecs.utf8())) {
            InetSocketAddress last = null;
            for (int i = 0; i < 6; i++) {
                DatagramEndpoint<String> client = i / 2 % 2 == 0 ? one : other;
                client.sendTo(server.localAddress(), "x");
                InetSocketAddress source = server.receiveFrom().source();
                assertEquals(client.localAddress(), source);
                if (i % 2 == 1) {
                    assertSame(last, source);
                }
                last = source;
            }
        }
    }

    @Test
    void aConnectedOneTakesFromItsPeerOnly() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.open(Codecs.utf8());
                DatagramEndpoint<String> stranger = Datagrams.open(Codecs.utf8());
                DatagramConnection<String> client = Datagrams.connect(server.localAddress(), Codecs.utf8())) {
            assertEquals(server.localAddress(), client.remoteAddress());
            stranger.sendTo(client.localAddress(), "let me in");
            server.sendTo(client.localAddress(), "it is me");
            assertEquals("it is me", client.receive());
            assertNull(client.tryReceive(Duration.ofMillis(20)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void carriesTheLargestAndRefusesALargerBeforeAnythingIsSent(String host) throws Exception {
        DatagramOptions options = DatagramOptions.defaults().withMaxMessage(DatagramOptions.LARGEST_MESSAGE_BYTES);
        int largest = host.equals("::1") ? 65_527 : 65_507;
        try (DatagramEndpoint<byte[]> server = Datagrams.bind(any(host), Codecs.bytes(), options);
                DatagramEndpoint<byte[]> client = Datagrams.bind(any(host), Codecs.bytes(), options)) {
            assertEquals(largest, client.largestMessageBytes());
            byte[] message = new byte[largest];
            message[largest - 1] = 7;
            client.sendTo(server.localAddress(), message);
            assertArrayEquals(message, await(server));
            LimitException refused = assertThrows(
                    LimitException.class, () -> client.sendTo(server.localAddress(), new byte[largest + 1]));
            assertEquals("maxMessageBytes", refused.limit());
            assertEquals(largest, refused.value());
            assertNull(server.tryReceive(Duration.ofMillis(20)));
        }
    }

    @Test
    void oneThatIsLargerThanAllowedIsThrownAwayAndToldAndTheNextComes() throws Exception {
        DatagramOptions small = DatagramOptions.defaults().withMaxMessage(100);
        try (DatagramEndpoint<String> server = Datagrams.bind(any("127.0.0.1"), Codecs.utf8(), small);
                DatagramEndpoint<String> client = Datagrams.open(Codecs.utf8())) {
            client.sendTo(server.localAddress(), "x".repeat(101));
            client.sendTo(server.localAddress(), "y".repeat(100));
            LimitException told = assertThrows(LimitException.class, server::receive);
            assertEquals(100, told.value());
            assertTrue(told.getMessage().contains("101 bytes"), told.getMessage());
            assertEquals("y".repeat(100), await(server));
        }
    }

    @Test
    void whatCannotBeDecodedIsConsumed() throws Exception {
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                DatagramEndpoint<byte[]> client = Datagrams.open(Codecs.bytes())) {
            client.sendTo(server.localAddress(), new byte[7]);
            client.sendTo(server.localAddress(), new byte[8]);
            assertThrows(CorruptDataException.class, server::receiveFrom);
            assertEquals(0L, await(server));
        }
    }

    @Test
    void aRefusedPortIsToldAndTheConnectionStaysUsable() throws Exception {
        InetSocketAddress place;
        try (DatagramEndpoint<String> before = Datagrams.open(Codecs.utf8())) {
            place = before.localAddress();
        }
        try (DatagramConnection<String> client = Datagrams.connect(place, Codecs.utf8())) {
            client.send("anybody?");
            PeerGoneException gone = assertThrows(PeerGoneException.class, client::receive);
            assertEquals(PeerGoneException.Reason.UNKNOWN, gone.reason());
            client.send("anybody?");
            Await.until("a send tells it, too", () -> {
                try {
                    client.send("now?");
                    return false;
                } catch (PeerGoneException e) {
                    return true;
                }
            });
            assertNull(receiveOrGone(client));
            try (DatagramEndpoint<String> server = Datagrams.bind(place, Codecs.utf8())) {
                sendPastRefusals(client, "there you are");
                assertEquals("there you are", await(server));
            }
        }
    }

    private static String receiveOrGone(DatagramConnection<String> client) throws Exception {
        try {
            return client.tryReceive(Duration.ofMillis(20));
        } catch (PeerGoneException e) {
            return null;
        }
    }

    private static void sendPastRefusals(DatagramConnection<String> client, String message) throws Exception {
        while (true) {
            try {
                client.send(message);
                return;
            } catch (PeerGoneException e) {
                // of an earlier one
            }
        }
    }

    @Test
    void anUnconnectedOneHearsNothingOfARefusedPort() throws Exception {
        InetSocketAddress place;
        try (DatagramEndpoint<String> before = Datagrams.open(Codecs.utf8())) {
            place = before.localAddress();
        }
        try (DatagramEndpoint<String> client = Datagrams.open(Codecs.utf8())) {
            client.sendTo(place, "anybody?");
            assertNull(client.tryReceive(Duration.ofMillis(20)));
            client.sendTo(place, "anybody?");
        }
    }

    @Test
    void countsWhatTheKernelDropsWhenItIsFull() throws Exception {
        DatagramOptions small = DatagramOptions.defaults().withBuffers(0, 8192);
        int count = 500;
        try (DatagramEndpoint<byte[]> server = Datagrams.bind(any("127.0.0.1"), Codecs.bytes(), small);
                DatagramConnection<byte[]> client = Datagrams.connect(server.localAddress(), Codecs.bytes())) {
            assertEquals(0, server.dropped());
            for (int i = 0; i < count; i++) {
                client.send(new byte[1000]);
            }
            int received = 0;
            while (server.tryReceive() != null) {
                received++;
            }
            assertTrue(received > 0 && received < count, () -> "all or nothing came");
            assertEquals(count, received + server.dropped());
        }
    }

    @Test
    void onlyLoopbackUnlessInsecure() throws Exception {
        InetSocketAddress everywhere = any("0.0.0.0");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Datagrams.bind(everywhere, Codecs.utf8()));
        assertTrue(refused.getMessage().contains("0.0.0.0:0")
                && refused.getMessage().contains("insecure"));
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 9);
        assertThrows(IllegalArgumentException.class, () -> Datagrams.connect(elsewhere, Codecs.utf8()));
        assertThrows(IllegalArgumentException.class, () -> Datagrams.listen(everywhere, Codecs.utf8()));
        try (DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8())) {
            assertThrows(IllegalArgumentException.class, () -> endpoint.sendTo(elsewhere, "x"));
            assertThrows(IllegalArgumentException.class, () -> endpoint.sendTo(new InetSocketAddress("::1", 9), "x"));
            assertThrows(IllegalArgumentException.class, () -> endpoint.sendTo(any("127.0.0.1"), "x"));
        }
        DatagramOptions insecure = DatagramOptions.defaults().withInsecure(true);
        try (DatagramEndpoint<String> endpoint = Datagrams.bind(everywhere, Codecs.utf8(), insecure)) {
            assertEquals("", endpoint.address().parameter("insecure"));
        }
    }

    @Test
    void aTakenPortIsRefusedByTheKernel() throws Exception {
        try (DatagramEndpoint<String> first = Datagrams.open(Codecs.utf8())) {
            OsException taken =
                    assertThrows(OsException.class, () -> Datagrams.bind(first.localAddress(), Codecs.utf8()));
            assertEquals(Errno.EADDRINUSE, taken.errno());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void interruptAndCloseEndEveryWait() throws Exception {
        try (DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8())) {
            List<Worker.Action> waits =
                    List.of(endpoint::receiveFrom, () -> endpoint.tryReceiveFrom(Duration.ofDays(1)));
            for (Worker.Action wait : waits) {
                try (Worker<Boolean> waiter = Worker.run(wait)) {
                    waiter.awaitBlocked();
                    waiter.interrupt();
                    waiter.failure(InterruptedException.class, PROMPT);
                }
            }
            endpoint.sendTo(endpoint.localAddress(), "still usable");
            assertEquals("still usable", endpoint.receive());
            try (Worker<Boolean> waiter = Worker.run(waits.get(0))) {
                waiter.awaitBlocked();
                endpoint.close();
                waiter.failure(AsynchronousCloseException.class, PROMPT);
            }
            assertThrows(ClosedChannelException.class, endpoint::receiveFrom);
            assertThrows(ClosedChannelException.class, () -> endpoint.sendTo(endpoint.localAddress(), "x"));
            assertThrows(ClosedChannelException.class, endpoint::dropped);
        }
    }

    @Test
    void endSendingEndsOneDirection() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.open(Codecs.utf8());
                DatagramConnection<String> client = Datagrams.connect(server.localAddress(), Codecs.utf8())) {
            client.endSending();
            client.endSending();
            assertThrows(ClosedChannelException.class, () -> client.send("x"));
            assertThrows(ClosedChannelException.class, () -> client.trySend("x"));
            server.sendTo(client.localAddress(), "go on");
            assertEquals("go on", client.receive());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void severalAreWaitedForTogether() throws Exception {
        try (DatagramEndpoint<String> first = Datagrams.open(Codecs.utf8());
                DatagramEndpoint<String> second = Datagrams.open(Codecs.utf8());
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(first);
            set.add(second);
            assertEquals(List.of(), set.tryAwait(Duration.ofMillis(20)));
            for (DatagramEndpoint<String> each : List.of(second, first)) {
                try (Worker<?> waiter = Worker.call(set::await).awaitBlocked()) {
                    each.sendTo(each.localAddress(), "x");
                    assertEquals(List.of(each), waiter.result());
                }
                assertEquals("x", each.receive());
            }
            try (Worker<?> waiter = Worker.call(set::await).awaitBlocked()) {
                first.close();
                assertEquals(List.of(first), waiter.result(PROMPT));
            }
        }
    }

    @Test
    void plainJavaIsAPeer() throws Exception {
        try (DatagramEndpoint<String> endpoint = Datagrams.open(Codecs.utf8());
                DatagramSocket plain = new DatagramSocket(any("127.0.0.1"))) {
            byte[] bytes = "from plain Java".getBytes(StandardCharsets.UTF_8);
            plain.send(new DatagramPacket(bytes, bytes.length, endpoint.localAddress()));
            Datagram<String> came = endpoint.receiveFrom();
            assertEquals("from plain Java", came.message());
            endpoint.sendTo(came.source(), "to plain Java");
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            plain.receive(packet);
            assertEquals("to plain Java", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void buffersAreViewsThatTheNextReceiveReuses() throws Exception {
        try (DatagramEndpoint<ByteBuffer> endpoint = Datagrams.open(Codecs.buffers())) {
            for (int i = 0; i < 3; i++) {
                endpoint.sendTo(endpoint.localAddress(), ByteBuffer.wrap(new byte[] {(byte) i}));
                ByteBuffer view = endpoint.receive();
                assertTrue(view.isReadOnly());
                assertEquals(i, view.get(0));
            }
            assertFalse(endpoint.tryReceive() != null);
        }
    }
}
