package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.OsException;

/** Locks through a descriptor that was closed, whose number is another one's by now. */
@Timeout(30)
class LockCallsTest {
    @TempDir
    Path directory;

    private String path;

    @BeforeEach
    void makeFile() throws Exception {
        path = Files.createFile(directory.resolve("file")).toString();
    }

    private Fd open() throws Exception {
        return OsCalls.open(path, Fcntl.O_RDWR, 0);
    }

    /** As one that was closed before the other was opened, and got its number. */
    private static Fd closedWithTheNumberOf(Fd other) {
        Fd closed = Fd.borrowed(other.number());
        closed.close();
        return closed;
    }

    private static void assertRefused(Executable call) {
        assertEquals(Errno.EBADF, assertThrows(OsException.class, call).errno());
    }

    @Test
    void aClosedDescriptorGivesNothingBack() throws Exception {
        try (Fd other = open();
                Fd observer = open()) {
            assertTrue(LockCalls.tryLock(other, 7, 1, true));
            Fd closed = closedWithTheNumberOf(other);
            assertRefused(() -> LockCalls.unlock(closed, 7, 1));
            assertTrue(LockCalls.isLocked(observer, 7, 1));
        }
    }

    @Test
    void aClosedDescriptorTakesAndAsksNothing() throws Exception {
        try (Fd other = open()) {
            Fd closed = closedWithTheNumberOf(other);
            assertRefused(() -> LockCalls.tryLock(closed, 7, 1, true));
            assertRefused(() -> LockCalls.tryLockFile(closed));
            assertRefused(() -> LockCalls.isLocked(closed, 7, 1));
            assertRefused(() -> LockCalls.conflict(closed, 7, 1));
        }
    }
}
