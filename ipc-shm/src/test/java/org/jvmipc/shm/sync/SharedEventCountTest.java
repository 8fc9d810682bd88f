package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.OsException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Event counts and tables of owners inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedEventCountTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("segment", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (Segment segment = segment();
                SharedEventCount count = SharedEventCount.create(segment, "c")) {
            count.tryAwait(0, MOMENT);
        }
        Segment.remove(place);
    }

    private Segment segment() throws Exception {
        return Segment.create(place, SegmentOptions.defaults());
    }

    @Test
    void growsAndEndsWaits() throws Exception {
        try (Segment segment = segment();
                SharedEventCount count = SharedEventCount.create(segment, "c");
                SharedEventCount same = SharedEventCount.open(segment, "c")) {
            assertEquals(0, count.read());
            assertFalse(count.tryAwait(0, Duration.ZERO));
            assertFalse(count.tryAwait(0, MOMENT));
            List<Worker<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiters.add(Worker.run(() -> count.await(0)).awaitBlocked());
            }
            same.advance();
            for (Worker<Boolean> each : waiters) {
                each.result();
            }
            assertEquals(1, count.read());
            count.await(0); // it is another one already
            assertTrue(count.tryAwait(7, Duration.ZERO));
        }
    }

    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 20_000;
        try (Segment segment = segment();
                SharedEventCount there = SharedEventCount.create(segment, "there");
                SharedEventCount back = SharedEventCount.create(segment, "back");
                Worker<Boolean> other = Worker.run(() -> {
                    for (int i = 0; i < rounds; i++) {
                        there.await(i);
                        back.advance();
                    }
                })) {
            for (int i = 0; i < rounds; i++) {
                there.advance();
                back.await(i);
            }
            other.result();
        }
    }

    @Test
    void interruptAndCloseEndAWait() throws Exception {
        try (Segment segment = segment();
                SharedEventCount count = SharedEventCount.create(segment, "c");
                Worker<Boolean> interrupted = Worker.run(() -> count.await(0)).awaitBlocked();
                SharedEventCount closed = SharedEventCount.open(segment, "c");
                Worker<Boolean> waiting = Worker.run(() -> closed.await(0)).awaitBlocked()) {
            interrupted.interrupt();
            interrupted.failure(InterruptedException.class);
            closed.close();
            waiting.failure(ClosedSynchronizerException.class);
            assertThrows(ClosedSynchronizerException.class, closed::read);
            assertThrows(ClosedSynchronizerException.class, closed::advance);
            count.advance();
        }
    }

    @Test
    void isToldApartFromOtherObjects() throws Exception {
        try (Segment segment = segment()) {
            SharedEventCount.create(segment, "c").close();
            assertEquals(
                    "EEXIST",
                    assertThrows(OsException.class, () -> SharedEventCount.create(segment, "c"))
                            .errnoName());
            assertEquals(
                    "ENOENT",
                    assertThrows(OsException.class, () -> SharedOwners.open(segment, "o"))
                            .errnoName());
            assertThrows(CorruptDataException.class, () -> SharedOwners.open(segment, "c"));
            assertEquals("event_count", segment.objects().get(0).type());
        }
    }

    // ---- owners

    @Test
    void aPlaceIsHeldOnce() throws Exception {
        try (Segment segment = segment();
                SharedOwners owners = SharedOwners.create(segment, "o", 3)) {
            assertEquals(3, owners.places());
            assertFalse(owners.isHeld(1));
            assertTrue(owners.tryClaim(1));
            assertFalse(owners.tryClaim(1), "not even by its holder");
            assertTrue(owners.isHeld(1) && owners.isMine(1));
            assertFalse(owners.isHeld(0));
            assertTrue(owners.release(1));
            assertFalse(owners.release(1));
            assertTrue(owners.seize(2));
            assertTrue(owners.isMine(2));
            assertThrows(IndexOutOfBoundsException.class, () -> owners.tryClaim(3));
            assertThrows(IndexOutOfBoundsException.class, () -> owners.isHeld(-1));
            assertThrows(IllegalArgumentException.class, () -> SharedOwners.create(segment, "p", 0));
        }
    }

    @Test
    void whatIsHeldComesBackWithTheLastClose() throws Exception {
        try (Segment segment = segment();
                SharedOwners owners = SharedOwners.create(segment, "o", 3)) {
            owners.tryClaim(0);
        }
        try (Segment segment = Segment.open(place);
                SharedOwners owners = SharedOwners.open(segment, "o")) {
            assertFalse(owners.isHeld(0));
        }
    }

    @Test
    void hostileWordsAreErrors() throws Exception {
        try (Segment segment = segment();
                SharedOwners owners = SharedOwners.create(segment, "o", 3)) {
            int at = (int) segment.objects().get(0).offset();
            try (SharedMemory memory = SharedMemory.open(directory.resolve("s"))) {
                hurt(segment, owners, memory.area(0, at + 128), at);
            }
        }
    }

    private static void hurt(Segment segment, SharedOwners owners, MemoryArea all, int at) {
        all.int32(at + 64).set(0x0001_0fff); // held by slot 4094
        assertThrows(DamagedSegmentException.class, () -> owners.isHeld(0));
        all.int32(at).set(1 << 30); // so many places
        assertThrows(CorruptDataException.class, () -> SharedOwners.open(segment, "o"));
        all.int32(at).set(3);
        all.int32(at + 64).set(0);
    }
}
