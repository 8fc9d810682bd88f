package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;

/** News of dead holders, and none where the table is full or damaged. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockHoldersTest {
    private static final long KEY = 0x1234_5678_9abcL;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("table");
    }

    @Test
    void tellsOfAHolderThatDidNotLeave() throws Exception {
        LockHolders one = LockHolders.open(path());
        LockHolders two = LockHolders.open(path());
        assertFalse(one.enter(KEY));
        LockHolders.Holder holder = two.holder(KEY);
        assertNotNull(holder);
        assertEquals(ProcessHandle.current().pid(), holder.pid());
        assertTrue(holder.isAlive());
        assertTrue(two.enter(KEY));
        two.leave(KEY);
        assertNull(one.holder(KEY));
        assertFalse(one.enter(KEY));
        assertTrue(two.take(KEY));
        assertFalse(two.take(KEY));
    }

    @Test
    void hasNoNewsWhenTheWindowIsFull() throws Exception {
        LockHolders holders = LockHolders.open(path());
        for (int low = 1; low <= LockHolderLayout.WINDOW; low++) {
            assertFalse(holders.enter(KEY << 32 | low));
        }
        long more = KEY << 32 | 100;
        assertFalse(holders.enter(more));
        assertFalse(holders.enter(more));
        holders.leave(more);
        assertTrue(holders.enter(KEY << 32 | LockHolderLayout.WINDOW));
    }

    @Test
    void refusesAFileThatIsNoTable() throws Exception {
        Files.write(path(), new byte[] {1, 2, 3});
        assertThrows(IpcException.class, () -> LockHolders.open(path()));
        Files.delete(path());
        Files.createSymbolicLink(path(), directory.resolve("elsewhere"));
        assertThrows(IOException.class, () -> LockHolders.open(path()));
        assertFalse(Files.exists(directory.resolve("elsewhere")));
    }

    @Test
    void whateverIsInItDoesNoHarm() throws Exception {
        LockHolders holders = LockHolders.open(path());
        Random random = new Random(5);
        byte[] noise = new byte[LockHolderLayout.FILE_BYTES];
        for (int i = 0; i < 50; i++) {
            random.nextBytes(noise);
            Files.write(path(), noise, java.nio.file.StandardOpenOption.WRITE);
            long key = LockHolderLayout.key(random.nextLong(), 1, 2, 3, 4);
            assertDoesNotThrow(() -> {
                holders.enter(key);
                holders.holder(key);
                holders.leave(key);
            });
        }
    }

    @Test
    void whenItIsCutOffThereIsNoNewsAndNoError() throws Exception {
        LockHolders holders = LockHolders.open(path());
        assertFalse(holders.enter(KEY));
        try (var file = java.nio.channels.FileChannel.open(path(), java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        assertFalse(holders.enter(KEY));
        assertFalse(holders.isUsable());
        assertFalse(holders.take(KEY));
        assertNull(holders.holder(KEY));
    }
}
