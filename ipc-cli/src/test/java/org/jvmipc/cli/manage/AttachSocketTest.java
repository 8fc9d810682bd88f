package org.jvmipc.cli.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/** A JVM that answers, one that accepts nobody, and one that is asked by a thread that is interrupted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttachSocketTest {
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration INTERRUPTED_SOONER = Duration.ofSeconds(20);
    private static final int MORE_THAN_THERE_IS_ROOM_FOR = 6;

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("socket");
    }

    private AttachSocket socket(Duration patience) {
        return new AttachSocket(path, patience, Deadline.after(patience));
    }

    private ServerSocketChannel listen() throws Exception {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return server.bind(UnixDomainSocketAddress.of(path), 1);
    }

    @Test
    void returnsTheWholeAnswer() throws Exception {
        try (ServerSocketChannel server = listen()) {
            Worker<String> asking = Worker.call(() -> socket(Await.LONG).ask("what"));
            String answer = "0\n" + "line\n".repeat(100_000);
            try (SocketChannel channel = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(4);
                while (request.hasRemaining()) {
                    assertTrue(channel.read(request) >= 0);
                }
                assertEquals("what", new String(request.array(), StandardCharsets.UTF_8));
                ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            assertEquals(answer, asking.result());
        }
    }

    @Test
    void endsInTimeAlsoWhereNobodyIsAccepted() throws Exception {
        try (ServerSocketChannel server = listen()) {
            for (int i = 0; i < MORE_THAN_THERE_IS_ROOM_FOR; i++) {
                String message = assertThrows(
                                IpcException.class, () -> socket(PATIENCE).ask("what"))
                        .getMessage();
                assertTrue(String.valueOf(message).startsWith("it has not answered for"), message);
            }
            assertTrue(server.isOpen());
        }
    }

    @Test
    void anInterruptIsToldAsSuchAndKept() throws Exception {
        try (ServerSocketChannel server = listen()) {
            for (int i = 0; i < MORE_THAN_THERE_IS_ROOM_FOR; i++) {
                Thread.currentThread().interrupt();
                String message = assertThrows(IpcException.class, () -> socket(INTERRUPTED_SOONER)
                                .ask("what"))
                        .getMessage();
                assertTrue(Thread.interrupted());
                assertTrue(String.valueOf(message).startsWith("interrupted"), message);
            }
            assertTrue(server.isOpen());
        }
    }
}
