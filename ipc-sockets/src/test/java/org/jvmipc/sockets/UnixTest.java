package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.testkit.NoLeaks;

/** What is particular to sockets of the Unix domain: the path, and who is on the other end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class UnixTest implements NoLeaks.WarmUp {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        Connected.unix(Codecs.utf8(), SocketOptions.defaults()).close();
    }

    private Path path() {
        return directory.resolve("s");
    }

    private UnixListener<String> listen() throws IOException {
        return UnixSockets.listen(path(), Codecs.utf8());
    }

    /** The file of a server that has gone without a word. */
    private void leaveBehind(Path path) throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void bothSidesKnowEachOtherBeforeTheFirstByte() throws Exception {
        try (UnixListener<String> listener = listen();
                UnixConnection<String> client = UnixSockets.connect(path(), Codecs.utf8());
                UnixConnection<String> accepted = listener.accept()) {
            long self = ProcessHandle.current().pid();
            assertEquals(self, accepted.credentials().pid());
            assertEquals(self, client.credentials().pid());
            assertEquals(ProcessCalls.effectiveUser(), accepted.credentials().uid());
        }
    }

    @Test
    void theFileIsThereForThisUserOnlyAndGoesWithTheListener() throws Exception {
        try (UnixListener<String> listener = listen()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            assertEquals(path().toRealPath(), listener.path());
        }
        assertFalse(Files.exists(path()));
        ListenOptions open = ListenOptions.defaults().withMode(0666);
        try (UnixListener<String> listener = UnixSockets.listen(path(), Codecs.utf8(), open)) {
            assertTrue(listener.isOpen());
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
        }
    }

    @Test
    void anotherUserIsRefusedThoughTheModeLetsHimIn() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can become another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv(1) is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "/usr/bin/python3 is not installed");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        ListenOptions open = ListenOptions.defaults()
                .withMode(0666)
                .withSocket(SocketOptions.defaults().withFraming(Framing.RAW));
        try (UnixListener<byte[]> listener = UnixSockets.listen(path(), Codecs.bytes(), open)) {
            Process stranger = connectAsNobody();
            while (listener.refused() == 0) {
                assertNull(listener.tryAccept(SHORT));
            }
            assertEquals("refused", output(stranger));
        }
        ListenOptions everybody = open.withPolicy(AcceptPolicy.everybody());
        try (UnixListener<byte[]> listener = UnixSockets.listen(path(), Codecs.bytes(), everybody)) {
            Process stranger = connectAsNobody();
            try (UnixConnection<byte[]> accepted = listener.accept()) {
                assertEquals(65534, accepted.credentials().uid());
                assertEquals("hello", new String(accepted.receive(), StandardCharsets.US_ASCII));
                accepted.send("hello".getBytes(StandardCharsets.US_ASCII));
            }
            assertEquals("answered", output(stranger));
        }
    }

    /** Another user connects, sends, and tells whether he gets an answer. */
    private Process connectAsNobody() throws IOException {
        String script = "import socket,sys\n"
                + "s=socket.socket(socket.AF_UNIX)\n"
                + "s.connect(sys.argv[1])\n"
                + "try:\n"
                + "  s.send(b'hello')\n"
                + "  print('answered' if s.recv(100) else 'refused')\n"
                + "except (ConnectionResetError, BrokenPipeError):\n"
                + "  print('refused')\n";
        return new ProcessBuilder(
                        "/usr/bin/setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "/usr/bin/python3",
                        "-c",
                        script,
                        path().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String output(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        return text;
    }

    @Test
    void aServersFileIsLeftAloneWhileItLives() throws Exception {
        try (UnixListener<String> listener = listen()) {
            OsException e = assertThrows(OsException.class, this::listen);
            assertEquals(Errno.EADDRINUSE, e.errno());
            try (UnixConnection<String> client = UnixSockets.connect(path(), Codecs.utf8());
                    UnixConnection<String> accepted = listener.accept()) {
                client.send("undisturbed");
                assertEquals("undisturbed", accepted.receive());
            }
        }
    }

    @Test
    void aForeignServersFileIsLeftAloneWhileItLives() throws Exception {
        try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(path()));
            assertEquals(
                    Errno.EADDRINUSE,
                    assertThrows(OsException.class, this::listen).errno());
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()));
                    SocketChannel accepted = foreign.accept()) {
                assertTrue(client.isConnected() && accepted.isConnected());
            }
        }
    }

    @Test
    void theFileOfADeadServerIsReplaced() throws Exception {
        leaveBehind(path());
        assertEquals(
                Errno.ECONNREFUSED,
                assertThrows(OsException.class, () -> UnixSockets.connect(path(), Codecs.utf8()))
                        .errno());
        try (UnixListener<String> listener = listen();
                UnixConnection<String> client = UnixSockets.connect(path(), Codecs.utf8());
                UnixConnection<String> accepted = listener.accept()) {
            client.send("alive");
            assertEquals("alive", accepted.receive());
        }
    }

    @Test
    void whatIsNoSocketIsRefusedAndNotTouched() throws Exception {
        Files.writeString(path(), "precious");
        assertThrows(IpcException.class, this::listen);
        assertEquals("precious", Files.readString(path()));
        Files.delete(path());
        Path target = directory.resolve("target");
        leaveBehind(target);
        Files.createSymbolicLink(path(), target);
        assertThrows(IpcException.class, this::listen);
        assertTrue(Files.isSymbolicLink(path()) && Files.exists(target));
    }

    @Test
    void aPathThatIsTooLongIsALimit() {
        Path path = directory.resolve("x".repeat(120));
        LimitException e = assertThrows(LimitException.class, () -> UnixSockets.listen(path, Codecs.utf8()));
        assertTrue(String.valueOf(e.getMessage()).contains("107"), e.getMessage());
    }

    @Test
    void aBareNameLivesInTheRuntimeDirectory() throws Exception {
        Address address = Address.of("uds:unixtest" + ProcessHandle.current().pid());
        try (UnixListener<String> listener = UnixSockets.listen(UnixSockets.pathOf(address.name()), Codecs.utf8());
                Connection<String> client = Ipc.connection(address, Codecs.utf8());
                UnixConnection<String> accepted = listener.accept()) {
            assertEquals(address, listener.address());
            client.send("by name");
            assertEquals("by name", accepted.receive());
            Map<String, Object> facts = Ipc.inspect(address);
            assertEquals(true, facts.get("listening"));
            assertEquals(1L, facts.get("connections"));
            assertEquals(ProcessHandle.current().pid(), facts.get("server"));
            assertTrue(Ipc.list("uds").contains(address));
        }
        assertFalse(Ipc.exists(address));
    }

    @Test
    void aFullBacklogIsWaitedFor() throws Exception {
        ListenOptions one = ListenOptions.defaults().withBacklog(1);
        try (UnixListener<String> listener = UnixSockets.listen(path(), Codecs.utf8(), one)) {
            int waiting = 0;
            UnixConnection<String> next;
            while ((next = UnixSockets.tryConnect(path(), Codecs.utf8(), SocketOptions.defaults(), SHORT)) != null) {
                next.close();
                waiting++;
                assertTrue(waiting < 10, "a backlog of 1 takes everybody");
            }
            for (; waiting > 0; waiting--) {
                listener.accept().close();
            }
            UnixSockets.connect(path(), Codecs.utf8()).close();
        }
    }

    @Test
    @SuppressWarnings("try") // closes early on purpose
    void theOtherSideOfAClosedConnectionGetsWhatWasSent() throws Exception {
        try (UnixListener<String> listener = listen();
                UnixConnection<String> client = UnixSockets.connect(path(), Codecs.utf8());
                UnixConnection<String> accepted = listener.accept()) {
            accepted.send("never taken");
            client.send("taken");
            client.close();
            assertEquals("taken", accepted.receive());
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    assertThrows(PeerGoneException.class, accepted::receive).reason());
        }
    }

    @Test
    void aForeignProgramNeedsNoLibrary() throws Exception {
        ListenOptions lines =
                ListenOptions.defaults().withSocket(SocketOptions.defaults().withFraming(Framing.LINE));
        try (UnixListener<String> listener = UnixSockets.listen(path(), Codecs.utf8(), lines);
                SocketChannel foreign = SocketChannel.open(UnixDomainSocketAddress.of(path()));
                UnixConnection<String> accepted = listener.accept()) {
            foreign.write(ByteBuffer.wrap("one\ntwo\n".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("one", accepted.receive());
            assertEquals("two", accepted.receive());
        }
    }
}
