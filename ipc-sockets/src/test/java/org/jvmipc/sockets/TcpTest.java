package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What is particular to TCP: the welcoming socket, the two directions, hostile callers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class TcpTest implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final SocketOptions LINES = SocketOptions.defaults().withFraming(Framing.LINE);

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), LINES)) {
            pair.client().send("x");
            pair.server().receive();
        }
    }

    private static TcpListener<String> listen(ListenOptions options) throws IOException {
        return Tcp.listen(Connected.anyPort(), Codecs.utf8(), options);
    }

    private static SocketConnection<String> connect(TcpListener<?> listener) throws Exception {
        return Tcp.connect(listener.localAddress(), Codecs.utf8());
    }

    private static PeerGoneException gone(Worker.Action action) {
        return assertThrows(PeerGoneException.class, action::run);
    }

    private static <T> T present(T value) {
        assertNotNull(value);
        return value;
    }

    // ---- accepting

    @Test
    void eachAcceptTakesOneCaller() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults());
                SocketConnection<String> first = connect(listener);
                SocketConnection<String> second = connect(listener);
                SocketConnection<String> one = listener.accept();
                SocketConnection<String> other = listener.accept()) {
            first.send("first");
            second.send("second");
            assertEquals("first", one.receive());
            assertEquals("second", other.receive());
            assertEquals(2, listener.connections());
            assertEquals(one.peer().port(), Connected.port(first));
        }
    }

    @Test
    void aTryThatFindsNobodySaysSoAtOnceAndATimedOneAfterItsTime() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults())) {
            assertNull(listener.tryAccept());
            long start = System.nanoTime();
            assertNull(listener.tryAccept(SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        }
    }

    @Test
    void anAcceptWaitsForACaller() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults());
                Worker<SocketConnection<String>> server = Worker.call(listener::accept)) {
            server.awaitBlocked();
            try (SocketConnection<String> client = connect(listener);
                    SocketConnection<String> accepted = server.result()) {
                client.send("hello");
                assertEquals("hello", accepted.receive());
            }
        }
    }

    @Test
    void anInterruptEndsAnAcceptAndTheListenerStaysUsable() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults())) {
            try (Worker<SocketConnection<String>> server = Worker.call(listener::accept)) {
                server.awaitBlocked().interrupt();
                server.failure(InterruptedException.class);
            }
            try (SocketConnection<String> client = connect(listener);
                    SocketConnection<String> accepted = present(listener.tryAccept(Await.LONG))) {
                assertTrue(client.isOpen() && accepted.isOpen());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void aCloseEndsAnAccept() throws Exception {
        TcpListener<String> listener = listen(ListenOptions.defaults());
        try (Worker<SocketConnection<String>> server = Worker.call(listener::accept)) {
            server.awaitBlocked();
            listener.close();
            server.failure(AsynchronousCloseException.class);
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void closingTheListenerLeavesItsConnectionsOpen() throws Exception {
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), LINES)) {
            pair.listener().close();
            pair.client().send("still there");
            assertEquals("still there", pair.server().receive());
        }
    }

    @Test
    void aPolicyRefusesBeforeAByteIsRead() throws Exception {
        AcceptPolicy atMostOne = caller -> caller.connections() < 1;
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withPolicy(atMostOne));
                SocketConnection<String> first = connect(listener);
                SocketConnection<String> accepted = listener.accept();
                SocketConnection<String> second = connect(listener)) {
            assertNull(listener.tryAccept(SHORT));
            assertEquals(1, listener.refused());
            assertEquals(1, listener.connections());
            assertEquals(Reason.DIED, gone(second::receive).reason());
            first.send("served");
            assertEquals("served", accepted.receive());
        }
    }

    @Test
    void aPolicySeesWhereTheCallerCallsFrom() throws Exception {
        InetSocketAddress[] seen = new InetSocketAddress[1];
        AcceptPolicy policy = caller -> {
            seen[0] = caller.address();
            assertNull(caller.credentials());
            return true;
        };
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withPolicy(policy));
                SocketConnection<String> client = connect(listener);
                SocketConnection<String> accepted = listener.accept()) {
            assertEquals(Connected.port(client), seen[0].getPort());
            assertTrue(seen[0].getAddress().isLoopbackAddress());
            assertTrue(accepted.isOpen());
        }
    }

    @Test
    void whatAPolicyThrowsRefusesTheCallerAndIsThrown() throws Exception {
        AcceptPolicy broken = caller -> {
            throw new IllegalStateException("broken");
        };
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withPolicy(broken));
                SocketConnection<String> client = connect(listener)) {
            assertThrows(IllegalStateException.class, listener::accept);
            gone(client::receive);
            assertEquals(0, listener.connections());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void whoComesWhenAllPlacesAreTakenWaitsUntilOneIsFree() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withMaxConnections(1));
                SocketConnection<String> first = connect(listener);
                SocketConnection<String> accepted = listener.accept();
                SocketConnection<String> second = connect(listener)) {
            assertTrue(first.isOpen());
            assertNull(listener.tryAccept());
            assertNull(listener.tryAccept(SHORT));
            try (Worker<SocketConnection<String>> server = Worker.call(listener::accept)) {
                server.awaitBlocked();
                accepted.close();
                try (SocketConnection<String> next = server.result()) {
                    second.send("my turn");
                    assertEquals("my turn", next.receive());
                }
            }
        }
    }

    @Test
    void aPortThatIsTakenIsAnError() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults())) {
            OsException e = assertThrows(OsException.class, () -> Tcp.listen(listener.localAddress(), Codecs.utf8()));
            assertEquals(Errno.EADDRINUSE, e.errno());
        }
    }

    @Test
    void aServerThatStartsAgainGetsItsPortAtOnce() throws Exception {
        Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), LINES);
        InetSocketAddress port = ((TcpListener<?>) pair.listener()).localAddress();
        pair.server().close(); // the server's side ends first: its port is in TIME_WAIT
        pair.close();
        Tcp.listen(port, Codecs.utf8()).close();
    }

    // ---- connecting

    @Test
    void whereNobodyListensAConnectIsRefused() throws Exception {
        InetSocketAddress port = freePort();
        OsException e = assertThrows(OsException.class, () -> Tcp.connect(port, Codecs.utf8()));
        assertEquals(Errno.ECONNREFUSED, e.errno());
        assertTrue(String.valueOf(e.getMessage()).contains(":" + port.getPort()), e.getMessage());
        assertNull(Tcp.tryConnect(port, Codecs.utf8(), LINES, Duration.ZERO));
        assertNull(Tcp.tryConnect(port, Codecs.utf8(), LINES, SHORT));
    }

    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
    }

    @Test
    void aTimedConnectWaitsForAServer() throws Exception {
        InetSocketAddress port = freePort();
        try (Worker<SocketConnection<String>> client =
                Worker.call(() -> Tcp.tryConnect(port, Codecs.utf8(), LINES, Await.LONG))) {
            client.awaitBlocked();
            try (TcpListener<String> listener = Tcp.listen(
                            port, Codecs.utf8(), ListenOptions.defaults().withSocket(LINES));
                    SocketConnection<String> connected = client.result();
                    SocketConnection<String> accepted = listener.accept()) {
                connected.send("here you are");
                assertEquals("here you are", accepted.receive());
            }
        }
    }

    @Test
    void otherAddressesThanLoopbackHaveToBeAskedFor() throws Exception {
        InetSocketAddress any = new InetSocketAddress("0.0.0.0", 0);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Tcp.listen(any, Codecs.utf8()));
        assertTrue(String.valueOf(e.getMessage()).contains("0.0.0.0")
                && e.getMessage().contains("insecure"));
        ListenOptions insecure = ListenOptions.defaults().withSocket(LINES.withInsecure(true));
        try (TcpListener<String> listener = Tcp.listen(any, Codecs.utf8(), insecure)) {
            assertTrue(listener.isOpen());
        }
    }

    @Test
    void ipv6() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByName("::1"), 0);
        try (TcpListener<String> listener = Tcp.listen(any, Codecs.utf8());
                Connection<String> client = Ipc.connection(listener.address(), Codecs.utf8());
                SocketConnection<String> accepted = listener.accept()) {
            client.send("six");
            assertEquals("six", accepted.receive());
            assertEquals("::1", accepted.peer().host().replace("0:0:0:0:0:0:0:1", "::1"));
        }
    }

    // ---- the ends of a stream

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void endSendingIsAnEndForTheOtherSideWhichGoesOnSending() throws Exception {
        try (Connected<SocketConnection<byte[]>> pair =
                Connected.tcp(Codecs.bytes(), SocketOptions.defaults().withFraming(Framing.RAW))) {
            pair.client().send("question".getBytes(StandardCharsets.US_ASCII));
            pair.client().endSending();
            assertEquals("question", new String(pair.server().receive(), StandardCharsets.US_ASCII));
            assertEquals(Reason.CLOSED, gone(pair.server()::receive).reason());
            pair.server().send("answer".getBytes(StandardCharsets.US_ASCII));
            pair.server().close();
            assertEquals("answer", new String(pair.client().receive(), StandardCharsets.US_ASCII));
            assertEquals(Reason.CLOSED, gone(pair.client()::receive).reason());
        }
    }

    @Test
    void anAbortIsADeathForTheOtherSide() throws Exception {
        for (Framing framing : Framing.values()) {
            try (Connected<SocketConnection<String>> pair =
                    Connected.tcp(Codecs.utf8(), SocketOptions.defaults().withFraming(framing))) {
                pair.client().abort();
                assertEquals(Reason.DIED, gone(pair.server()::receive).reason(), framing.name());
                assertEquals(Reason.DIED, gone(pair.server()::receive).reason(), "told again");
                gone(() -> {
                    while (true) {
                        pair.server().send("anybody?");
                    }
                });
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void whatWasSentBeforeACloseArrivesThoughTheOtherSideGoesOnSending() throws Exception {
        SocketOptions options = SocketOptions.defaults();
        byte[] message = new byte[200_000];
        try (Connected<SocketConnection<byte[]>> pair = Connected.tcp(Codecs.bytes(), options)) {
            for (int i = 0; i < 3; i++) {
                pair.server().send(new byte[1000]); // which the client never takes
            }
            pair.client().send(message);
            pair.client().close();
            assertArrayEquals(message, pair.server().receive());
            assertEquals(Reason.CLOSED, gone(pair.server()::receive).reason());
        }
    }

    // ---- limits and hostile callers

    @Test
    void aCallerWhoIsSilentIsCutOffAfterTheHandshakesTime() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withHandshakeTimeout(SHORT));
                SocketConnection<String> client = connect(listener);
                SocketConnection<String> accepted = listener.accept()) {
            assertTrue(client.isOpen());
            PeerGoneException e = gone(accepted::receive);
            assertEquals(Reason.UNKNOWN, e.reason());
            assertTrue(String.valueOf(e.getMessage()).contains("handshakeTimeout"), e.getMessage());
            assertFalse(accepted.isOpen());
            assertEquals(0, listener.connections());
        }
    }

    @Test
    void bytesWithoutAMessageDoNotKeepAConnection() throws Exception {
        ListenOptions options = ListenOptions.defaults().withSocket(LINES).withHandshakeTimeout(Duration.ofMillis(300));
        try (TcpListener<String> listener = listen(options);
                Socket slow = new Socket(
                        InetAddress.getLoopbackAddress(),
                        listener.localAddress().getPort());
                SocketConnection<String> accepted = listener.accept();
                Worker<Boolean> drip = Worker.run(() -> {
                    while (true) {
                        slow.getOutputStream().write('x');
                        TimeUnit.MILLISECONDS.sleep(10);
                    }
                })) {
            assertEquals(Reason.UNKNOWN, gone(accepted::receive).reason());
            drip.failure(IOException.class);
        }
    }

    @Test
    void aConnectionThatFallsSilentIsCutOffAfterTheIdleTime() throws Exception {
        SocketOptions options = LINES.withIdleTimeout(Duration.ofMillis(200));
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), options)) {
            pair.client().send("one");
            assertEquals("one", pair.server().receive());
            assertNull(pair.server().tryReceive(Duration.ofMillis(1)));
            PeerGoneException e = gone(() -> pair.server().tryReceive(Await.LONG));
            assertTrue(String.valueOf(e.getMessage()).contains("idleTimeout"), e.getMessage());
        }
    }

    @Test
    void aMessageInSingleBytesArrivesWhole() throws Exception {
        ListenOptions options = ListenOptions.defaults().withSocket(LINES);
        try (TcpListener<String> listener = listen(options);
                Socket slow = new Socket(
                        InetAddress.getLoopbackAddress(),
                        listener.localAddress().getPort());
                SocketConnection<String> accepted = listener.accept()) {
            slow.setTcpNoDelay(true);
            for (byte b : "byte by byte\n".getBytes(StandardCharsets.US_ASCII)) {
                slow.getOutputStream().write(b);
            }
            assertEquals("byte by byte", accepted.receive());
        }
    }

    @Test
    void absurdLengthsAreErrorsAndTakeNoMemory() throws Exception {
        ListenOptions counted = ListenOptions.defaults().withSocket(LINES.withFraming(Framing.LEN32));
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, (16 << 20) + 1}) {
            try (TcpListener<String> listener = listen(counted);
                    Socket caller = new Socket(
                            InetAddress.getLoopbackAddress(),
                            listener.localAddress().getPort());
                    SocketConnection<String> accepted = listener.accept()) {
                caller.getOutputStream()
                        .write(ByteBuffer.allocate(4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(length)
                                .array());
                CorruptDataException e = assertThrows(CorruptDataException.class, accepted::receive);
                assertTrue(String.valueOf(e.getMessage()).contains(Integer.toUnsignedString(length)), e.getMessage());
            }
        }
    }

    @Test
    void whatIsNoFrameIsAnErrorAndTheListenerGoesOn() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults())) {
            try (Socket caller = new Socket(
                            InetAddress.getLoopbackAddress(),
                            listener.localAddress().getPort());
                    SocketConnection<String> accepted = listener.accept()) {
                caller.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThrows(CorruptDataException.class, accepted::receive);
            }
            try (SocketConnection<String> client = connect(listener);
                    SocketConnection<String> accepted = listener.accept()) {
                client.send("well-behaved");
                assertEquals("well-behaved", accepted.receive());
            }
        }
    }

    @Test
    void aMessageOverTheLimitIsRefusedBeforeAnythingIsSent() throws Exception {
        try (Connected<SocketConnection<String>> pair = Connected.tcp(Codecs.utf8(), LINES.withMaxMessage(10))) {
            assertThrows(LimitException.class, () -> pair.client().send("eleven bytes"));
            pair.client().send("ten bytes!");
            assertEquals("ten bytes!", pair.server().receive());
        }
    }

    // ---- by address

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void aServerIsInspectedByItsAddress() throws Exception {
        try (TcpListener<String> listener = listen(ListenOptions.defaults().withBacklog(7))) {
            Address address = listener.address();
            assertTrue(Ipc.exists(address));
            assertTrue(Ipc.list("tcp").contains(address));
            try (SocketConnection<String> client = connect(listener)) {
                Map<String, Object> facts = Ipc.inspect(address);
                assertEquals(ProcessHandle.current().pid(), facts.get("server"));
                assertEquals(1L, facts.get("waiting"));
                assertEquals(7L, facts.get("backlog"));
                try (SocketConnection<String> accepted = listener.accept()) {
                    assertEquals(1L, Ipc.inspect(address).get("connections"));
                    assertTrue(accepted.isOpen() && client.isOpen());
                }
            }
            listener.close();
            assertFalse(Ipc.exists(address));
            assertFalse(Ipc.list("tcp").contains(address));
            assertThrows(OsException.class, () -> Ipc.inspect(address));
        }
    }
}
