package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.Listener;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What reliable datagrams promise beyond the contract of all transports. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableTest implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        bothSidesTalk();
    }

    private static ReliableListener<String> listener() throws Exception {
        return ReliableDatagrams.listen(Connected.anyPort(), Codecs.utf8());
    }

    private static ReliableConnection<String> connect(ReliableListener<String> listener) throws Exception {
        return ReliableDatagrams.connect(listener.localAddress(), Codecs.utf8());
    }

    @Test
    void bothSidesTalk() throws Exception {
        try (ReliableListener<String> listener = listener();
                ReliableConnection<String> client = connect(listener);
                ReliableConnection<String> server = listener.accept()) {
            client.send("what time is it?");
            assertEquals("what time is it?", server.receive());
            server.send("late");
            assertEquals("late", client.receive());
            assertEquals(client.localAddress(), server.remoteAddress());
            assertEquals(listener.localAddress(), client.remoteAddress());
            assertEquals(1, listener.sessions());
        }
    }

    @Test
    void whoEndsItsSendingGoesOnReceiving() throws Exception {
        try (ReliableListener<String> listener = listener();
                ReliableConnection<String> client = connect(listener);
                ReliableConnection<String> server = listener.accept()) {
            client.send("last");
            client.endSending();
            assertEquals("last", server.receive());
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    assertThrows(PeerGoneException.class, server::receive).reason());
            server.send("still here");
            assertEquals("still here", client.receive());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void requestsGetTheirReplies() throws Exception {
        try (ReliableListener<String> listener = listener();
                Requester<String> requester = new Requester<>(connect(listener));
                ReliableConnection<String> server = listener.accept();
                Worker<Boolean> answers = Worker.run(() -> server.forEach(message -> {
                    try {
                        server.send("re: " + message);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))) {
            for (int i = 0; i < 100; i++) {
                assertEquals("re: " + i, requester.request(Integer.toString(i)));
            }
            requester.close();
            answers.result();
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void statisticsTellWhatHasHappened() throws Exception {
        try (ReliableListener<String> listener = listener();
                ReliableConnection<String> client = connect(listener);
                ReliableConnection<String> server = listener.accept()) {
            for (int i = 0; i < 100; i++) {
                client.send("message " + i);
                assertEquals("message " + i, server.receive());
            }
            Await.until("all is acknowledged", () -> client.statistics().unacknowledgedBytes() == 0);
            ReliableStatistics sent = client.statistics();
            assertEquals(100, sent.messagesSent());
            assertEquals(100, server.statistics().messagesReceived());
            assertTrue(sent.dataPackets() <= 100 && sent.dataPackets() > 0, sent::toString);
            assertTrue(sent.packetsReceived() > 0 && sent.packetsSent() >= sent.dataPackets(), sent::toString);
            assertTrue(sent.windowPackets() > 0, sent::toString);
            assertFalse(sent.roundTrip().isNegative() || sent.roundTrip().isZero(), sent::toString);
            assertEquals(0, sent.corrupt());
            client.close();
            assertEquals(100, client.statistics().messagesSent(), "also after the close");
        }
    }

    @Test
    void aMessageTooLargeForTheOtherSideIsRefusedHere() throws Exception {
        ReliableListenOptions small = ReliableListenOptions.defaults()
                .withReliable(ReliableOptions.defaults().withMaxMessage(1000));
        try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(Connected.anyPort(), Codecs.bytes(), small);
                ReliableConnection<byte[]> client = ReliableDatagrams.connect(listener.localAddress(), Codecs.bytes());
                ReliableConnection<byte[]> server = listener.accept()) {
            assertEquals(1000, client.largestMessageBytes());
            LimitException refused = assertThrows(LimitException.class, () -> client.send(new byte[1001]));
            assertTrue(refused.getMessage().contains("maxMessageBytes"), refused.getMessage());
            client.send(new byte[1000]);
            assertEquals(1000, server.receive().length);
        }
    }

    private static InetSocketAddress freePort() throws Exception {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }

    @Test
    void whereNobodyIsAConnectIsRefusedAndATryWaits() throws Exception {
        InetSocketAddress nobody = freePort();
        OsException refused = assertThrows(OsException.class, () -> ReliableDatagrams.connect(nobody, Codecs.utf8()));
        assertEquals(Errno.ECONNREFUSED, refused.errno());
        assertNull(
                ReliableDatagrams.tryConnect(nobody, Codecs.utf8(), ReliableOptions.defaults(), Duration.ofMillis(50)));
        try (Worker<ReliableConnection<String>> waiter = Worker.call(() -> ReliableDatagrams.tryConnect(
                                nobody, Codecs.utf8(), ReliableOptions.defaults(), Await.LONG))
                        .awaitBlocked();
                ReliableListener<String> late = ReliableDatagrams.listen(nobody, Codecs.utf8());
                ReliableConnection<String> client = waiter.result();
                ReliableConnection<String> server = late.accept()) {
            client.send("found");
            assertEquals("found", server.receive());
        }
    }

    @Test
    void aSilentHostIsATimeoutAndAnInterruptLeavesNothing() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress peer = (InetSocketAddress) silent.getLocalSocketAddress();
            ReliableOptions options =
                    ReliableOptions.defaults().withSilence(Duration.ofMillis(50), Duration.ofMillis(200));
            OsException late =
                    assertThrows(OsException.class, () -> ReliableDatagrams.connect(peer, Codecs.utf8(), options));
            assertEquals(Errno.ETIMEDOUT, late.errno());
            try (Worker<ReliableConnection<String>> waiter =
                    Worker.call(() -> ReliableDatagrams.connect(peer, Codecs.utf8()))) {
                waiter.awaitBlocked();
                waiter.interrupt();
                waiter.failure(InterruptedException.class);
            }
        }
    }

    @Test
    void aFullServerRefusesAndHasAPlaceAgain() throws Exception {
        ReliableListenOptions one = ReliableListenOptions.defaults().withMaxSessions(1);
        try (ReliableListener<String> listener = ReliableDatagrams.listen(Connected.anyPort(), Codecs.utf8(), one)) {
            ReliableConnection<String> first = connect(listener);
            ReliableConnection<String> accepted = listener.accept();
            assertEquals(
                    Errno.ECONNREFUSED,
                    assertThrows(OsException.class, () -> connect(listener)).errno());
            assertTrue(listener.refused() > 0);
            assertNull(ReliableDatagrams.tryConnect(
                    listener.localAddress(), Codecs.utf8(), ReliableOptions.defaults(), Duration.ofMillis(500)));
            assertTrue(
                    listener.refused() < 20, () -> listener.refused() + " times: who is full is asked again at once");
            first.close();
            accepted.close();
            try (ReliableConnection<String> second = ReliableDatagrams.tryConnect(
                    listener.localAddress(), Codecs.utf8(), ReliableOptions.defaults(), Await.LONG)) {
                assertNotNull(second);
                second.send("in");
                try (ReliableConnection<String> next = listener.accept()) {
                    assertEquals("in", next.receive());
                }
            }
        }
    }

    @Test
    void anAbortIsADeathToTheOtherSide() throws Exception {
        try (ReliableListener<String> listener = listener()) {
            for (boolean fromServer : new boolean[] {true, false}) {
                try (ReliableConnection<String> client = connect(listener);
                        ReliableConnection<String> server = listener.accept()) {
                    ReliableConnection<String> one = fromServer ? server : client;
                    ReliableConnection<String> other = fromServer ? client : server;
                    one.abort();
                    assertEquals(
                            PeerGoneException.Reason.DIED,
                            assertThrows(PeerGoneException.class, other::receive)
                                    .reason());
                }
            }
        }
    }

    @Test
    void aListenerThatClosesLeavesItsConnectionsAndGivesThePortBackWithThem() throws Exception {
        ReliableListener<String> listener = listener();
        InetSocketAddress place = listener.localAddress();
        ReliableConnection<String> client = connect(listener);
        ReliableConnection<String> server = listener.accept();
        ReliableConnection<String> unaccepted = connect(listener);
        unaccepted.send("anybody?");
        Await.until("it waits to be accepted", () -> listener.sessions() == 2);
        listener.close();
        assertEquals(
                PeerGoneException.Reason.CLOSED,
                assertThrows(PeerGoneException.class, unaccepted::receive).reason());
        client.send("still");
        assertEquals("still", server.receive());
        unaccepted.close();
        client.close();
        server.close();
        ReliableDatagrams.listen(place, Codecs.utf8()).close();
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void severalAreWaitedForInASet() throws Exception {
        try (ReliableListener<String> listener = listener();
                ReceiverSet<String> set = new ReceiverSet<>();
                ReliableConnection<String> one = connect(listener);
                ReliableConnection<String> first = listener.accept();
                ReliableConnection<String> two = connect(listener);
                ReliableConnection<String> second = listener.accept()) {
            set.add(first);
            set.add(second);
            two.send("2");
            assertEquals("2", ready(set, second));
            one.send("1");
            assertEquals("1", ready(set, first));
            one.close();
            assertThrows(PeerGoneException.class, () -> ready(set, first));
        }
    }

    private static String ready(ReceiverSet<String> set, Receiver<String> expected) throws Exception {
        String message = null;
        while (message == null) {
            for (Receiver<? extends String> each : set.await()) {
                assertEquals(expected, each);
                message = expected.tryReceive();
            }
        }
        return message;
    }

    @Test
    void anAddressOpensBothSides() throws Exception {
        try (Listener<String> listener = Ipc.listener(Address.of("rudp://127.0.0.1:0?max=2k"), Codecs.utf8());
                Connection<String> client = Ipc.connection(listener.address(), Codecs.utf8());
                Connection<String> server = listener.accept()) {
            assertTrue(listener.address().toString().startsWith("rudp://127.0.0.1:"));
            client.send("by address");
            assertEquals("by address", server.receive());
            assertThrows(LimitException.class, () -> client.send("x".repeat(2049)));
            ReliableTransport transport = new ReliableTransport();
            Address bare = listener.address().withoutParameters();
            assertTrue(transport.exists(bare));
            assertTrue(transport.list().contains(bare));
            assertEquals(ProcessHandle.current().pid(), transport.inspect(bare).get("server"));
        }
        for (String wrong : new String[] {"packet=100", "floor=1h", "max=0", "sessions=0", "keepalive=0s"}) {
            AddressException told = assertThrows(
                    AddressException.class,
                    () -> Ipc.listener(Address.of("rudp://127.0.0.1:0?" + wrong), Codecs.utf8()));
            assertTrue(told.getMessage().contains("must be"), told.getMessage());
        }
    }

    /** Of an unknown size, so that the batch's memory has to grow just where it is full. */
    @Test
    void aBatchOfTextGrowsPastItsMemory() throws Exception {
        try (ReliableListener<String> listener = listener();
                ReliableConnection<String> client = connect(listener);
                ReliableConnection<String> server = listener.accept()) {
            for (int length : new int[] {4, 12, 28, 60, 13}) {
                try (Batch<String> batch = client.batch()) {
                    for (int i = 0; i < 1500; i++) {
                        batch.add("x".repeat(length));
                    }
                }
                for (int i = 0; i < 1500; i++) {
                    assertEquals(length, server.receive().length());
                }
            }
        }
    }

    @Test
    void aSendThatWaitsLeavesWhenSendingIsEnded() throws Exception {
        ReliableOptions small = ReliableOptions.defaults().withBuffers(1 << 12, 1 << 16);
        ReliableListenOptions listening = ReliableListenOptions.defaults().withReliable(small);
        try (ReliableListener<byte[]> listener =
                        ReliableDatagrams.listen(Connected.anyPort(), Codecs.bytes(), listening);
                ReliableConnection<byte[]> client =
                        ReliableDatagrams.connect(listener.localAddress(), Codecs.bytes(), small);
                Worker<Boolean> sender = Worker.run(() -> {
                    while (true) {
                        client.send(new byte[1000]);
                    }
                })) {
            try (ReliableConnection<byte[]> server = listener.accept()) {
                sender.awaitBlocked();
                client.endSending();
                sender.failure(AsynchronousCloseException.class);
                assertThrows(ClosedChannelException.class, () -> client.send(new byte[1]));
                assertEquals(1000, server.receive().length);
            }
        }
    }

    @Test
    void otherMachinesAreOnlyTalkedToWhenThatIsSaid() {
        InetSocketAddress any = new InetSocketAddress(0);
        assertThrows(IllegalArgumentException.class, () -> ReliableDatagrams.listen(any, Codecs.utf8()));
        InetSocketAddress other = new InetSocketAddress("192.0.2.1", 7);
        assertThrows(IllegalArgumentException.class, () -> ReliableDatagrams.connect(other, Codecs.utf8()));
    }
}
