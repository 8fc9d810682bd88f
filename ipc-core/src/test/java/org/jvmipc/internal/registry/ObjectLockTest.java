package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

@Timeout(60)
@ExtendWith(NoLeaks.class)
class ObjectLockTest implements NoLeaks.WarmUp {
    @TempDir
    Path temporary;

    private Path lockFile;
    private Registry registry;

    @BeforeEach
    void open() throws Exception {
        registry = Registry.at(temporary.resolve("registry"));
        lockFile = temporary.resolve("registry").resolve(".lock");
    }

    /** The first channel of a socket makes the JDK keep one of its own. */
    @Override
    public void warmUp() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    @Test
    void tellsItsObject() throws Exception {
        try (ObjectLock lock = registry.lock("fifo", "/tmp/x")) {
            assertEquals("/tmp/x", lock.path());
            assertEquals("lock on fifo:/tmp/x", lock.toString());
        }
    }

    @Test
    void excludesTheSameThreadAndNotOtherObjects() throws Exception {
        try (ObjectLock lock = registry.lock("fifo", "/x")) {
            assertNotNull(lock);
            assertNull(registry.tryLock("fifo", "/x"));
            try (ObjectLock other = registry.tryLock("fifo", "/y");
                    ObjectLock otherScheme = registry.tryLock("segment", "/x")) {
                assertNotNull(other);
                assertNotNull(otherScheme);
            }
            assertNull(registry.tryLock("fifo", "/x"), "closing others gave it back");
        }
        try (ObjectLock again = registry.tryLock("fifo", "/x")) {
            assertNotNull(again);
        }
    }

    @Test
    void excludesThreads() throws Exception {
        int[] unguarded = {0};
        List<Worker<Boolean>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(Worker.run(() -> {
                for (int j = 0; j < 50; j++) {
                    try (ObjectLock lock = registry.lock("fifo", "/x")) {
                        assertNotNull(lock);
                        int before = unguarded[0];
                        registry.find("fifo", lock.path()); // long enough for another to come between
                        unguarded[0] = before + 1;
                    }
                }
            }));
        }
        for (Worker<Boolean> worker : workers) {
            worker.result();
        }
        assertEquals(200, unguarded[0]);
    }

    @Test
    void aWaiterGetsItWhenItIsGivenBack() throws Exception {
        ObjectLock lock = registry.lock("fifo", "/x");
        try (Worker<String> waiter = Worker.call(() -> {
            try (ObjectLock second = registry.lock("fifo", "/x")) {
                return second.path();
            }
        })) {
            waiter.interrupt(); // ends no wait
            waiter.assertRunning();
            lock.close();
            assertEquals("/x", waiter.result());
        } finally {
            lock.close();
        }
    }

    @Test
    void anInterruptIsKept() throws Exception {
        Thread.currentThread().interrupt();
        try (ObjectLock lock = registry.lock("fifo", "/x")) {
            assertTrue(Thread.interrupted());
            Registry impatient = Registry.at(temporary.resolve("registry"), Duration.ofMillis(5));
            Thread.currentThread().interrupt();
            assertThrows(IpcException.class, () -> impatient.lock("fifo", lock.path()));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void timesOut() throws Exception {
        Duration patience = Duration.ofMillis(30);
        Registry impatient = Registry.at(temporary.resolve("registry"), patience);
        try (ObjectLock lock = registry.lock("fifo", "/x")) {
            assertNotNull(lock);
            long start = System.nanoTime();
            IpcException error = assertThrows(IpcException.class, () -> impatient.lock("fifo", "/x"));
            assertTrue(System.nanoTime() - start >= patience.toNanos(), "it did not wait");
            assertEquals(
                    "another process has been creating, removing or cleaning up fifo:/x for 30ms; it may be stopped: "
                            + "let it go on, or kill it",
                    error.getMessage());
        }
    }

    // ---- the file

    @Test
    void itsFileIsOfItsOwnerAlone() throws Exception {
        registry.lock("fifo", "/x").close();
        assertEquals("rw-------", mode());
        assertEquals(0, Files.size(lockFile));
        Files.setPosixFilePermissions(lockFile, PosixFilePermissions.fromString("---------"));
        registry.lock("fifo", "/x").close();
        assertEquals("rw-------", mode());
    }

    private String mode() throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(lockFile));
    }

    private void expectRefused(String why) throws Exception {
        IpcException error = assertThrows(IpcException.class, () -> registry.lock("fifo", "/x"), why);
        assertTrue(error.getMessage().contains(lockFile + " cannot be trusted: "), error.getMessage());
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertThrows(IpcException.class, () -> registry.tryLock("fifo", "/x"));
        Files.deleteIfExists(lockFile);
    }

    @Test
    void aFileThatIsNoneOfOursIsRefused() throws Exception {
        Path target = Files.writeString(temporary.resolve("target"), "precious");
        Files.createSymbolicLink(lockFile, target);
        expectRefused("symbolic link");
        Files.createSymbolicLink(lockFile, temporary.resolve("nowhere"));
        expectRefused("symbolic link");
        assertTrue(Files.notExists(temporary.resolve("nowhere")), "it was followed");
        Files.createLink(lockFile, target);
        expectRefused("has 2 names");
        assertEquals("precious", Files.readString(target));
        Fixtures.makeFifo(lockFile);
        expectRefused("pipe");
        Files.createDirectory(lockFile);
        expectRefused("directory");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(lockFile));
            expectRefused("socket");
        }
        registry.lock("fifo", "/x").close();
    }

    @Test
    void aForeignFileIsRefused() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can make one");
        Files.writeString(lockFile, "");
        Files.setAttribute(lockFile, "unix:uid", 12345);
        expectRefused("belongs to user 12345");
    }
}
