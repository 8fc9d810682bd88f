package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.LimitException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** A file system of 1 MiB: what it cannot hold is refused when it is made, with the sizes, and nothing is left. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryFullIT {
    private static final long ROOM = 1 << 20;

    @TempDir
    Path directory;

    /** Runs in a mount namespace of its own. */
    public static final class Fills {
        private Fills() {}

        /** Checks what happens in the directory given. */
        public static void main(String[] arguments) throws IOException {
            Path full = Path.of(arguments[0]).resolve("m");
            try {
                SharedMemory.create(full, 4 * ROOM).close();
                throw new AssertionError("made");
            } catch (LimitException e) {
                System.out.println(e.getMessage());
                require(String.valueOf(e.getMessage()).contains(4 * ROOM + " bytes"), e);
                require(e.value() == ROOM, e);
            }
            try (Stream<Path> left = Files.list(full.getParent())) {
                require(left.findAny().isEmpty(), new IOException("something is left"));
            }
            require(SharedMemoryFiles.OBJECTS.survey().list().isEmpty(), new IOException("a record is left"));
            SharedMemory.create(full, ROOM / 2).close();
            try {
                SharedMemory.create(full.resolveSibling("n"), ROOM).close();
                throw new AssertionError("made");
            } catch (LimitException e) {
                require(e.value() == ROOM / 2, e);
            }
            SharedMemory.remove(full);
        }

        private static void require(boolean condition, Exception wrong) {
            if (!condition) {
                throw new AssertionError(wrong);
            }
        }
    }

    private String run(int expected, String... command) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("IPC_HOME", directory.resolve("home").toString());
        Process process = builder.start();
        assertTrue(process.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
        String text = Files.readString(output);
        if (expected >= 0) {
            assertEquals(expected, process.exitValue(), text);
        }
        return process.exitValue() + " " + text;
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheSizes() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        String tmpfs = "mount -t tmpfs -o size=1m none " + mount;
        String probe = run(-1, "unshare", "-m", "sh", "-c", tmpfs);
        Assumptions.assumeTrue(probe.startsWith("0 "), () -> "no file system may be mounted here: " + probe);
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", tmpfs + " && exec \"$@\"", "sh"));
        command.add(Jvms.java().toString());
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fills.class.getName(), mount.toString()));
        String text = run(0, command.toArray(String[]::new));
        assertTrue(text.contains("4194304 bytes") && text.contains("1048576"), text);
    }
}
