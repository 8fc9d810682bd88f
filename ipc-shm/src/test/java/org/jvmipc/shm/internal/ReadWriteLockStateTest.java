package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.ReadHold;
import org.jvmipc.shm.sync.SharedReadWriteLock;

/** What is there of a read-write lock at single moments, as the repair and a look find it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadWriteLockStateTest {
    private static final String LOCK = "rw";

    @TempDir
    Path directory;

    private interface Body {
        void run(SegmentHandle handle, SharedReadWriteLock lock, Directory.Entry entry) throws Exception;
    }

    private void with(boolean writerPreference, Body body) throws Exception {
        Address place = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, LOCK, writerPreference)) {
            SegmentHandle handle = SegmentAccess.of(segment);
            body.run(handle, lock, handle.objects().get(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void whoDiesAloneInItIsToldOnlyIfHeWrote(boolean writerPreference, boolean writes) throws Exception {
        with(writerPreference, (handle, lock, entry) -> {
            ReadWriteLockState state = ReadWriteLockState.of(handle, entry);
            SegmentMemory memory = handle.membership().memory();
            int mine = handle.membership().ownerValue();
            assertTrue(OwnedWord.tryTake(memory.bytes(), entry.offset() + ReadWriteLockLayout.WRITER, mine));
            // not to write: the instant in which one who waits until it is free has kept all out
            assertTrue(writes ? state.tryBegin() : state.tryShutOut());
            assertFalse(state.reading().tryTake());

            ReadWriteLockState.free(memory, entry, OwnedWord.slot(mine));

            assertTrue(state.isFree());
            assertEquals(writes, lock.hasWriterDied());
            try (ReadHold hold = lock.readLock()) {
                assertEquals(writes, hold.previousOwnerDied());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLookChangesNothing(boolean writerPreference) throws Exception {
        with(writerPreference, (handle, lock, entry) -> {
            byte[] free = bytes(handle, entry);
            assertTrue(lock.tryAwaitFree(Duration.ZERO));
            assertArrayEquals(free, bytes(handle, entry));
            ReadWriteLockState state = ReadWriteLockState.of(handle, entry);
            assertTrue(state.reading().tryTake());
            byte[] read = bytes(handle, entry);
            assertFalse(state.isFree());
            assertArrayEquals(read, bytes(handle, entry));
            assertTrue(state.reading().give());
            assertTrue(state.tryWrite());
            byte[] written = bytes(handle, entry);
            assertFalse(state.isFree());
            assertArrayEquals(written, bytes(handle, entry));
            assertTrue(state.endWrite());
        });
    }

    private static byte[] bytes(SegmentHandle handle, Directory.Entry entry) {
        byte[] bytes = new byte[entry.size()];
        handle.membership().memory().bytes().get(entry.offset(), bytes);
        return bytes;
    }
}
