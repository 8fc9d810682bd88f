package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a JVM tells of, and where: also when the table is removed while threads wait. */
@Timeout(60)
class ThreadWaitsTest {
    private static final LockClaim HELD = lock(1, LockClaim.Mode.EXCLUSIVE);
    private static final LockClaim WANTED = lock(2, LockClaim.Mode.EXCLUSIVE);

    @TempDir
    Path directory;

    private @Nullable BlockedThreads table;

    /** A wait of this thread that was seen before. */
    private static final class Waiting extends ThreadWait {
        private final LockClaim wanted;

        Waiting(LockClaim wanted) {
            this.wanted = wanted;
            assertFalse(lasts(), "seen for the first time");
            assertTrue(lasts());
        }

        @Override
        protected LockClaim waitsFor() {
            return wanted;
        }

        @Override
        protected boolean isTimed() {
            return false;
        }

        void end() {
            ended();
        }
    }

    private static LockClaim lock(int number, LockClaim.Mode mode) {
        return new LockClaim(LockClaim.Kind.SEGMENT, mode, 7, number, 64L * number, 0);
    }

    private Path path() {
        return directory.resolve("blocked");
    }

    private BlockedThreads current() {
        try {
            if (table == null || !table.isCurrent()) {
                table = BlockedThreads.open(path());
            }
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(ThreadWait wait, LockClaim... holds) {
        ThreadWaits.tell(
                List.of(wait),
                visitor -> List.of(holds).forEach(each -> visitor.add(Thread.currentThread(), each)),
                this::current);
    }

    private List<LockClaim> told() throws IOException {
        return BlockedThreads.look(path()).stream().map(BlockedThread::waitsFor).toList();
    }

    @Test
    void tellsOnceOfWhoHoldsALock() throws Exception {
        Waiting wait = new Waiting(WANTED);
        tell(wait, HELD);
        BlockedThread thread = BlockedThreads.look(path()).get(0);
        assertEquals(WANTED, thread.waitsFor());
        tell(wait, HELD);
        assertEquals(List.of(thread), BlockedThreads.look(path()), "the same serial");
        wait.end();
        assertEquals(List.of(), told());
    }

    @Test
    void makesNoTableForWhoHoldsNone() {
        Waiting wait = new Waiting(WANTED);
        tell(wait);
        assertFalse(wait.lasts(), "it will take none while it waits");
        assertFalse(Files.exists(path()));
    }

    @Test
    void tellsNotOfWhoHasJustGotWhatHeWaitedFor() throws Exception {
        tell(new Waiting(WANTED), HELD, WANTED);
        assertFalse(Files.exists(path()));
        tell(new Waiting(lock(2, LockClaim.Mode.SHARED)), HELD, WANTED);
        assertFalse(Files.exists(path()));
        LockClaim alone = lock(2, LockClaim.Mode.ALONE);
        Waiting forReaders = new Waiting(alone);
        tell(forReaders, HELD, WANTED);
        Waiting besideWriter = new Waiting(WANTED);
        tell(besideWriter, HELD, lock(2, LockClaim.Mode.SHARED));
        assertEquals(2, told().size());
        assertTrue(told().containsAll(List.of(alone, WANTED)));
        forReaders.end();
        besideWriter.end();
    }

    @Test
    void tellsAgainWhereTheTableWasRemoved() throws Exception {
        Waiting wait = new Waiting(WANTED);
        tell(wait, HELD);
        Files.delete(path());
        tell(wait, HELD);
        assertEquals(List.of(WANTED), told());
        assertNotNull(table);
        BlockedThreads.open(path());
        Files.move(path(), directory.resolve("aside"));
        BlockedThreads.open(path()); // another process was first
        tell(wait, HELD);
        assertEquals(List.of(WANTED), told());
        assertEquals(List.of(), BlockedThreads.look(directory.resolve("aside")), "and no longer in the old one");
        wait.end();
        assertEquals(List.of(), told());
    }

    @Test
    void tellsAgainWhereItWasWrittenOver() throws Exception {
        Waiting wait = new Waiting(WANTED);
        tell(wait, HELD);
        byte[] image = Files.readAllBytes(path());
        Arrays.fill(image, BlockedThreadLayout.HEADER_BYTES, BlockedThreadLayout.END_AT, (byte) 0);
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(image));
        }
        assertEquals(List.of(), told());
        tell(wait, HELD);
        assertEquals(List.of(WANTED), told());
        wait.end();
        assertEquals(List.of(), told());
    }
}
