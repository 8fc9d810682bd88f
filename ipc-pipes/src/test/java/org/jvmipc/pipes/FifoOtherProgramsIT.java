package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.testkit.NoLeaks;

/** Lines and raw bytes with programs that know nothing of this toolkit on the other end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class FifoOtherProgramsIT {
    private static final int MEGABYTES = 8;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("f");
    }

    private Fifo create(Framing framing) throws Exception {
        return Fifo.create(path(), FifoOptions.defaults().withFraming(framing));
    }

    @AfterEach
    void remove() throws Exception {
        Fifo.remove(path());
    }

    /** A shell in the directory of the test, which is waited for. */
    private Process shell(String script) throws Exception {
        return new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(new File("/dev/null"))
                .start();
    }

    private static void assertSucceeds(Process process) throws Exception {
        assertEquals(0, process.waitFor());
    }

    private static Reason endOf(FifoReceiver<?> receiver) {
        return assertThrows(PeerGoneException.class, receiver::receive).reason();
    }

    private byte[] writeSample() throws Exception {
        byte[] sample = new byte[MEGABYTES << 20];
        new Random(1).nextBytes(sample);
        Files.write(directory.resolve("sample"), sample);
        return sample;
    }

    @Test
    void rawBytesOfCatAreReceivedAsTheyAre() throws Exception {
        byte[] sample = writeSample();
        ByteArrayOutputStream received = new ByteArrayOutputStream(sample.length);
        try (FifoReceiver<byte[]> receiver = create(Framing.RAW).openReceiver(Codecs.bytes())) {
            Process cat = shell("cat sample > f");
            receiver.forEach(received::writeBytes);
            assertSucceeds(cat);
        }
        assertArrayEquals(sample, received.toByteArray());
    }

    @Test
    void rawBytesAreReadByCatAsTheyAre() throws Exception {
        byte[] sample = writeSample();
        Fifo fifo = create(Framing.RAW);
        Process cat = shell("cat f > copy");
        try (FifoSender<byte[]> sender = fifo.openSender(Codecs.bytes())) {
            for (int at = 0; at < sample.length; at += 60_000) {
                sender.send(Arrays.copyOfRange(sample, at, Math.min(sample.length, at + 60_000)));
            }
        }
        assertSucceeds(cat);
        assertArrayEquals(sample, Files.readAllBytes(directory.resolve("copy")));
    }

    @Test
    void linesOfAShellAreReceivedOneByOneALastOneWithoutNewlineToo() throws Exception {
        try (FifoReceiver<String> receiver = create(Framing.LINE).openReceiver(Codecs.utf8())) {
            List<String> lines = new ArrayList<>();
            Process seq = shell("{ seq 20000; printf 'the last'; } > f");
            receiver.forEach(lines::add);
            assertSucceeds(seq);
            List<String> expected = new ArrayList<>(
                    IntStream.rangeClosed(1, 20_000).mapToObj(Integer::toString).toList());
            expected.add("the last");
            assertEquals(expected, lines);
        }
    }

    @Test
    void aShellMayComeAgainAndAgain() throws Exception {
        try (FifoReceiver<String> receiver = create(Framing.LINE).openReceiver(Codecs.utf8())) {
            for (int time = 0; time < 5; time++) {
                Process echo = shell("echo time " + time + " > f");
                assertEquals("time " + time, receiver.receive());
                assertSucceeds(echo);
                assertEquals(Reason.CLOSED, endOf(receiver));
            }
        }
    }

    @Test
    void linesAreReadByPython() throws Exception {
        assumeTrue(
                new ProcessBuilder("python3", "-c", "").start().waitFor() == 0, "there is no python3 to be the reader");
        Fifo fifo = create(Framing.LINE);
        Files.writeString(
                directory.resolve("sum.py"),
                "total = 0\nfor line in open('f'): total += int(line)\nopen('total', 'w').write(str(total))\n");
        Process python = shell("python3 sum.py");
        try (FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            sender.sendAll(
                    IntStream.rangeClosed(1, 10_000).mapToObj(Integer::toString).toList());
        }
        assertSucceeds(python);
        assertEquals("50005000", Files.readString(directory.resolve("total")));
    }

    @Test
    void linesOfSeveralShellsDoNotTearOneAnother() throws Exception {
        try (FifoReceiver<String> receiver = create(Framing.LINE).openReceiver(Codecs.utf8())) {
            Process writers = shell("exec 3> f; for w in 1 2 3; do"
                    + " (i=0; while [ $i -lt 300 ]; do echo $w:$i >&3; i=$((i+1)); done) & done; wait");
            int[] next = new int[4];
            receiver.forEach(line -> {
                int writer = Integer.parseInt(line.substring(0, 1));
                assertEquals(writer + ":" + next[writer]++, line);
            });
            assertSucceeds(writers);
            assertArrayEquals(new int[] {0, 300, 300, 300}, next);
        }
    }
}
