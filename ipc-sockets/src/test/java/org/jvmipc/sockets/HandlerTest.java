package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.sockets.internal.loop.EventLoops;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Messages by handler, over TCP and Unix domain sockets, against the other form and against hostile callers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class HandlerTest implements NoLeaks.WarmUp {
    private static final SocketOptions LINES = SocketOptions.defaults().withFraming(Framing.LINE);

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        try (SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo)) {
            try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
                client.send("x");
                client.receive();
            }
            server.closeAll();
        }
    }

    private static SocketServer serve(ListenOptions options, ConnectionHandler<String> handler) throws IOException {
        return Tcp.serve(Connected.anyPort(), Codecs.utf8(), options, () -> handler);
    }

    /** The server's end of the client's connection. */
    private static HandledConnection<String> served(SocketConnection<String> client, Log log) throws Exception {
        client.send("here I am");
        log.next();
        HandledConnection<String> connection = log.connection;
        assertNotNull(connection);
        return connection;
    }

    private static void echo(HandledConnection<String> connection, String message) throws Exception {
        connection.send(message);
    }

    private static InetSocketAddress port(SocketServer server) {
        InetSocketAddress local = server.localAddress();
        assertNotNull(local);
        return local;
    }

    private static SocketConnection<String> connect(SocketServer server, SocketOptions options) throws Exception {
        return Tcp.connect(port(server), Codecs.utf8(), options);
    }

    /** What a handler has seen. */
    private static final class Log implements ConnectionHandler<String> {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final List<@Nullable IOException> causes = new CopyOnWriteArrayList<>();
        final CountDownLatch closed = new CountDownLatch(1);
        volatile @Nullable HandledConnection<String> connection;

        @Override
        public void opened(HandledConnection<String> opened) {
            connection = opened;
        }

        @Override
        public void received(HandledConnection<String> from, String message) {
            messages.add(message);
        }

        @Override
        public void closed(HandledConnection<String> from, @Nullable IOException cause) {
            causes.add(cause);
            closed.countDown();
        }

        @Nullable
        IOException awaitClosed() throws InterruptedException {
            assertTrue(closed.await(Await.LONG.toSeconds(), TimeUnit.SECONDS), "not closed");
            return causes.get(0);
        }

        String next() throws InterruptedException {
            String message = messages.poll(Await.LONG.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(message);
            return message;
        }
    }

    // ---- messages

    @Test
    void aHandlerAndAThreadSpeakTheSameFrames() throws Exception {
        for (Framing framing : Framing.values()) {
            SocketOptions options = SocketOptions.defaults().withFraming(framing);
            try (SocketServer server = serve(ListenOptions.defaults().withSocket(options), HandlerTest::echo);
                    SocketConnection<String> client = connect(server, options)) {
                for (String message : List.of("one", "two", "three")) {
                    client.send(message);
                    assertEquals(message, client.receive(), framing.name());
                }
            }
        }
    }

    @Test
    void aServerIsListedAndInspectedWhileItListens() throws Exception {
        Address address;
        try (SocketServer server = serve(ListenOptions.defaults().withBacklog(7), HandlerTest::echo)) {
            address = server.address().withoutParameters();
            assertTrue(Ipc.list("tcp").contains(address));
            assertEquals("7", String.valueOf(Ipc.inspect(address).get("backlog")));
        }
        assertFalse(Ipc.list("tcp").contains(address));
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void twoHandlersTalk() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo);
                HandledConnection<String> client =
                        Tcp.connect(port(server), Codecs.utf8(), SocketOptions.defaults(), log)) {
            client.send("hello");
            assertEquals("hello", log.next());
            Await.until("it is counted", () -> server.connections() == 1);
            client.close();
            assertNull(log.awaitClosed(), "closed here");
            Await.until("the server knows", () -> server.connections() == 0);
        }
    }

    @Test
    void overAUnixDomainSocketBothKnowEachOther() throws Exception {
        assumeTrue(EventLoops.isEpoll(), "needs epoll");
        Log log = new Log();
        Log ofServer = new Log();
        try (SocketServer server = UnixSockets.serve(
                        Connected.newPath(), Codecs.utf8(), ListenOptions.defaults(), () -> ofServer);
                HandledConnection<String> client =
                        UnixSockets.connect(server.address().path(), Codecs.utf8(), SocketOptions.defaults(), log)) {
            client.send("hello");
            assertEquals("hello", ofServer.next());
            HandledConnection<String> accepted = ofServer.connection;
            assertNotNull(accepted);
            assertEquals(ProcessHandle.current().pid(), accepted.credentials().pid());
            assertEquals(ProcessHandle.current().pid(), client.credentials().pid());
        }
    }

    @Test
    void withoutEpollUnixDomainSocketsSayWhatDoesWithout() {
        assumeTrue(!EventLoops.isEpoll(), "there is epoll");
        assertThrows(
                org.jvmipc.UnsupportedMechanismException.class,
                () -> UnixSockets.serve(
                        Connected.newPath(), Codecs.utf8(), ListenOptions.defaults(), () -> HandlerTest::echo));
    }

    @Test
    void largeMessagesAndBatchesArriveWholeAndInOrder() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            String large = "x".repeat(1_000_000);
            client.send(large);
            try (Batch<String> batch = client.batch()) {
                for (int i = 0; i < 10_000; i++) {
                    batch.add("message " + i);
                }
            }
            assertEquals(large, log.next());
            for (int i = 0; i < 10_000; i++) {
                assertEquals("message " + i, log.next());
            }
        }
    }

    @Test
    void aThreadOfOnesOwnSendsLargeMessagesAndBatches() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            HandledConnection<String> connection = served(client, log);
            String large = "y".repeat(1_000_000);
            try (Worker<Boolean> sending = Worker.run(() -> {
                connection.send(large);
                connection.send(large);
                try (Batch<String> batch = connection.batch()) {
                    for (int i = 0; i < 10_000; i++) {
                        batch.add("message " + i);
                    }
                }
            })) {
                assertEquals(large, client.receive());
                assertEquals(large, client.receive());
                for (int i = 0; i < 10_000; i++) {
                    assertEquals("message " + i, client.receive());
                }
                sending.result();
            }
        }
    }

    // ---- full

    @Test
    void aSendWaitsForASlowReaderAndTheTriesDoNot() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            HandledConnection<String> connection = served(client, log);
            String message = "z".repeat(50_000);
            int sent = 0;
            while (connection.trySend(message, Duration.ofMillis(200))) {
                sent++;
                assertTrue(sent < 10_000, "a slow reader holds up nothing");
            }
            assertFalse(connection.trySend(message));
            try (Worker<Boolean> sending = Worker.run(() -> connection.send(message))) {
                sending.awaitBlocked();
                sending.interrupt();
                sending.failure(InterruptedException.class);
            }
            try (Worker<Boolean> sending = Worker.run(() -> connection.send("the last"))) {
                for (int i = 0; i < sent; i++) {
                    assertEquals(message, client.receive());
                }
                assertEquals("the last", client.receive());
                sending.result();
            }
        }
    }

    @Test
    void aBatchWaitsForASlowReaderAndAfterAnInterruptSaysWhatItKept() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            HandledConnection<String> connection = served(client, log);
            String message = "b".repeat(1000);
            AtomicInteger added = new AtomicInteger();
            Batch<String> batch = connection.batch();
            try (Worker<Boolean> adding = Worker.run(() -> {
                while (added.get() < 1_000_000) {
                    batch.add(message);
                    added.incrementAndGet();
                }
            })) {
                adding.awaitBlocked();
                adding.interrupt();
                adding.failure(InterruptedException.class);
            }
            assertThrows(InterruptedIOException.class, batch::close);
            batch.close();
            assertThrows(ClosedChannelException.class, () -> batch.add(message));
            try (Worker<Boolean> sending = Worker.run(() -> connection.send("the last"))) {
                int received = 0;
                for (String next = client.receive(); !next.equals("the last"); next = client.receive()) {
                    assertEquals(message, next);
                    received++;
                }
                assertTrue(received > 0 && received < added.get(), received + " of " + added);
                sending.result();
            }
        }
    }

    @Test
    void anEmptyBatchOfAClosedConnectionClosesQuietlyAndAFullOneSaysSoOnce() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            HandledConnection<String> connection = served(client, log);
            Batch<String> empty = connection.batch();
            Batch<String> full = connection.batch();
            full.add("never sent");
            connection.close();
            empty.close();
            assertThrows(ClosedChannelException.class, full::close);
            full.close();
        }
    }

    @Test
    void aHandlerThatMeetsAnotherConnectionsEndEndsItsOwn() throws Exception {
        BlockingQueue<IOException> causes = new LinkedBlockingQueue<>();
        try (SocketServer server = serve(ListenOptions.defaults(), new ConnectionHandler<>() {
            @Override
            public void received(HandledConnection<String> connection, String message) throws Exception {
                throw message.equals("closed")
                        ? new ClosedChannelException()
                        : new PeerGoneException(Reason.CLOSED, connection.address(), "another one");
            }

            @Override
            public void closed(HandledConnection<String> connection, @Nullable IOException cause) {
                if (cause != null) {
                    causes.add(cause);
                }
            }
        })) {
            for (String kind : List.of("closed", "gone")) {
                try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
                    client.send(kind);
                    IOException cause = causes.poll(Await.LONG.toMillis(), TimeUnit.MILLISECONDS);
                    assertNotNull(cause, kind);
                    assertThrows(PeerGoneException.class, client::receive);
                }
            }
        }
    }

    @Test
    void aBatchInAHandlerNeverWaits() throws Exception {
        int count = 2_000;
        String message = "c".repeat(1000);
        try (SocketServer server = serve(ListenOptions.defaults(), (connection, word) -> {
                    try (Batch<String> batch = connection.batch()) {
                        for (int i = 0; i < count; i++) {
                            batch.add(message);
                        }
                    }
                });
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            client.send("all of it");
            for (int i = 0; i < count; i++) {
                assertEquals(message, client.receive());
            }
            client.send("again");
            assertEquals(message, client.receive());
        }
    }

    @Test
    void anEchoToOneWhoDoesNotReadKeepsLittle() throws Exception {
        try (SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            String message = "w".repeat(10_000);
            int sent = 0;
            while (client.trySend(message, Duration.ofMillis(300))) {
                sent++;
                assertTrue(sent < 100_000, "the server takes everything");
            }
            for (int i = 0; i < sent; i++) {
                assertEquals(message, client.receive());
            }
            client.send("after that");
            assertEquals("after that", client.receive());
        }
    }

    @Test
    void aHandlerThatSendsTooMuchIsTold() throws Exception {
        Log log = new Log();
        ConnectionHandler<String> flood = new ConnectionHandler<>() {
            @Override
            public void received(HandledConnection<String> connection, String message) throws Exception {
                while (true) {
                    connection.send(message);
                }
            }

            @Override
            public void closed(HandledConnection<String> connection, @Nullable IOException cause) {
                log.closed(connection, cause);
            }
        };
        try (SocketServer server = serve(ListenOptions.defaults(), flood);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            client.send("v".repeat(100_000));
            assertTrue(log.awaitClosed() instanceof LimitException, String.valueOf(log.causes));
        }
    }

    // ---- the end

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void aGoodbyeIsAnEndAndADeathIsTold() throws Exception {
        Log orderly = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), orderly)) {
            try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
                client.send("last words");
            }
            assertEquals("last words", orderly.next());
            assertNull(orderly.awaitClosed());
        }
        Log killed = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), killed)) {
            try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
                client.send("x");
                killed.next();
                client.abort();
            }
            IOException cause = killed.awaitClosed();
            assertTrue(cause instanceof PeerGoneException, String.valueOf(cause));
            assertEquals(Reason.DIED, ((PeerGoneException) cause).reason());
        }
    }

    @Test
    void halfACloseIsAnsweredByTheOtherHalf() throws Exception {
        ConnectionHandler<String> counting = new ConnectionHandler<>() {
            private int count;

            @Override
            public void received(HandledConnection<String> connection, String message) {
                count++;
            }

            @Override
            public void ended(HandledConnection<String> connection) throws Exception {
                connection.send(count + " lines");
                connection.close();
            }
        };
        try (SocketServer server = serve(ListenOptions.defaults().withSocket(LINES), counting);
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), port(server).getPort())) {
            client.getOutputStream().write("a\nb\nc\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertEquals("3 lines\n", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whatWaitsGoesOutBeforeAClose() throws Exception {
        ConnectionHandler<String> answering = (connection, message) -> {
            for (int i = 0; i < 100; i++) {
                connection.send("u".repeat(10_000));
            }
            connection.close();
        };
        try (SocketServer server = serve(ListenOptions.defaults(), answering);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            client.send("go");
            for (int i = 0; i < 100; i++) {
                assertEquals(10_000, client.receive().length());
            }
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, client::receive).reason());
        }
    }

    @Test
    void aClosedConnectionSendsNothing() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo)) {
            HandledConnection<String> client = Tcp.connect(port(server), Codecs.utf8(), SocketOptions.defaults(), log);
            client.close();
            client.close();
            assertFalse(client.isOpen());
            assertThrows(ClosedChannelException.class, () -> client.send("x"));
            assertThrows(ClosedChannelException.class, () -> client.trySend("x"));
            log.awaitClosed();
            assertEquals(1, log.causes.size());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void closingAllClosesTheConnectionsToo() throws Exception {
        SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo);
        try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            client.send("x");
            client.receive();
            server.closeAll();
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(PeerGoneException.class, client::receive).reason());
        }
        assertEquals(
                Errno.ECONNREFUSED,
                assertThrows(OsException.class, () -> connect(server, SocketOptions.defaults()))
                        .errno());
    }

    @Test
    void whatWasSentBeforeACloseArrivesThoughTheOtherSideGoesOnSending() throws Exception {
        ConnectionHandler<String> rude = (connection, message) -> {
            connection.send("t".repeat(300_000));
            connection.close();
        };
        try (SocketServer server = serve(ListenOptions.defaults(), rude);
                SocketConnection<String> client = connect(server, SocketOptions.defaults());
                Worker<Boolean> sending = Worker.run(() -> {
                    while (true) {
                        client.send("and another thing");
                    }
                })) {
            assertEquals(300_000, client.receive().length());
            assertThrows(PeerGoneException.class, client::receive);
            sending.failure(PeerGoneException.class);
        }
    }

    @Test
    void aCloseWakesABlockedSendAndATimedSendBehindItEndsInTime() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            HandledConnection<String> connection = served(client, log);
            String message = "s".repeat(50_000);
            while (connection.trySend(message, Duration.ofMillis(200))) {
                assertTrue(connection.isOpen());
            }
            try (Worker<Boolean> blocked = Worker.run(() -> connection.send(message))) {
                blocked.awaitBlocked();
                assertFalse(connection.trySend(message, Duration.ofMillis(20)));
                try (Worker<Boolean> closing = Worker.run(connection::close)) {
                    blocked.failure(ClosedChannelException.class);
                    closing.result();
                }
            }
        }
    }

    // ---- welcome, limits, hostile callers

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void aCallerWhoHasLeftTheBacklogWithAResetTakesNoPlace() throws Exception {
        ListenOptions one = ListenOptions.defaults().withMaxConnections(1);
        try (SocketServer server = serve(one, HandlerTest::echo);
                SocketConnection<String> first = connect(server, SocketOptions.defaults())) {
            first.send("x");
            first.receive();
            for (int i = 0; i < 5; i++) {
                try (Socket leaving = new Socket(
                        InetAddress.getLoopbackAddress(), port(server).getPort())) {
                    leaving.setSoLinger(true, 0);
                }
            }
            first.close();
            try (SocketConnection<String> next = connect(server, SocketOptions.defaults())) {
                next.send("my turn");
                assertEquals("my turn", next.tryReceive(Await.LONG));
            }
            Await.until("nobody is left", () -> server.connections() == 0);
        }
    }

    @Test
    void aPolicyRefuses() throws Exception {
        ListenOptions options = ListenOptions.defaults().withPolicy(caller -> caller.connections() < 1);
        try (SocketServer server = serve(options, HandlerTest::echo);
                SocketConnection<String> first = connect(server, SocketOptions.defaults())) {
            first.send("x");
            first.receive();
            try (SocketConnection<String> second = connect(server, SocketOptions.defaults())) {
                assertThrows(PeerGoneException.class, second::receive);
            }
            assertEquals(1, server.refused());
            first.send("y");
            assertEquals("y", first.receive());
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void whoComesWhenAllPlacesAreTakenIsServedWhenOneIsFree() throws Exception {
        try (SocketServer server = serve(ListenOptions.defaults().withMaxConnections(1), HandlerTest::echo);
                SocketConnection<String> first = connect(server, SocketOptions.defaults());
                SocketConnection<String> second = connect(server, SocketOptions.defaults())) {
            first.send("x");
            assertEquals("x", first.receive());
            second.send("y");
            assertNull(second.tryReceive(Duration.ofMillis(100)));
            first.close();
            assertEquals("y", second.receive());
        }
    }

    @Test
    void theSilentAreCutOff() throws Exception {
        Log log = new Log();
        ListenOptions options = ListenOptions.defaults().withHandshakeTimeout(Duration.ofMillis(100));
        try (SocketServer server = serve(options, log);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            assertTrue(client.isOpen());
            IOException cause = log.awaitClosed();
            assertTrue(String.valueOf(cause).contains("handshakeTimeout"), String.valueOf(cause));
        }
        Log idle = new Log();
        ListenOptions idling =
                ListenOptions.defaults().withSocket(SocketOptions.defaults().withIdleTimeout(Duration.ofMillis(100)));
        try (SocketServer server = serve(idling, idle);
                SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
            client.send("x");
            IOException cause = idle.awaitClosed();
            assertTrue(String.valueOf(cause).contains("idleTimeout"), String.valueOf(cause));
        }
    }

    @Test
    void whatIsNoFrameEndsItsConnectionAndNoOther() throws Exception {
        Log log = new Log();
        try (SocketServer server = serve(ListenOptions.defaults(), log)) {
            try (Socket hostile =
                    new Socket(InetAddress.getLoopbackAddress(), port(server).getPort())) {
                hostile.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(log.awaitClosed() instanceof CorruptDataException, String.valueOf(log.causes));
                InputStream in = hostile.getInputStream();
                assertThrows(IOException.class, () -> {
                    if (in.read() < 0) {
                        throw new IOException("end");
                    }
                });
            }
            try (SocketConnection<String> client = connect(server, SocketOptions.defaults())) {
                client.send("well-behaved");
                assertEquals("well-behaved", log.next());
            }
        }
    }

    @Test
    void singleBytesAndAbsurdLengths() throws Exception {
        Log log = new Log();
        ListenOptions counted = ListenOptions.defaults().withSocket(LINES.withFraming(Framing.LEN32));
        try (SocketServer server = serve(counted, log);
                Socket caller = new Socket(
                        InetAddress.getLoopbackAddress(), port(server).getPort())) {
            caller.setTcpNoDelay(true);
            for (byte b : new byte[] {2, 0, 0, 0, 'h', 'i', -1, -1, -1, 127}) {
                caller.getOutputStream().write(b);
            }
            assertEquals("hi", log.next());
            assertTrue(log.awaitClosed() instanceof CorruptDataException, String.valueOf(log.causes));
        }
    }

    @Test
    void aHandlerThatThrowsEndsItsConnectionAndNoOther() throws Exception {
        Log log = new Log();
        ConnectionHandler<String> picky = new ConnectionHandler<>() {
            @Override
            public void received(HandledConnection<String> connection, String message) throws Exception {
                if (message.equals("bad")) {
                    throw new IllegalStateException("I do not like it");
                }
                connection.send(message);
            }

            @Override
            public void closed(HandledConnection<String> connection, @Nullable IOException cause) {
                if (cause != null) {
                    log.closed(connection, cause);
                }
            }
        };
        try (SocketServer server = serve(ListenOptions.defaults(), picky);
                SocketConnection<String> good = connect(server, SocketOptions.defaults());
                SocketConnection<String> bad = connect(server, SocketOptions.defaults())) {
            bad.send("bad");
            assertThrows(PeerGoneException.class, bad::receive);
            assertTrue(String.valueOf(log.awaitClosed()).contains("I do not like it"));
            good.send("good");
            assertEquals("good", good.receive());
        }
    }

    @Test
    void aConnectWithoutServerIsRefused() throws Exception {
        SocketServer server = serve(ListenOptions.defaults(), HandlerTest::echo);
        InetSocketAddress port = port(server);
        server.close();
        OsException e = assertThrows(
                OsException.class, () -> Tcp.connect(port, Codecs.utf8(), SocketOptions.defaults(), HandlerTest::echo));
        assertEquals(Errno.ECONNREFUSED, e.errno());
    }
}
