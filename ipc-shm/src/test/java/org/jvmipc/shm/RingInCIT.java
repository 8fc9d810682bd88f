package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.MemoryDirectory;

/** The other side of a ring is a program in C, made of {@code examples/c}: a million messages with checksums each way. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingInCIT {
    private static final int COUNT = 1_000_000;

    @TempDir
    static Path programs;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final ByteBuffer message = ByteBuffer.allocate(16 + 500).order(ByteOrder.LITTLE_ENDIAN);

    @BeforeAll
    static void compile() throws Exception {
        Path source = Path.of("../examples/c/ring.c").toAbsolutePath().normalize();
        assumeTrue(Files.exists(source), () -> "the examples are not here: " + source);
        Process gcc;
        try {
            gcc = new ProcessBuilder(
                            "gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "ring", source.toString())
                    .directory(programs.toFile())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no gcc: " + e.getMessage());
            return;
        }
        assertEquals(0, gcc.waitFor(), "gcc does not compile " + source);
    }

    private Process run(String what, Path ring) throws IOException {
        return new ProcessBuilder(programs.resolve("ring").toString(), what, ring.toString(), Integer.toString(COUNT))
                .inheritIO()
                .start();
    }

    private static void assertExit(int code, Process program) throws InterruptedException {
        if (!program.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS)) {
            program.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        assertEquals(code, program.exitValue());
    }

    /** The message with this number, as {@code ring.c} makes it; between 0 and the limit. */
    private ByteBuffer fill(long number) {
        int length = 16 + (int) (number * 7919 % 500);
        byte[] bytes = message.array();
        message.clear().putLong(0, number);
        for (int i = 8; i < length - 8; i++) {
            bytes[i] = (byte) (number * 31 + i);
        }
        long sum = 0xcbf29ce484222325L;
        for (int i = 0; i < length - 8; i++) {
            sum = (sum ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return message.putLong(length - 8, sum).limit(length);
    }

    @Test
    void whatASenderInCSendsArrives() throws Exception {
        Path path = directory.resolve("r");
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults().withCapacity(64 << 10));
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            Process program = run("send", path);
            for (long number = 0; number < COUNT; number++) {
                byte[] got = in.receive();
                ByteBuffer expected = fill(number);
                assertEquals(expected.limit(), got.length);
                int differs = Arrays.mismatch(got, 0, got.length, expected.array(), 0, got.length);
                assertEquals(-1, differs, "message " + number);
            }
            PeerGoneException gone = assertThrows(PeerGoneException.class, in::receive);
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
            assertExit(0, program);
        }
        SharedRing.remove(path);
    }

    @Test
    void aReceiverInCGetsWhatIsSent() throws Exception {
        Path path = directory.resolve("r");
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults().withCapacity(64 << 10))) {
            Process program;
            try (RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers())) {
                program = run("recv", path);
                for (long number = 0; number < COUNT; number++) {
                    out.send(fill(number));
                }
            }
            assertExit(0, program);
        }
        SharedRing.remove(path);
    }

    @Test
    void theDeathOfAProgramInCIsTold() throws Exception {
        Path path = directory.resolve("r");
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            Process program = run("send", path);
            in.receive();
            program.destroyForcibly().waitFor(); // it waits for room, most likely
            PeerGoneException gone = assertThrows(PeerGoneException.class, () -> in.forEach(each -> {}));
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
        }
        SharedRing.remove(path);
    }
}
