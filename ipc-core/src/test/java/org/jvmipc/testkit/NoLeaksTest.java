package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leak check that finds nothing is worse than none: each kind is left behind once. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NoLeaksTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private String leaksOf(Worker.Action action) {
        NoLeaks leaks = new NoLeaks(List.of(directory), SHORT);
        return assertThrows(AssertionError.class, () -> leaks.check(action)).getMessage();
    }

    @Test
    void namesADescriptorLeftOpenAndWhatItIsOpenOn() throws Exception {
        Path file = Files.writeString(directory.resolve("held"), "x");
        List<InputStream> held = new ArrayList<>();
        String message = leaksOf(() -> held.add(Files.newInputStream(file)));
        held.get(0).close();
        assertTrue(message.matches("(?s)left behind:\\n  fd \\d+ -> " + file.toRealPath()), message);
    }

    @Test
    void namesAChildLeftRunning() throws Exception {
        List<Process> started = new ArrayList<>();
        String message = leaksOf(() -> started.add(new ProcessBuilder("sleep", "60").start()));
        Process child = started.get(0).destroyForcibly();
        child.waitFor();
        child.getInputStream().close();
        child.getErrorStream().close();
        child.getOutputStream().close();
        assertTrue(message.contains("child " + child.pid() + " sleep 60"), message);
    }

    @Test
    void namesAFileLeftInAWatchedDirectory() {
        Path file = directory.resolve("object");
        String message = leaksOf(() -> Files.createFile(file));
        assertEquals("left behind:\n  file " + file, message);
    }

    @Test
    void namesATemporaryFileOfOurs() throws Exception {
        List<Path> made = new ArrayList<>();
        String message = leaksOf(() -> made.add(Files.createTempFile("ipc-test", ".tmp")));
        Files.delete(made.get(0));
        assertEquals("left behind:\n  file " + made.get(0), message);
    }

    @Test
    void waitsForWhatEndsByItself() throws Exception {
        NoLeaks leaks = new NoLeaks(List.of(directory), Await.LONG);
        Path file = directory.resolve("short-lived");
        List<Worker<Boolean>> later = new ArrayList<>();
        leaks.check(() -> {
            Files.createFile(file);
            later.add(Worker.run(() -> {
                Await.within(SHORT, () -> false);
                Files.delete(file);
            }));
        });
        later.get(0).result();
    }

    @Test
    void isContentWhenAllIsAsBefore() throws Exception {
        new NoLeaks(List.of(directory), SHORT).check(() -> {
            Path file = Files.writeString(directory.resolve("gone"), "x");
            try (InputStream in = Files.newInputStream(file)) {
                assertEquals('x', in.read());
            }
            Files.delete(file);
            assertEquals(0, new ProcessBuilder("true").start().waitFor());
        });
    }
}
