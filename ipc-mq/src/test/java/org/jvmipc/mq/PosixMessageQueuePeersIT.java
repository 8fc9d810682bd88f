package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The other side of a kernel message queue is a program in C, or in Python: those of {@code examples}. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueuePeersIT implements NoLeaks.WarmUp {
    private static final int MANY = 5_000;
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    /** Bytes that are nowhere in UTF-8, a zero between letters, a character that is cut off, a zero alone, and text. */
    private static final String ODD_C =
            """
            #include <fcntl.h>
            #include <mqueue.h>

            int main(int count, char **words)
            {
                (void)count;
                mqd_t queue = mq_open(words[1], O_WRONLY);
                return mq_send(queue, "\\xff\\xfe", 2, 9) || mq_send(queue, "a\\0b", 3, 8)
                    || mq_send(queue, "\\xe2\\x82", 2, 7) || mq_send(queue, "\\0", 1, 6) || mq_send(queue, "in order", 8, 0);
            }
            """;

    private static final String ODD_PYTHON =
            """
            import ctypes, os, sys
            libc = ctypes.CDLL(None)
            lib = libc if hasattr(libc, "mq_open") else ctypes.CDLL("librt.so.1")
            queue = lib.mq_open(os.fsencode(sys.argv[1]), os.O_WRONLY)
            messages = [(b"\\xff\\xfe", 9), (b"a\\0b", 8), (b"\\xe2\\x82", 7), (b"\\0", 6), (b"in order", 0)]
            sys.exit(any(lib.mq_send(queue, text, ctypes.c_size_t(len(text)), priority) for text, priority in messages))
            """;

    /** In what the peer is written. */
    enum Language {
        C,
        PYTHON
    }

    @TempDir
    static Path programs;

    private final Address address = PosixNames.address();
    private final List<Process> peers = new ArrayList<>();

    @Override
    public void warmUp() throws Exception {
        PosixNames.ends(Codecs.utf8()).close();
        new ProcessBuilder("true").start().waitFor();
    }

    @AfterEach
    void remove() throws IOException {
        peers.forEach(Process::destroyForcibly);
        PosixMessageQueue.remove(address);
    }

    private PosixMessageQueue<String> create() throws IOException {
        return PosixMessageQueue.create(address, Codecs.utf8(), PosixNames.OPTIONS);
    }

    // ---- the peer

    private static List<String> program(Language language) throws Exception {
        Path source = EXAMPLES.resolve(language == Language.C ? "c/mqueue.c" : "python/mqueue.py");
        assumeTrue(Files.exists(source), () -> "the examples are not here: " + source);
        if (language == Language.PYTHON) {
            assumeTrue(succeeds("python3", "-c", "import ctypes"), "there is no python3 with ctypes");
            return List.of("python3", source.toString());
        }
        return List.of(compiled(source, "mqueue"));
    }

    private static String compiled(Path source, String name) throws Exception {
        assumeTrue(succeeds("gcc", "--version"), "there is no gcc");
        String program = programs.resolve(name).toString();
        assertTrue(
                succeeds(
                        "gcc",
                        "-std=c11",
                        "-D_POSIX_C_SOURCE=200809L",
                        "-O2",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        source.toString(),
                        "-o",
                        program,
                        "-lrt"),
                "gcc does not compile " + source);
        return program;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A program that sends what is no UTF-8, what has a zero in it, and what is in order. */
    private static List<String> odd(Language language) throws Exception {
        if (language == Language.PYTHON) {
            assumeTrue(succeeds("python3", "-c", "import ctypes"), "there is no python3 with ctypes");
            return List.of("python3", "-c", ODD_PYTHON);
        }
        return List.of(compiled(Files.writeString(programs.resolve("odd.c"), ODD_C), "odd"));
    }

    private Process start(Language language, Redirect input, String... words) throws Exception {
        return start(program(language), input, words);
    }

    private Process start(List<String> program, Redirect input, String... words) throws Exception {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        Process peer = new ProcessBuilder(command)
                .redirectInput(input)
                .redirectError(Redirect.INHERIT)
                .start();
        peers.add(peer);
        return peer;
    }

    /** From a file, as it reads no more while the queue is full. */
    private Process sending(Language language, List<String> lines) throws Exception {
        Path input = Files.write(programs.resolve("input"), lines);
        return start(language, Redirect.from(input.toFile()), "send", address.location());
    }

    private Process receiving(Language language, int count) throws Exception {
        return start(language, Redirect.PIPE, "recv", address.location(), Integer.toString(count));
    }

    private static List<String> lines(Process peer) throws IOException {
        String text = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().toList();
    }

    private static void assertEnds(Process peer) throws InterruptedException {
        assertTrue(peer.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
        assertEquals(0, peer.exitValue());
    }

    // ---- both directions

    @ParameterizedTest
    @EnumSource
    void whatItSendsComesByPriority(Language language) throws Exception {
        PosixMessageQueue<String> queue = create();
        assertEnds(sending(language, List.of("1 low", "30000 high", "1 low too", "7 middle", "0 ", "30000 high too")));
        try (PosixMessageReceiver<String> in = queue.openReceiver()) {
            assertEquals(new PrioritizedMessage<>("high", 30_000), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("high too", 30_000), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("middle", 7), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("low", 1), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("low too", 1), in.receivePrioritized());
            assertEquals(new PrioritizedMessage<>("", 0), in.receivePrioritized());
            assertNull(in.tryReceive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void itReceivesByPriorityWhatIsSent(Language language) throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender()) {
            out.send("low", 1);
            out.send("high", 32_767);
            out.send("none");
            out.send("low too", 1);
            out.send("high too", 32_767);
        }
        Process peer = receiving(language, 5);
        assertEquals(List.of("32767 high", "32767 high too", "1 low", "1 low too", "0 none"), lines(peer));
        assertEnds(peer);
    }

    @ParameterizedTest
    @EnumSource
    void manyGoThroughAFullQueueInOrder(Language language) throws Exception {
        PosixMessageQueue<String> queue = create();
        List<String> lines = IntStream.range(0, MANY)
                .mapToObj(seq -> "3 message " + seq + " " + "x".repeat(seq % 200))
                .toList();
        try (PosixMessageReceiver<String> in = queue.openReceiver();
                PosixMessageSender<String> out = queue.openSender(3)) {
            Process sender = sending(language, lines);
            for (String line : lines) {
                PrioritizedMessage<String> got = in.tryReceivePrioritized(Await.LONG);
                assertNotNull(got, "it sends no more");
                assertEquals(line, got.priority() + " " + got.message());
            }
            assertEnds(sender);
            Process receiver = receiving(language, MANY);
            try (Worker<Boolean> writer = Worker.run(() -> {
                for (String line : lines) {
                    out.send(line.substring(2));
                }
            })) {
                assertEquals(lines, lines(receiver));
                writer.result();
            }
            assertEnds(receiver);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotTextIsToldOnceAndTheNextOneComes(Language language) throws Exception {
        PosixMessageQueue<String> queue = create();
        for (int round = 0; round < 2; round++) {
            assertEnds(start(odd(language), Redirect.PIPE, address.location()));
            assertEquals(5, queue.status().messages());
            try (PosixMessageReceiver<String> in = queue.openReceiver()) {
                CorruptDataException first = assertThrows(CorruptDataException.class, in::receive);
                assertTrue(String.valueOf(first.getMessage()).startsWith(address + ": "), first.toString());
                assertEquals("a\0b", in.tryReceive(), "a zero is a character, and ends nothing");
                assertThrows(CorruptDataException.class, in::tryReceivePrioritized);
                assertEquals("\0", in.tryReceive(Await.LONG));
                assertEquals(new PrioritizedMessage<>("in order", 0), in.receivePrioritized());
                assertNull(in.tryReceive());
            }
        }
    }

    /** It waits in the kernel, this side polls: both are woken, each by what is meant for it. */
    @ParameterizedTest
    @EnumSource
    void itWaitsBesideAReceiverHere(Language language) throws Exception {
        PosixMessageQueue<String> queue = create();
        try (PosixMessageSender<String> out = queue.openSender();
                PosixMessageReceiver<String> in = queue.openReceiver()) {
            Process peer = receiving(language, 1);
            try (Worker<String> reader =
                    Worker.call(() -> in.tryReceive(Await.LONG)).awaitBlocked()) {
                out.send("one");
                out.send("two");
                List<String> got = new ArrayList<>(lines(peer));
                got.add("0 " + reader.result());
                assertEquals(List.of("0 one", "0 two"), got.stream().sorted().toList());
            }
            assertEnds(peer);
        }
    }
}
