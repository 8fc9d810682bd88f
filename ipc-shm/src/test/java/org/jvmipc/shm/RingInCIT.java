package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.MemoryDirectory;

/** The other side of a ring is a program in C, made of {@code examples/c}: a million messages with checksums each way. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingInCIT {
    private static final int COUNT = 1_000_000;
    private static final int CAPACITY = RingLayout.LEAST_CAPACITY;

    /** Sends the largest message at every position of the ring where one may begin, and one that is too large before each. */
    private static final String EDGE =
            """
            #include "ipc_ring.h"

            int main(int argc, char **argv) {
                struct ipc_ring ring;
                unsigned char message[4096];
                volatile uint32_t endless = UINT32_MAX; /* the compiler is not to know it */
                if (argc != 2 || ipc_ring_open(&ring, argv[1], IPC_RING_SENDER) != 0) return 2;
                for (uint32_t i = 0; i < 2 * ring.capacity / 8; i++) {
                    uint64_t position = ring.position;
                    memset(message, (int)i, sizeof message);
                    if (ipc_ring_send(&ring, message, ring.max_message + 1) != IPC_RING_TOO_LARGE) return 3;
                    if (ipc_ring_send(&ring, message, endless) != IPC_RING_TOO_LARGE) return 4;
                    if (ring.position != position) return 5;
                    if (ipc_ring_send(&ring, message, ring.max_message) != 0) return 6;
                    if (ipc_ring_send(&ring, message, i % 8) != 0) return 7;
                }
                ipc_ring_close(&ring);
                return 0;
            }
            """;

    @TempDir
    static Path programs;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private final ByteBuffer message = ByteBuffer.allocate(16 + 500).order(ByteOrder.LITTLE_ENDIAN);

    @BeforeAll
    static void compile() throws Exception {
        Path source = Path.of("../examples/c/ring.c").toAbsolutePath().normalize();
        assumeTrue(Files.exists(source), () -> "the examples are not here: " + source);
        compile("ring", source, source.getParent());
        compile("edge", Files.writeString(programs.resolve("edge.c"), EDGE), source.getParent());
    }

    private static void compile(String program, Path source, Path headers) throws Exception {
        Process gcc;
        try {
            gcc = new ProcessBuilder(
                            "gcc",
                            "-std=c11",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-I",
                            headers.toString(),
                            "-o",
                            program,
                            source.toString())
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

    // ---- refused

    /** Runs it with one message; its last words. */
    private String refused(String what, Path ring) throws Exception {
        return refused(what, ring, 1);
    }

    /** What it says on its way out, before so many messages have passed. */
    private String refused(String what, Path ring, int count) throws Exception {
        Process program = new ProcessBuilder(
                        programs.resolve("ring").toString(), what, ring.toString(), Integer.toString(count))
                .start();
        assertExit(1, program);
        return new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aSecondSenderOrReceiverInCIsRefusedAndTheFirstGoesOn() throws Exception {
        Path path = directory.resolve("r");
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            for (String what : List.of("send", "recv")) {
                String words = refused(what, path);
                assertTrue(words.contains("busy"), words);
                out.send(new byte[3]);
                assertEquals(3, in.receive().length);
            }
        }
        SharedRing.remove(path);
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedInCAtTheEndOfALapAsWell() throws Exception {
        Path path = directory.resolve("r");
        int largest = CAPACITY / 2 - 8;
        try (SharedRing ring = SharedRing.create(path, RingOptions.defaults().withCapacity(CAPACITY));
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes())) {
            assertEquals(largest, ring.maxMessageBytes());
            Process program = new ProcessBuilder(programs.resolve("edge").toString(), path.toString())
                    .inheritIO()
                    .start();
            for (int i = 0; i < 2 * CAPACITY / 8; i++) {
                assertArrayEquals(filled(largest, i), in.tryReceive(Await.LONG));
                assertArrayEquals(filled(i % 8, i), in.tryReceive(Await.LONG));
            }
            assertExit(0, program);
        }
        SharedRing.remove(path);
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    @Test
    void aSenderInCFailsWhereTheRingWasMadeToFail() throws Exception {
        Path path = directory.resolve("r");
        RingOptions options = RingOptions.defaults().withCapacity(CAPACITY).withWhenFull(RingFullPolicy.FAIL);
        try (SharedRing ring = SharedRing.create(path, options)) {
            String last = refused("send", path, CAPACITY);
            assertTrue(last.startsWith("message ") && last.contains(": -5"), last);
            long sent = Long.parseLong(last.split(" ")[1]);
            assertTrue(sent > 0, last);
            try (RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers())) {
                for (long number = 0; number < sent; number++) {
                    assertEquals(number, in.receive().getLong());
                }
                assertThrows(PeerGoneException.class, in::receive);
            }
        }
        SharedRing.remove(path);
    }

    // ---- damage

    /** Bytes of a record that are none, and those just too many for what is left of the lap. */
    private static final int[] LENGTHS = {
        -1, Integer.MIN_VALUE, Integer.MAX_VALUE, -8, 0, 1, 7, CAPACITY, CAPACITY / 2 + 1, CAPACITY / 2 + 8
    };

    @Test
    void aReceiverInCBelievesNoLength() throws Exception {
        RingOptions options = RingOptions.defaults().withCapacity(CAPACITY);
        Path path = directory.resolve("r");
        SharedRing.create(path, options).close();
        RingWords words = new RingWords(path, options, 0);
        for (long position : new long[] {0, CAPACITY - 8, -8, 3L << 40}) {
            for (int length : LENGTHS) {
                for (int type : new int[] {RingLayout.MESSAGE, RingLayout.PADDING, 0, 77}) {
                    words.setHead(0, position);
                    words.setTaken(0, position);
                    words.setHeader(position, (long) type << 32 | Integer.toUnsignedLong(length));
                    if (words.header(position) != 0) {
                        String last = refused("recv", path);
                        assertTrue(last.contains(": -3"), last);
                    }
                    words.setHeader(position, 0);
                }
            }
        }
        SharedRing.remove(path);
    }

    @Test
    void aReceiverInCBelievesNoLengthBehindPadding() throws Exception {
        RingOptions options = RingOptions.defaults().withCapacity(CAPACITY);
        Path path = directory.resolve("r");
        SharedRing.create(path, options).close();
        RingWords words = new RingWords(path, options, 0);
        long position = CAPACITY - 64;
        words.setHeader(position, RingLayout.header(RingLayout.PADDING, 64));
        for (int length : LENGTHS) {
            words.setHead(0, position);
            words.setTaken(0, position);
            words.setHeader(CAPACITY, 1L << 32 | Integer.toUnsignedLong(length));
            String last = refused("recv", path);
            assertTrue(last.contains(": -3"), last);
        }
        SharedRing.remove(path);
    }

    @Test
    void aSenderInCBelievesNoLength() throws Exception {
        RingOptions options = RingOptions.defaults().withCapacity(CAPACITY);
        Path path = directory.resolve("r");
        SharedRing.create(path, options).close();
        RingWords words = new RingWords(path, options, 0);
        for (long position : new long[] {CAPACITY - 8, -8, 3L << 40 | CAPACITY - 8}) {
            for (int length : LENGTHS) {
                words.setTail(position);
                words.setHeader(position, 1L << 32 | Integer.toUnsignedLong(length));
                if (length < 1 || length > 8) { // a record of 8 bytes or less is the last of the lap
                    String last = refused("send", path);
                    assertTrue(last.contains("Invalid argument"), last);
                }
            }
        }
        for (long position = 0; position < CAPACITY; position += 8) { // no end anywhere
            words.setHeader(position, RingLayout.header(RingLayout.MESSAGE, 8));
        }
        assertTrue(refused("send", path).contains("Invalid argument"));
        SharedRing.remove(path);
    }
}
