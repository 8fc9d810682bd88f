package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.ProcessCalls;

@Timeout(30)
class RuntimeDirectoryTest {
    @TempDir
    Path temporary;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void expectRefused(Path path, String why) {
        IpcException error = assertThrows(IpcException.class, () -> RuntimeDirectory.make(path));
        assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertTrue(error.getMessage().contains("IPC_HOME"), error.getMessage());
    }

    @Test
    void isAlwaysTheSameUnlessOverridden() throws Exception {
        assertEquals(Path.of("/dev/shm/ipc-7"), RuntimeDirectory.locate(null, 7));
        assertEquals(Path.of("/dev/shm/ipc-7"), RuntimeDirectory.locate("", 7));
        assertEquals(Path.of("/x/z"), RuntimeDirectory.locate("/x/./y/../z/", 7));
        IpcException error = assertThrows(IpcException.class, () -> RuntimeDirectory.locate("x/y", 7));
        assertTrue(error.getMessage().contains("IPC_HOME=x/y is a relative path"), error.getMessage());
    }

    @Test
    void isMadePrivateOnce() throws Exception {
        Path path = temporary.resolve("home");
        RuntimeDirectory.make(path);
        assertEquals("rwx------", mode(path));
        Files.writeString(path.resolve("kept"), "");
        RuntimeDirectory.make(path);
        assertTrue(Files.exists(path.resolve("kept")));
    }

    @Test
    void anOverlyStrictOneIsLeftAsItIs() throws Exception {
        Path path = temporary.resolve("home");
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        RuntimeDirectory.make(path);
        assertEquals("---------", mode(path));
    }

    @Test
    void anOpenOneIsRefusedAndNotRepaired() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("home"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
        expectRefused(path, "open to others (mode 0750)");
        assertEquals("rwxr-x---", mode(path));
    }

    @Test
    void aSymbolicLinkIsRefused() throws Exception {
        Path target = Files.createDirectory(temporary.resolve("target"));
        Path link = Files.createSymbolicLink(temporary.resolve("home"), target);
        expectRefused(link, "not a directory but a symbolic link");
        Path dangling = Files.createSymbolicLink(temporary.resolve("dangling"), temporary.resolve("nowhere"));
        expectRefused(dangling, "not a directory but a symbolic link");
        assertFalse(Files.exists(temporary.resolve("nowhere")));
    }

    @Test
    void aFileIsRefused() throws Exception {
        expectRefused(Files.writeString(temporary.resolve("home"), "x"), "not a directory but a regular file");
    }

    @Test
    void aForeignOneIsRefused() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can make one");
        Path path = Files.createDirectory(temporary.resolve("home"));
        Files.setAttribute(path, "unix:uid", 12345);
        expectRefused(path, "belongs to user 12345");
    }

    @Test
    void itsParentMustExist() {
        expectRefused(temporary.resolve("missing").resolve("home"), "its parent directory must exist");
    }

    @Test
    void namesAreChecked() throws Exception {
        assertEquals(RuntimeDirectory.path().resolve("orders.fifo"), RuntimeDirectory.resolve("orders", ".fifo"));
        for (String name : new String[] {"", ".", "..", ".x", "a/b", "a b", "x".repeat(65), "a\0"}) {
            assertThrows(IllegalArgumentException.class, () -> RuntimeDirectory.resolve(name, ""), name);
        }
    }
}
