package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class LeftoversTest {
    @TempDir
    private Path directory;

    @Test
    void findsNothingWhereNothingIsLeft() throws Exception {
        assertEquals(List.of(), Leftovers.since().list());
    }

    @Test
    void findsADescriptor() throws Exception {
        Path file = Files.createFile(directory.resolve("open"));
        Leftovers leftovers = Leftovers.since();
        try (InputStream leaked = Files.newInputStream(file)) {
            assertEquals(-1, leaked.read());
            List<String> found = leftovers.list();
            assertEquals(1, found.size(), found.toString());
            assertTrue(found.get(0).matches("descriptor [0-9]+ \\(" + file.toRealPath() + "\\)"), found.toString());
        }
        assertEquals(List.of(), leftovers.list());
    }

    @Test
    void findsAChild() throws Exception {
        // The JDK needs a helper and a reaper of its own from its first child on.
        new ProcessBuilder("true").start().waitFor();
        Leftovers leftovers = Leftovers.since();
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            List<String> found = leftovers.list();
            assertTrue(found.contains("process " + child.pid()), found.toString());
        } finally {
            child.destroyForcibly().waitFor();
            close(child);
        }
        assertEquals(List.of(), leftovers.list());
    }

    private static void close(Process child) throws IOException {
        child.getInputStream().close();
        child.getErrorStream().close();
        child.getOutputStream().close();
    }

    @Test
    void aFileOfAnotherProcessIsNotItsOwn() throws Exception {
        Leftovers leftovers = Leftovers.since();
        Path file = Files.createTempFile("ipc-", ".args");
        try {
            assertEquals(List.of(), leftovers.list());
        } finally {
            Files.delete(file);
        }
    }
}
