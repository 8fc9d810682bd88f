package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

@Timeout(60)
class LaunchLeaksIT {
    private static final int ROUNDS = 5;
    private static final int FAILED_STARTS = 4;
    private static final int AT_ONCE = 4;

    @TempDir
    Path temporary;

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ipc-child-"))
                .count();
    }

    private static void startAndEnd() throws Exception {
        List<ChildJvm> started = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            started.add(Children.launcher(i == 0 ? Children.Ready.class : Children.Exits.class)
                    .arguments(Integer.toString(i))
                    .start());
        }
        started.get(0).awaitReady();
        for (ChildJvm child : started.subList(1, AT_ONCE)) {
            child.awaitExit(); // not closed: an ended child costs nothing
        }
        started.get(0).close();
    }

    @Test
    void nothingIsLeftOfChildrenThatHaveEnded() throws Exception {
        startAndEnd();
        new NoLeaks().check(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                startAndEnd();
            }
        });
        Await.until("the watching threads have ended", () -> threads() == 0);
    }

    // ---- starts that fail

    private static void failsAndLeavesNothing(JvmLauncher launcher, String told) throws Exception {
        assertThrows(IOException.class, launcher::start); // loads what it takes
        new NoLeaks().check(() -> {
            for (int i = 0; i < FAILED_STARTS; i++) {
                String message =
                        assertThrows(IOException.class, launcher::start).getMessage();
                assertTrue(message.contains(told), message);
            }
        });
    }

    @Test
    void startsThatFailLeaveNothing() throws Exception {
        Path missing = temporary.resolve("missing");
        Path bin = Files.createDirectories(temporary.resolve("home").resolve("bin"));
        Path java = Files.writeString(bin.resolve("java"), "#!/no/interpreter\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        failsAndLeavesNothing(Children.launcher(Children.Ready.class).javaHome(missing), "no java command");
        failsAndLeavesNothing(Children.launcher(Children.Ready.class).directory(missing), "no directory");
        failsAndLeavesNothing(
                Children.launcher(Children.Ready.class).javaHome(bin.getParent()), "No such file or directory");
        failsAndLeavesNothing(
                Children.launcher(Children.Ready.class).stdout(Stdio.file(missing.resolve("out"))), "missing/out");
        failsAndLeavesNothing(
                Children.launcher(Children.Ready.class).stderr(Stdio.file(missing.resolve("errors"))),
                "missing/errors");
        failsAndLeavesNothing(Children.launcher(Children.Ready.class).stdin(Stdio.file(missing)), "missing");
    }

    /** What a new thread inherits is computed before it is there: the way to make its creation fail. */
    private static final class NoThreads extends InheritableThreadLocal<String> {
        @Override
        protected String childValue(String parentValue) {
            throw new OutOfMemoryError("as if: unable to create native thread");
        }
    }

    @Test
    void aStartThatGetsNoThreadLeavesNothing() throws Exception {
        startAndEnd();
        new NoLeaks().check(() -> {
            NoThreads noThreads = new NoThreads();
            noThreads.set("none");
            try {
                for (int i = 0; i < FAILED_STARTS; i++) {
                    assertThrows(OutOfMemoryError.class, Children.launcher(Children.Ready.class)::start);
                }
            } finally {
                noThreads.remove();
            }
        });
    }

    private List<String> run(String prefix, String option, Class<?> main) throws Exception {
        Path output = temporary.resolve("output");
        String tmp = "-Djava.io.tmpdir=" + option;
        List<String> words = new ArrayList<>(List.of("sh", "-c", prefix + "exec \"$@\"", "sh"));
        words.add(Jvms.java().toString());
        words.addAll(Jvms.FAST_START);
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", tmp, "-Djna.tmpdir=" + temporary, "-classpath"));
        words.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(50, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }

    private static void assertNoFiles(Path directory) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "ipc-*.args")) {
            assertFalse(found.iterator().hasNext());
        }
    }

    @Test
    void aStartWithoutDescriptorsNamesTheLimitAndLeavesNothing() throws Exception {
        List<String> lines = run("ulimit -n 120; ", temporary.toString(), Children.FewDescriptors.class);
        assertTrue(lines.size() > 8, lines::toString); // of each descriptor that a start takes
        for (int free = 0; free < lines.size() - 2; free++) {
            String line = lines.get(free + 1);
            assertTrue(line.startsWith(free + " left 0 RLIMIT_NOFILE 120 "), lines::toString);
            assertTrue(line.contains("RLIMIT_NOFILE is 120; "), lines::toString);
        }
        assertEquals((lines.size() - 2) + " left 0 started", lines.get(lines.size() - 1));
        assertNoFiles(temporary);
    }

    @Test
    void aStartWithoutATemporaryDirectoryLeavesNothing() throws Exception {
        String missing = temporary.resolve("missing").toString();
        List<String> lines = new ArrayList<>(run("", missing, Children.NeedsArgumentFile.class));
        lines.removeIf(line -> line.startsWith("WARNING: java.io.tmpdir")); // of newer JDKs
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(
                lines.get(0).startsWith("cannot start " + Children.Silent.class.getName() + ": ")
                        && lines.get(0).contains("argument file")
                        && lines.get(0).contains(missing),
                lines::toString);
        assertEquals("left 0", lines.get(1));
    }
}
