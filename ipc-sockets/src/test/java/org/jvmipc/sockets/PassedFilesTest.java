package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.LimitException;
import org.jvmipc.testkit.NoLeaks;

/** Open files that go along with messages; none may leak, whatever is sent. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PassedFilesTest implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                PassedFile file = PassedFile.of(Path.of("/dev/null"))) {
            pair.client().send("x", List.of(file));
            pair.server().receive();
        }
    }

    private static <T> Connected<UnixConnection<T>> open(Codec<T> codec) throws Exception {
        return Connected.unix(codec, SocketOptions.defaults());
    }

    private PassedFile file(String text) throws IOException {
        Path path = Files.writeString(directory.resolve("f" + text.length()), text);
        PassedFile file = PassedFile.of(path);
        Files.delete(path); // it lives on in the descriptor
        return file;
    }

    private static String content(PassedFile file) throws IOException {
        try (FileChannel channel = file.open(StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            channel.read(bytes);
            return new String(bytes.array(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void filesComeWithTheMessageTheyWereSentWith() throws Exception {
        try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                PassedFile one = file("1");
                PassedFile two = file("22")) {
            pair.client().send("none");
            pair.client().send("both", List.of(one, two));
            pair.client().send("none again");
            try (ReceivedMessage<String> first = pair.server().receiveWithFiles();
                    ReceivedMessage<String> second = pair.server().receiveWithFiles();
                    ReceivedMessage<String> third = pair.server().receiveWithFiles()) {
                assertEquals("none", first.message());
                assertEquals(0, first.files().size());
                assertEquals("both", second.message());
                assertEquals("1", content(second.files().get(0)));
                assertEquals("22", content(second.files().get(1)));
                assertEquals("none again", third.message());
                assertEquals(0, third.files().size());
            }
            assertTrue(one.isOpen(), "what was sent stays the sender's");
        }
    }

    @Test
    void theMemoryBehindAFileIsShared() throws Exception {
        try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                PassedFile ours = file("shared");
                FileChannel writing = ours.open(StandardOpenOption.WRITE)) {
            pair.client().send("here", List.of(ours));
            try (ReceivedMessage<String> received = pair.server().receiveWithFiles()) {
                writing.write(ByteBuffer.wrap("SHARED".getBytes(StandardCharsets.US_ASCII)));
                assertEquals("SHARED", content(received.files().get(0)));
            }
        }
    }

    @Test
    void filesThatAreNotWantedAreClosed() throws Exception {
        try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                PassedFile file = file("x")) {
            pair.client().send("the first wait makes what a wait needs");
            pair.server().receive();
            new NoLeaks().check(() -> {
                for (int i = 0; i < 100; i++) {
                    pair.client().send("take it", List.of(file));
                    assertEquals("take it", pair.server().receive());
                }
            });
        }
    }

    @Test
    void filesThatNobodyHasReceivedAreClosedWithTheConnection() throws Exception {
        new NoLeaks().check(() -> {
            try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                    PassedFile file = file("x")) {
                for (int i = 0; i < 10; i++) {
                    pair.client().send("nobody listens", List.of(file, file));
                }
                pair.server().receive(); // reads ahead
            }
        });
    }

    @Test
    void moreFilesThanAllowedAreRefusedBeforeAnythingIsSent() throws Exception {
        try (Connected<UnixConnection<String>> pair = open(Codecs.utf8());
                PassedFile file = file("x")) {
            List<PassedFile> many = new ArrayList<>();
            for (int i = 0; i <= UnixConnection.MAX_FILES; i++) {
                many.add(file);
            }
            assertThrows(LimitException.class, () -> pair.client().send("too many", many));
            pair.client().send("as many as go", many.subList(0, UnixConnection.MAX_FILES));
            try (ReceivedMessage<String> received = pair.server().receiveWithFiles()) {
                assertEquals("as many as go", received.message());
                assertEquals(UnixConnection.MAX_FILES, received.files().size());
            }
        }
    }

    @Test
    void aMessageThatIsTooLongForFilesIsRefused() throws Exception {
        try (Connected<UnixConnection<byte[]>> pair = open(Codecs.bytes());
                PassedFile file = file("x")) {
            byte[] large = new byte[UnixConnection.MAX_BYTES_WITH_FILES + 1];
            assertThrows(LimitException.class, () -> pair.client().send(large, List.of(file)));
            byte[] largest = new byte[UnixConnection.MAX_BYTES_WITH_FILES];
            pair.client().send(largest, List.of(file));
            try (ReceivedMessage<byte[]> received = pair.server().receiveWithFiles()) {
                assertEquals(largest.length, received.message().length);
                assertEquals(1, received.files().size());
            }
        }
    }

    @Test
    void aMessageThatCannotBeDecodedTakesItsFilesWithIt() throws Exception {
        Path path = directory.resolve("s");
        try (UnixListener<Long> listener = UnixSockets.listen(path, Codecs.int64());
                UnixConnection<String> client = UnixSockets.connect(path, Codecs.utf8());
                UnixConnection<Long> server = listener.accept();
                PassedFile file = file("x")) {
            client.send("eight by");
            server.receive();
            new NoLeaks().check(() -> {
                client.send("no number", List.of(file));
                assertThrows(CorruptDataException.class, server::receiveWithFiles);
            });
            client.send("8 bytes.", List.of(file));
            try (ReceivedMessage<Long> received = server.receiveWithFiles()) {
                assertEquals(1, received.files().size());
            }
        }
    }

    /** A foreign program sends more files than are allowed, with every byte. */
    @Test
    void aStormOfFilesLeaksNone() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "/usr/bin/python3 is not installed");
        ListenOptions lines =
                ListenOptions.defaults().withSocket(SocketOptions.defaults().withFraming(Framing.LINE));
        Path path = directory.resolve("s");
        new NoLeaks().check(() -> {
            try (UnixListener<String> listener = UnixSockets.listen(path, Codecs.utf8(), lines)) {
                Process storm = storm(path);
                int refused = 0;
                int taken = 0;
                try (UnixConnection<String> accepted = listener.accept()) {
                    while (taken + refused < 100) {
                        try (ReceivedMessage<String> received = accepted.receiveWithFiles()) {
                            assertTrue(received.files().size() <= UnixConnection.MAX_FILES);
                            taken++;
                        } catch (LimitException e) {
                            refused++;
                        }
                    }
                    accepted.send("enough");
                }
                storm.waitFor();
                assertTrue(refused > 0, "none was too many");
                assertTrue(taken > 0, "all were too many");
            }
        });
        assertFalse(Files.exists(path));
    }

    private static Process storm(Path path) throws IOException {
        String script = "import socket,sys,array\n"
                + "s=socket.socket(socket.AF_UNIX)\n"
                + "s.connect(sys.argv[1])\n"
                + "f=open('/dev/null')\n"
                + "def send(data,n): s.sendmsg([data],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,array.array('i',[f.fileno()]*n))])\n"
                + "for i in range(50):\n"
                + "  send(b'x\\n',3)\n"
                + "  for j in range(20): send(b'y',10)\n"
                + "  send(b'\\n',200)\n"
                + "s.recv(100)\n";
        return new ProcessBuilder("/usr/bin/python3", "-c", script, path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
