package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Strike;

/** The table of blocked threads: what is put in is read, whatever is in it does no harm, and the dead make room. */
@Timeout(60)
class BlockedThreadsTest {
    private static final int IMAGES = 100;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("blocked");
    }

    private static LockClaim lock(int number, LockClaim.Mode mode) {
        return new LockClaim(LockClaim.Kind.SEGMENT, mode, 7, number, 64L * number, 0);
    }

    private static ThreadWait waitFor(LockClaim lock) {
        return new ThreadWait() {
            @Override
            protected LockClaim waitsFor() {
                return lock;
            }

            @Override
            protected boolean isTimed() {
                return true;
            }
        };
    }

    private static int put(BlockedThreads table, int held) {
        LockClaim lock = lock(0, LockClaim.Mode.ALONE);
        List<LockClaim> holds = new ArrayList<>();
        for (int i = 1; i <= held; i++) {
            holds.add(lock(i, LockClaim.Mode.SHARED));
        }
        return table.put(waitFor(lock), lock, holds);
    }

    @Test
    void tellsOfAThreadUntilItIsCleared() throws Exception {
        assertEquals(List.of(), BlockedThreads.look(path()));
        assertFalse(Files.exists(path()), "who looks makes nothing");
        BlockedThreads table = BlockedThreads.open(path());
        int entry = put(table, 2);
        BlockedThread thread = BlockedThreads.look(path()).get(0);
        ProcessIdentity self = ProcessIdentity.self();
        assertTrue(thread.isOfProcess(self.pid(), self.startTime(), self.pidNamespace()));
        assertEquals(self, thread.visibleProcess());
        assertEquals(Thread.currentThread().getId(), thread.thread());
        assertTrue(thread.timed());
        assertEquals(lock(0, LockClaim.Mode.ALONE), thread.waitsFor());
        assertEquals(List.of(lock(1, LockClaim.Mode.SHARED), lock(2, LockClaim.Mode.SHARED)), thread.holds());
        table.clear(entry);
        assertEquals(List.of(), BlockedThreads.look(path()));
        assertEquals(entry, put(BlockedThreads.open(path()), 1));
        assertTrue(BlockedThreads.look(path()).get(0).serial() != thread.serial());
    }

    @Test
    void tellsOfSoManyLocksAsThereIsRoomFor() throws Exception {
        put(BlockedThreads.open(path()), 100);
        assertEquals(
                BlockedThreadLayout.MOST_HELD,
                BlockedThreads.look(path()).get(0).holds().size());
    }

    @Test
    void whoIsTooManyIsNotToldOfAndTheDeadMakeRoom() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        Set<Integer> entries = new HashSet<>();
        for (int i = 0; i < BlockedThreadLayout.ENTRIES; i++) {
            entries.add(put(table, 1));
        }
        assertEquals(BlockedThreadLayout.ENTRIES, entries.size());
        assertEquals(-1, put(table, 1));
        assertEquals(BlockedThreadLayout.ENTRIES, BlockedThreads.look(path()).size());
        int victim = 17;
        ProcessIdentity self = ProcessIdentity.self();
        write(BlockedThreadLayout.entry(victim), LockHolderLayout.holder(self.pid(), self.startTime() - 1));
        table.clear(victim); // which is not its own any more
        assertEquals(BlockedThreadLayout.ENTRIES, BlockedThreads.look(path()).size());
        assertEquals(victim, put(table, 1));
        assertEquals(-1, put(table, 1));
    }

    private void write(int offset, long value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, value);
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            file.write(bytes, offset);
        }
    }

    @Test
    void whatIsBeingWrittenIsNotRead() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        int entry = put(table, 1);
        write(BlockedThreadLayout.entry(entry) + BlockedThreadLayout.SERIAL, 0);
        assertEquals(List.of(), BlockedThreads.look(path()));
    }

    @Test
    void whateverIsInItDoesNoHarm() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        byte[] header = Files.readAllBytes(path());
        Random random = new Random(11);
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = header.clone();
            for (int at = BlockedThreadLayout.HEADER_BYTES; at < BlockedThreadLayout.END_AT; at++) {
                image[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3));
            }
            Files.write(path(), image, StandardOpenOption.WRITE);
            for (BlockedThread thread : BlockedThreads.look(path())) {
                assertTrue(thread.holds().size() <= BlockedThreadLayout.MOST_HELD);
                thread.visibleProcess();
                thread.blocks(thread);
            }
            assertDoesNotThrow(() -> table.clear(Math.max(0, put(table, 3))));
        }
    }

    @Test
    void refusesWhatIsNoTable() throws Exception {
        BlockedThreads.open(path());
        write(BlockedThreadLayout.MAGIC_AT, 1);
        assertThrows(CorruptDataException.class, () -> BlockedThreads.look(path()));
        assertThrows(CorruptDataException.class, () -> BlockedThreads.open(path()));
        write(BlockedThreadLayout.MAGIC_AT, 0);
        assertEquals(List.of(), BlockedThreads.look(path()), "it is being made");
        Files.write(path(), new byte[] {1, 2, 3});
        assertThrows(CorruptDataException.class, () -> BlockedThreads.look(path()));
        Files.delete(path());
        Files.createSymbolicLink(path(), directory.resolve("elsewhere"));
        assertThrows(IpcException.class, () -> BlockedThreads.open(path()));
        assertThrows(IpcException.class, () -> BlockedThreads.look(path()));
    }

    @Test
    void whenItIsCutOffNothingIsToldAndThereIsNoError() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        int entry = put(table, 1);
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        assertDoesNotThrow(() -> table.clear(entry));
        assertEquals(-1, put(table, 1));
        assertFalse(table.isCurrent());
        assertEquals(List.of(), BlockedThreads.look(path()));
        assertTrue(put(BlockedThreads.open(path()), 1) >= 0, "the next one finishes it");
        assertEquals(1, BlockedThreads.look(path()).size());
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            file.truncate(BlockedThreadLayout.FILE_BYTES / 2);
        }
        assertThrows(CorruptDataException.class, () -> BlockedThreads.look(path()));
        assertThrows(CorruptDataException.class, () -> BlockedThreads.open(path()));
    }

    @Test
    void oneThatIsNotFinishedTellsNothingAndTheNextOneFinishesIt() throws Exception {
        for (int size : new int[] {0, 1, Long.BYTES, 4096, BlockedThreadLayout.FILE_BYTES}) {
            Files.write(path(), new byte[size]);
            assertEquals(List.of(), BlockedThreads.look(path()), "of " + size + " bytes");
            assertEquals(size, Files.size(path()));
            put(BlockedThreads.open(path()), 1);
            assertEquals(1, BlockedThreads.look(path()).size());
            Files.delete(path());
        }
    }

    @Test
    void withoutSpaceThereIsNoneUntilThereIsSpace() throws Exception {
        boolean struck = true;
        Set<String> refused = new HashSet<>();
        for (int number = 1; struck; number++) {
            try (Strike strike = Strike.failing(number, Errno.ENOSPC).arm()) {
                try {
                    BlockedThreads.open(path());
                } catch (IOException e) {
                    refused.add(String.valueOf(strike.call()));
                }
                struck = strike.call() != null;
            }
            assertEquals(List.of(), BlockedThreads.look(path()));
            assertTrue(put(BlockedThreads.open(path()), 1) >= 0);
            assertEquals(1, BlockedThreads.look(path()).size());
            Files.delete(path());
        }
        assertTrue(refused.contains("posix_fallocate"), refused::toString);
    }

    @Test
    void whoDiedWhileHeWroteMakesRoomToo() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        ProcessIdentity self = ProcessIdentity.self();
        long dead = LockHolderLayout.holder(self.pid(), self.startTime() - 1);
        for (int i = 0; i < BlockedThreadLayout.ENTRIES; i++) {
            write(BlockedThreadLayout.entry(i), dead);
            write(BlockedThreadLayout.entry(i) + BlockedThreadLayout.NAMESPACE, i % 2 == 0 ? self.pidNamespace() : 0);
        }
        for (int i = 0; i < BlockedThreadLayout.ENTRIES; i++) {
            assertTrue(put(table, 1) >= 0, "number " + i);
        }
        assertEquals(-1, put(table, 1));
        assertEquals(BlockedThreadLayout.ENTRIES, BlockedThreads.look(path()).size());
    }

    @Test
    void whoMayLiveInAnotherNamespaceKeepsHisEntries() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        ProcessIdentity self = ProcessIdentity.self();
        long elsewhere = LockHolderLayout.holder(self.pid(), self.startTime() - 1);
        for (int i = 0; i < BlockedThreadLayout.ENTRIES; i++) {
            write(BlockedThreadLayout.entry(i), elsewhere);
            write(BlockedThreadLayout.entry(i) + BlockedThreadLayout.NAMESPACE, self.pidNamespace() + 1);
        }
        assertEquals(-1, put(table, 1));
    }

    @Test
    void knowsWhetherItIsTheOneAtItsPath() throws Exception {
        BlockedThreads table = BlockedThreads.open(path());
        int entry = put(table, 1);
        assertTrue(table.isCurrent() && table.tells(entry));
        write(BlockedThreadLayout.entry(entry) + BlockedThreadLayout.SERIAL, 4711);
        assertFalse(table.tells(entry), "somebody has written over it");
        write(BlockedThreadLayout.MAGIC_AT, 1);
        assertFalse(table.isCurrent());
        write(BlockedThreadLayout.MAGIC_AT, BlockedThreadLayout.MAGIC);
        assertTrue(table.isCurrent());
        Files.delete(path());
        assertFalse(table.isCurrent());
        BlockedThreads next = BlockedThreads.open(path());
        assertTrue(next.isCurrent());
        assertFalse(table.isCurrent());
    }
}
