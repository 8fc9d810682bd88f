package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.ReceiverSet;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Worker;

/**
 * Stream sockets, step by step. Read from top to bottom; every step runs.
 *
 * <p>A server has a welcoming socket, in whose backlog callers wait. Each accept gives one of them a connection socket of his
 * own, over which both sides send and receive.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TutorialTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    /** The server listens, the client connects, the server accepts; then both are equals. */
    @Test
    @Order(1)
    void step1WelcomeConnectAccept() throws Exception {
        try (TcpListener<String> welcome = Tcp.listen(ANY_PORT, Codecs.utf8());
                SocketConnection<String> client = Tcp.connect(welcome.localAddress(), Codecs.utf8());
                SocketConnection<String> server = welcome.accept()) {
            client.send("hello");
            assertEquals("hello", server.receive());
            server.send("hello yourself");
            assertEquals("hello yourself", client.receive());
        }
    }

    /** An accept has the three forms of every verb: it waits, it never waits, it waits at most so long. */
    @Test
    @Order(2)
    void step2NobodyCalls() throws Exception {
        try (TcpListener<String> welcome = Tcp.listen(ANY_PORT, Codecs.utf8())) {
            assertNull(welcome.tryAccept());
            assertNull(welcome.tryAccept(Duration.ofMillis(5)));
        }
    }

    /** Where no server is, a connect says so; or waits for one to come. */
    @Test
    @Order(3)
    void step3NoServer() throws Exception {
        Path path = directory.resolve("orders");
        assertThrows(OsException.class, () -> UnixSockets.connect(path, Codecs.utf8()));
        try (Worker<UnixConnection<String>> early = Worker.call(() ->
                        UnixSockets.tryConnect(path, Codecs.utf8(), SocketOptions.defaults(), Duration.ofSeconds(30)));
                UnixListener<String> welcome = UnixSockets.listen(path, Codecs.utf8());
                UnixConnection<String> client = early.result();
                UnixConnection<String> server = welcome.accept()) {
            client.send("at last");
            assertEquals("at last", server.receive());
        }
    }

    /** A policy accepts or refuses each caller before a byte of his is read. */
    @Test
    @Order(4)
    void step4AcceptOrRefuse() throws Exception {
        ListenOptions options = ListenOptions.defaults().withPolicy(caller -> caller.connections() < 1);
        try (TcpListener<String> welcome = Tcp.listen(ANY_PORT, Codecs.utf8(), options);
                SocketConnection<String> first = Tcp.connect(welcome.localAddress(), Codecs.utf8());
                SocketConnection<String> accepted = welcome.accept();
                SocketConnection<String> second = Tcp.connect(welcome.localAddress(), Codecs.utf8())) {
            assertNull(welcome.tryAccept(Duration.ofMillis(200)));
            assertThrows(PeerGoneException.class, second::receive);
            assertTrue(first.isOpen() && accepted.isOpen());
        }
    }

    /** Over a Unix domain socket each side knows who the other one is, by the kernel's word. */
    @Test
    @Order(5)
    void step5WhoIsThere() throws Exception {
        Path path = directory.resolve("orders");
        try (ChildJvm child =
                ChildMain.launcher(EchoServer.class, "uds:" + path).start()) {
            child.awaitReady();
            try (UnixConnection<String> client = UnixSockets.connect(path, Codecs.utf8())) {
                assertEquals(child.pid(), client.credentials().pid());
            }
        }
    }

    /** An end in one direction: the server reads it, answers, and the client still receives. */
    @Test
    @Order(6)
    void step6HalfClose() throws Exception {
        SocketOptions lines = SocketOptions.defaults().withFraming(Framing.LINE);
        try (TcpListener<String> welcome = Tcp.listen(
                        ANY_PORT, Codecs.utf8(), ListenOptions.defaults().withSocket(lines));
                SocketConnection<String> client = Tcp.connect(welcome.localAddress(), Codecs.utf8(), lines);
                SocketConnection<String> server = welcome.accept()) {
            client.send("one");
            client.send("two");
            client.endSending();
            int[] count = new int[1];
            server.forEach(line -> count[0]++);
            server.send(count[0] + " lines");
            assertEquals("2 lines", client.receive());
        }
    }

    /** A peer that was killed said no goodbye, and the kernel tells at once. */
    @Test
    @Order(7)
    void step7PeerKilled() throws Exception {
        Path path = directory.resolve("orders");
        try (ChildJvm child =
                ChildMain.launcher(EchoServer.class, "uds:" + path).start()) {
            child.awaitReady();
            try (UnixConnection<String> client = UnixSockets.connect(path, Codecs.utf8())) {
                client.send("x");
                client.receive();
                child.kill();
                PeerGoneException gone = assertThrows(PeerGoneException.class, client::receive);
                assertEquals(Reason.DIED, gone.reason());
            }
        }
        UnixSockets.listen(path, Codecs.utf8()).close(); // its place is free, and nobody had to tidy up
    }

    /** One thread waits for many connections. */
    @Test
    @Order(8)
    void step8ManyConnections() throws Exception {
        try (TcpListener<String> welcome = Tcp.listen(ANY_PORT, Codecs.utf8());
                SocketConnection<String> one = Tcp.connect(welcome.localAddress(), Codecs.utf8());
                SocketConnection<String> ofOne = welcome.accept();
                SocketConnection<String> other = Tcp.connect(welcome.localAddress(), Codecs.utf8());
                SocketConnection<String> ofOther = welcome.accept();
                ReceiverSet<String> set = new ReceiverSet<>()) {
            set.add(ofOne);
            set.add(ofOther);
            other.send("me first");
            assertEquals(List.of(ofOther), set.await());
            assertEquals("me first", ofOther.receive());
            assertTrue(one.isOpen());
        }
    }

    /** A request and its reply. */
    @Test
    @Order(9)
    void step9RequestAndReply() throws Exception {
        Path path = directory.resolve("orders");
        try (ChildJvm child =
                ChildMain.launcher(EchoServer.class, "uds:" + path).start()) {
            child.awaitReady();
            try (Requester<String> requester = new Requester<>(UnixSockets.connect(path, Codecs.utf8()))) {
                assertEquals(child.pid() + ": what?", requester.request("what?"));
            }
        }
    }

    /** An open file goes along with a message, though it has no name any more. */
    @Test
    @Order(10)
    void step10PassAFile() throws Exception {
        Path path = directory.resolve("orders");
        Path secret = Files.writeString(directory.resolve("secret"), "42");
        try (UnixListener<String> welcome = UnixSockets.listen(path, Codecs.utf8());
                UnixConnection<String> client = UnixSockets.connect(path, Codecs.utf8());
                UnixConnection<String> server = welcome.accept();
                PassedFile file = PassedFile.of(secret)) {
            Files.delete(secret);
            client.send("look into this", List.of(file));
            try (ReceivedMessage<String> received = server.receiveWithFiles();
                    FileChannel channel = received.files().get(0).open(StandardOpenOption.READ)) {
                assertEquals("look into this", received.message());
                assertEquals(2, channel.size());
            }
        }
    }

    /** All of it by address, for what is configured, or handed to another process. */
    @Test
    @Order(11)
    void step11ByAddress() throws Exception {
        String address = "uds:" + directory.resolve("orders") + "?framing=line";
        try (var welcome = Ipc.listener(address, Codecs.utf8());
                Connection<String> client = Ipc.connection(address, Codecs.utf8());
                Connection<String> server = welcome.accept()) {
            client.send("by address");
            assertEquals("by address", server.receive());
        }
    }
}
