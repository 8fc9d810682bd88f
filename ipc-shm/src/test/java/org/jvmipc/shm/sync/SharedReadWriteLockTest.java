package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Read-write locks inside one JVM; {@link SharedWriteLockContractTest} has what the writer shares with the mutex. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedReadWriteLockTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("rwlock", directory.resolve("l").toString());
    }

    @AfterEach
    void remove() throws Exception {
        SharedReadWriteLock.remove(place);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false);
                ReadHold hold = lock.readLock()) {
            Worker.call(() -> lock.tryWriteLock(MOMENT)).result();
            assertFalse(hold.previousOwnerDied());
        }
        remove();
    }

    private static boolean canRead(SharedReadWriteLock lock) throws Exception {
        try (Worker<Boolean> other = Worker.call(() -> {
            try (ReadHold hold = lock.tryReadLock()) {
                return hold != null;
            }
        })) {
            return other.result();
        }
    }

    private static boolean canWrite(SharedReadWriteLock lock) throws Exception {
        try (Worker<Boolean> other = Worker.call(() -> {
            try (WriteHold hold = lock.tryWriteLock()) {
                return hold != null;
            }
        })) {
            return other.result();
        }
    }

    private static Worker<Boolean> writer(SharedReadWriteLock lock) {
        return Worker.run(() -> lock.writeLock().close());
    }

    private static Worker<Boolean> reader(SharedReadWriteLock lock) {
        return Worker.run(() -> lock.readLock().close());
    }

    // ---- who excludes whom

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyReadOrOneWrites(boolean writerPreference) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference);
                SharedReadWriteLock same = SharedReadWriteLock.openOrCreate(place, !writerPreference)) {
            assertEquals(writerPreference, same.hasWriterPreference(), "it is what it was made as");
            try (ReadHold hold = lock.readLock()) {
                assertTrue(lock.isReadByCurrentThread());
                assertFalse(hold.previousOwnerDied());
                assertTrue(canRead(same));
                assertFalse(canWrite(same));
            }
            try (WriteHold hold = lock.writeLock()) {
                assertTrue(lock.isWrittenByCurrentThread());
                assertFalse(hold.previousOwnerDied());
                assertFalse(canRead(same));
                assertFalse(canWrite(same));
            }
            assertTrue(canRead(same));
            assertTrue(canWrite(same));
            assertFalse(lock.isReadByCurrentThread() || lock.isWrittenByCurrentThread());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriterWaitsForAllReadersAndReadersForTheWriter(boolean writerPreference) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference)) {
            ReadHold first = lock.readLock();
            ReadHold second = lock.readLock();
            try (Worker<Boolean> writer = writer(lock).awaitBlocked()) {
                first.close();
                writer.assertRunning();
                second.close();
                writer.result();
            }
            WriteHold hold = lock.writeLock();
            List<Worker<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(reader(lock).awaitBlocked());
            }
            hold.close();
            for (Worker<Boolean> each : readers) {
                each.result();
            }
        }
    }

    @Test
    void withPreferenceOfReadersTheyComeThoughAWriterWaits() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            ReadHold hold = lock.readLock();
            try (Worker<Boolean> writer = writer(lock).awaitBlocked()) {
                assertTrue(canRead(lock));
                writer.assertRunning();
                hold.close();
                writer.result();
            }
        }
    }

    @Test
    void withPreferenceOfWritersOneWhoWaitsKeepsReadersOut() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, true)) {
            ReadHold hold = lock.readLock();
            try (Worker<Boolean> writer = writer(lock).awaitBlocked();
                    Worker<Boolean> reader = reader(lock).awaitBlocked()) {
                assertFalse(canRead(lock));
                lock.readLock().close(); // nested, as the writer waits for this thread anyway
                writer.assertRunning();
                hold.close();
                writer.result();
                reader.result();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriterWhoGivesUpLeavesItToReaders(boolean writerPreference) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference);
                SharedReadWriteLock closed = SharedReadWriteLock.open(place)) {
            ReadHold hold = lock.readLock();
            try (Worker<WriteHold> timed = Worker.call(() -> lock.tryWriteLock(MOMENT))) {
                assertNull(timed.result());
            }
            assertTrue(canRead(lock));
            try (Worker<Boolean> interrupted = writer(lock).awaitBlocked()) {
                interrupted.interrupt();
                interrupted.failure(InterruptedException.class);
            }
            assertTrue(canRead(lock));
            try (Worker<Boolean> waiting = writer(closed).awaitBlocked()) {
                closed.close();
                waiting.failure(ClosedSynchronizerException.class);
            }
            assertTrue(canRead(lock));
            hold.close();
            assertTrue(canWrite(lock));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReaderWhoGivesUpIsInNobodysWay(boolean writerPreference) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference);
                SharedReadWriteLock closed = SharedReadWriteLock.open(place)) {
            WriteHold hold = lock.writeLock();
            try (Worker<Long> timed = Worker.call(() -> {
                long begin = System.nanoTime();
                assertNull(lock.tryReadLock(MOMENT));
                return System.nanoTime() - begin;
            })) {
                assertTrue(timed.result() >= MOMENT.toNanos());
            }
            try (Worker<Boolean> interrupted = reader(lock).awaitBlocked();
                    Worker<Boolean> waiting = reader(closed).awaitBlocked()) {
                interrupted.interrupt();
                interrupted.failure(InterruptedException.class);
                closed.close();
                waiting.failure(ClosedSynchronizerException.class);
            }
            assertThrows(ClosedSynchronizerException.class, closed::tryReadLock);
            assertThrows(ClosedSynchronizerException.class, closed::readLock);
            assertThrows(ClosedSynchronizerException.class, closed::tryWriteLock);
            hold.close();
            assertTrue(canWrite(lock));
        }
    }

    @Test
    void anInterruptBeforeTheCallIsObeyed() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, lock::readLock);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> lock.tryReadLock(MOMENT));
            Thread.currentThread().interrupt();
            try (ReadHold hold = lock.tryReadLock()) {
                assertNotNull(hold, "a try that never waits has no regard to it");
            }
            assertTrue(Thread.interrupted());
            assertTrue(canWrite(lock));
        }
    }

    // ---- whose holds are

    @Test
    void readingNestsAndWhatWouldWaitForItselfIsAnError() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, true)) {
            try (ReadHold outer = lock.readLock();
                    ReadHold inner = lock.tryReadLock()) {
                assertNotNull(inner);
                assertFalse(outer.previousOwnerDied());
                assertThrows(AlreadyHeldException.class, lock::writeLock);
                assertThrows(AlreadyHeldException.class, lock::tryWriteLock);
                assertThrows(AlreadyHeldException.class, () -> lock.tryWriteLock(MOMENT));
            }
            try (WriteHold hold = lock.writeLock()) {
                assertTrue(hold.fence() > 0);
                assertThrows(AlreadyHeldException.class, lock::readLock);
                assertThrows(AlreadyHeldException.class, lock::tryReadLock);
                assertThrows(AlreadyHeldException.class, lock::writeLock);
            }
            assertTrue(canWrite(lock));
        }
    }

    @Test
    void aReadHoldIsClosedOnceAndByItsThread() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            ReadHold hold = lock.readLock();
            ReadHold other = lock.readLock();
            try (Worker<Boolean> thief = Worker.run(() -> {
                try (ReadHold own = lock.readLock()) {
                    assertFalse(own.previousOwnerDied());
                    assertThrows(NotHeldException.class, hold::close);
                }
            })) {
                thief.result();
            }
            hold.close();
            assertThrows(NotHeldException.class, hold::close);
            assertFalse(canWrite(lock), "the other hold is there");
            other.close();
            assertTrue(canWrite(lock));
        }
    }

    @Test
    void aHoldThatIsOutStaysValidWhenTheHandleIsClosed() throws Exception {
        SharedReadWriteLock.create(place, false).close();
        for (boolean writing : new boolean[] {false, true}) {
            SharedReadWriteLock lock = SharedReadWriteLock.open(place);
            Hold hold = writing ? lock.writeLock() : lock.readLock();
            lock.close();
            try (SharedReadWriteLock other = SharedReadWriteLock.open(place)) {
                assertFalse(canWrite(other));
                hold.close();
                assertTrue(canWrite(other));
            }
        }
    }

    @Test
    void whatAThreadReadThatHasEndedComesBack() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            for (int i = 0; i < 2; i++) {
                try (Worker<Boolean> ended = Worker.run(() -> {
                    lock.readLock();
                    lock.readLock();
                })) {
                    ended.result();
                }
            }
            try (WriteHold hold = lock.writeLock()) {
                assertFalse(hold.previousOwnerDied(), "a reader leaves nothing half done");
            }
        }
    }

    @Test
    void aWritersThreadThatEndedIsToldToReadersUntilOneHasWritten() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            try (Worker<Boolean> ended = Worker.run(lock::writeLock)) {
                ended.result();
            }
            for (int i = 0; i < 2; i++) {
                try (ReadHold hold = lock.readLock()) {
                    assertTrue(hold.previousOwnerDied());
                }
            }
            try (WriteHold hold = lock.writeLock()) {
                assertTrue(hold.previousOwnerDied());
            }
            try (ReadHold hold = lock.readLock()) {
                assertFalse(hold.previousOwnerDied());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsUntilItIsFreeDoesNotHaveItAndTakesNoNewsAway(boolean writerPreference) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference)) {
            assertTrue(lock.tryAwaitFree(Duration.ZERO));
            ReadHold reading = lock.readLock();
            try (Worker<Boolean> impatient = Worker.call(() -> lock.tryAwaitFree(MOMENT));
                    Worker<Boolean> waiting =
                            Worker.call(() -> lock.tryAwaitFree(LONG)).awaitBlocked()) {
                assertFalse(impatient.result());
                reading.close();
                assertTrue(waiting.result());
            }
            assertTrue(canRead(lock) && canWrite(lock));
            try (Worker<Boolean> ended = Worker.run(lock::writeLock)) {
                ended.result();
            }
            assertTrue(lock.tryAwaitFree(LONG));
            try (WriteHold hold = lock.writeLock()) {
                assertTrue(hold.previousOwnerDied());
                assertThrows(AlreadyHeldException.class, () -> lock.tryAwaitFree(LONG));
            }
        }
    }

    @Test
    void whoWaitsUntilItIsFreeQueuesAsAWriterAndWhoLooksKeepsNobodyOut() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, true)) {
            ReadHold reading = lock.readLock();
            try (Worker<Boolean> look = Worker.call(() -> lock.tryAwaitFree(Duration.ZERO))) {
                assertFalse(look.result());
            }
            assertTrue(canRead(lock));
            try (Worker<Boolean> waiting =
                    Worker.call(() -> lock.tryAwaitFree(LONG)).awaitBlocked()) {
                assertFalse(canRead(lock));
                try (Worker<Boolean> reader = reader(lock).awaitBlocked()) {
                    reading.close();
                    assertTrue(waiting.result());
                    assertTrue(reader.result());
                }
            }
            assertTrue(canRead(lock) && canWrite(lock));
        }
    }

    @Test
    void whoGivesUpWaitingUntilItIsFreeKeepsNobodyOut() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, true)) {
            ReadHold reading = lock.readLock();
            Worker<Boolean> interrupted =
                    Worker.call(() -> lock.tryAwaitFree(LONG)).awaitBlocked();
            interrupted.close();
            assertTrue(canRead(lock));
            reading.close();
        }
    }

    @Test
    void aLookTellsOfADeadWriterAndTakesTheNewsFromNobody() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, false)) {
            assertFalse(lock.hasWriterDied());
            try (Worker<Boolean> ended = Worker.run(lock::writeLock)) {
                ended.result();
            }
            assertTrue(lock.tryAwaitFree(LONG));
            assertTrue(lock.hasWriterDied());
            assertTrue(lock.hasWriterDied());
            try (WriteHold hold = lock.writeLock()) {
                assertTrue(hold.previousOwnerDied());
                assertFalse(lock.hasWriterDied());
            }
            lock.close();
            assertThrows(ClosedSynchronizerException.class, lock::hasWriterDied);
        }
    }

    // ---- all at once

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readersNeverSeeAHalfOfWhatIsWritten(boolean writerPreference) throws Exception {
        int rounds = 3_000;
        long[] pair = new long[2]; // plain: it is torn if a writer is not alone
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference)) {
            List<Worker<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean writes = i < 2;
                workers.add(Worker.run(() -> {
                    for (int round = 0; round < rounds; round++) {
                        if (writes) {
                            try (WriteHold hold = lock.writeLock()) {
                                pair[0]++;
                                pair[1] = pair[0];
                                assertFalse(hold.previousOwnerDied());
                            }
                        } else {
                            try (ReadHold hold = lock.readLock()) {
                                assertEquals(pair[0], pair[1]);
                                assertFalse(hold.previousOwnerDied());
                            }
                        }
                    }
                }));
            }
            for (Worker<Boolean> each : workers) {
                each.result();
            }
            assertEquals(2 * rounds, pair[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyWhoComeAndGiveUpLeaveNobodyStuck(boolean writerPreference) throws Exception {
        int[] written = new int[1];
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(place, writerPreference)) {
            List<Worker<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int number = i;
                workers.add(Worker.call(() -> {
                    int done = 0;
                    for (int round = 0; round < 1_000; round++) {
                        Duration patience = Duration.ofNanos(1_000L << (round + number) % 12);
                        if ((round + number) % 3 == 0) {
                            try (WriteHold hold = lock.tryWriteLock(patience)) {
                                done += hold == null ? 0 : 1;
                                written[0] += hold == null ? 0 : 1;
                            }
                        } else {
                            try (ReadHold hold = lock.tryReadLock(patience)) {
                                assertTrue(hold == null || !hold.previousOwnerDied());
                            }
                        }
                    }
                    return done;
                }));
            }
            int done = 0;
            for (Worker<Integer> each : workers) {
                done += each.result();
            }
            assertEquals(done, written[0]);
            assertTrue(canWrite(lock));
        }
    }

    // ---- in a segment, inspected, damaged

    private Address inSegment(String object) {
        return Address.of("rwlock", directory.resolve("s").toString()).with("object", object);
    }

    @Test
    void liesInASegmentAsOftenAsThereIsRoom() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        SegmentOptions options = SegmentOptions.defaults().withParticipants(4).withSize(1024);
        try (Segment segment = Segment.create(segments, options);
                SharedReadWriteLock one = SharedReadWriteLock.create(segment, "one", false);
                SharedReadWriteLock two = SharedReadWriteLock.openOrCreate(segment, "two", true);
                SharedReadWriteLock again = SharedReadWriteLock.open(segment, "one")) {
            assertEquals(64 + 4 * 64, segment.objects().get(0).sizeBytes());
            try (WriteHold hold = one.writeLock()) {
                assertTrue(hold.fence() > 0);
                assertFalse(canRead(again));
                assertTrue(canWrite(two));
            }
            try (SharedReadWriteLock named = SharedReadWriteLock.open(inSegment("one"))) {
                assertTrue(canRead(named));
            }
            SharedReadWriteLock.create(segment, "three", true).close();
            for (int i = 0; ; i++) {
                try {
                    SharedReadWriteLock.create(segment, "more" + i, true).close();
                } catch (LimitException e) {
                    assertTrue(e.getMessage().contains("320 bytes"), e.getMessage());
                    break;
                }
            }
        } finally {
            Segment.remove(segments);
        }
    }

    @Test
    void isInspected() throws Exception {
        Ipc.scheme("rwlock").create(place.with("writer-preference", "true"));
        try (SharedReadWriteLock lock = SharedReadWriteLock.open(place)) {
            ReadHold one = lock.readLock();
            try (Worker<Boolean> waiting = writer(lock).awaitBlocked()) {
                Map<String, Object> facts = Ipc.inspect(place);
                assertEquals("writers", facts.get("preference"));
                assertEquals(false, facts.get("written"));
                assertEquals("{" + ProcessHandle.current().pid() + "=1}", facts.get("readers"));
                assertEquals(ProcessHandle.current().pid(), facts.get("next writer"));
                assertEquals(1, facts.get("waiting"));
                one.close();
                waiting.result();
            }
            WriteHold hold = lock.writeLock();
            try (Worker<Boolean> waiting = reader(lock).awaitBlocked()) {
                Map<String, Object> facts = Ipc.inspect(place);
                assertEquals(true, facts.get("written"));
                assertEquals(ProcessHandle.current().pid(), facts.get("writer"));
                assertEquals("{}", facts.get("readers"));
                assertEquals(hold.fence(), facts.get("fence"));
                hold.close();
                waiting.result();
                assertEquals(false, Ipc.inspect(place).get("written"));
            }
        }
    }

    @Test
    void whatIsDamagedIsNamed() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(segments, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, "w", false);
                SharedMemory memory = SharedMemory.open(directory.resolve("s"))) {
            int at = (int) segment.objects().get(0).offset();
            memory.area(0, at + 64).int32(at + 44).set(9);
            // This process knows it already; for one that does not, DamagedImagesTest.
            String message = assertThrows(DamagedSegmentException.class, () -> Ipc.inspect(inSegment("w")))
                    .getMessage();
            assertTrue(message.contains("w is a read-write lock of preference 9"), message);
            lock.writeLock().close(); // who has it open goes on with what it was
            assertTrue(canRead(lock));
        } finally {
            Segment.remove(segments);
        }
    }
}
