package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.process.ProcessIdentity;

/** Where a lock is of which a thread of this process tells, which has its file open. */
@Timeout(60)
class LockPlacesTest {
    private static final ProcessIdentity SELF = ProcessIdentity.self();

    @TempDir
    Path directory;

    private static LockClaim claim(LockClaim.Kind kind, Path path) throws Exception {
        FileStatus file = FileCalls.status(path.toString());
        return new LockClaim(kind, LockClaim.Mode.EXCLUSIVE, file.device(), file.inode(), 64, 0);
    }

    private static BlockedThread thread(LockClaim lock) {
        return new BlockedThread(
                SELF.pid(), (int) SELF.startTime(), SELF.pidNamespace(), 1, 1, 0, false, lock, List.of(lock));
    }

    @Test
    void aProblemIsToldOnce() throws Exception {
        Path path = Files.write(directory.resolve("none"), new byte[4096]);
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
            LockClaim lock = claim(LockClaim.Kind.SEGMENT, path);
            LockPlaces places = new LockPlaces();
            for (int i = 0; i < 3; i++) {
                assertNull(places.find(lock, thread(lock)));
            }
            assertEquals(1, places.problems().size(), () -> open + ": " + places.problems());
        }
    }

    @Test
    void aFileThatAProcessHasNotOpenIsLookedForOnce() throws Exception {
        Path path = Files.createFile(directory.resolve("file"));
        LockClaim lock = claim(LockClaim.Kind.RANGE, path);
        LockPlaces places = new LockPlaces();
        assertNull(places.find(lock, thread(lock)));
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
            assertNull(places.find(lock, thread(lock)), () -> open + " was found");
            assertNotNull(new LockPlaces().find(lock, thread(lock)));
        }
        assertEquals(List.of(), places.problems());
    }
}
