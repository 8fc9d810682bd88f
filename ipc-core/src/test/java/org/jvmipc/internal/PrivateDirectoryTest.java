package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

@Timeout(30)
@ExtendWith(NoLeaks.class)
class PrivateDirectoryTest implements NoLeaks.WarmUp {
    @TempDir
    Path temporary;

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void setMode(Path path, String mode) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static void expectRefused(Path path, String why) {
        IpcException error = assertThrows(IpcException.class, () -> PrivateDirectory.make(path, "store"));
        assertTrue(error.getMessage().contains("store " + path), error.getMessage());
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertTrue(error.getMessage().contains(RuntimeDirectory.VARIABLE), error.getMessage());
    }

    /** The first channel of a socket makes the JDK keep one of its own. */
    @Override
    public void warmUp() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    @Test
    void isMadePrivateAndThenUsed() throws Exception {
        Path path = temporary.resolve("x");
        PrivateDirectory.make(path, "store");
        assertEquals("rwx------", mode(path));
        Files.writeString(path.resolve("kept"), "");
        PrivateDirectory.make(path, "store");
        assertTrue(Files.exists(path.resolve("kept")));
    }

    @Test
    void manyMayMakeItAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            Path path = temporary.resolve("x" + i);
            List<Worker<Boolean>> makers = new ArrayList<>();
            for (int j = 0; j < 4; j++) {
                makers.add(Worker.run(() -> PrivateDirectory.make(path, "store")));
            }
            for (Worker<Boolean> maker : makers) {
                maker.result();
            }
            assertEquals("rwx------", mode(path));
        }
    }

    @Test
    void anyOtherBitIsTooMuch() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("x"));
        for (String mode :
                new String[] {"rwx---r--", "rwx----w-", "rwx-----x", "rwxr-----", "rwx-w----", "rwx--x---"}) {
            setMode(path, mode);
            expectRefused(path, "it is open to others");
            assertEquals(mode, mode(path), "it was repaired");
        }
        setMode(path, "rwx------");
        PrivateDirectory.make(path, "store");
    }

    @Test
    void whatIsNoDirectoryIsRefusedAndNamed() throws Exception {
        Path target = Files.createDirectory(temporary.resolve("target"));
        expectRefused(Files.createSymbolicLink(temporary.resolve("link"), target), "a symbolic link");
        Path nowhere = temporary.resolve("nowhere");
        expectRefused(Files.createSymbolicLink(temporary.resolve("dangling"), nowhere), "a symbolic link");
        assertFalse(Files.exists(nowhere), "it was followed");
        expectRefused(Files.writeString(temporary.resolve("file"), "x"), "a regular file");
        Path fifo = temporary.resolve("fifo");
        FileCalls.makeFifo(fifo.toString(), 0600);
        expectRefused(fifo, "pipe");
        Path socket = temporary.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            expectRefused(socket, "a socket");
        }
    }

    @Test
    void aForeignOneIsRefused() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can make one");
        Path path = Files.createDirectory(temporary.resolve("x"));
        setMode(path, "rwx------");
        Files.setAttribute(path, "unix:uid", 12345);
        expectRefused(path, "it belongs to user 12345 and not to 0");
    }

    @Test
    void itsParentMustExist() throws Exception {
        expectRefused(temporary.resolve("missing").resolve("x"), "its parent directory must exist");
        Path file = Files.writeString(temporary.resolve("file"), "x");
        expectRefused(file.resolve("x"), "to a directory that you can make");
    }
}
