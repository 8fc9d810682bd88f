package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Conditions inside one JVM, in a file of their own beside the mutex's. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedConditionTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address place;
    private Address lock;

    /** What the mutex guards. */
    private int items;

    @BeforeEach
    void name() {
        place = Address.of("cond", directory.resolve("c").toString());
        lock = Address.of("mutex", directory.resolve("m").toString());
    }

    @AfterEach
    void remove() throws Exception {
        SharedCondition.remove(place);
        SharedMutex.remove(lock);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place);
                MutexHold hold = mutex.lock()) {
            filled.tryAwait(hold, MOMENT);
        }
        remove();
    }

    /** Takes an item, and waits for one. */
    private Worker<Boolean> taker(SharedMutex mutex, SharedCondition filled) {
        return Worker.run(() -> {
            try (MutexHold hold = mutex.lock()) {
                while (items == 0) {
                    filled.await(hold);
                }
                items--;
            }
        });
    }

    private void put(SharedMutex mutex, int more) throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            items += more;
        }
    }

    private static long done(List<Worker<Boolean>> workers) {
        return workers.stream().filter(Worker::isDone).count();
    }

    private List<Worker<Boolean>> takers(int count, SharedMutex mutex, SharedCondition filled) throws Exception {
        List<Worker<Boolean>> takers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            takers.add(taker(mutex, filled).awaitBlocked());
        }
        return takers;
    }

    @Test
    void aSignalWakesOneAndSignalAllAll() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place);
                SharedCondition same = SharedCondition.openOrCreate(place)) {
            List<Worker<Boolean>> takers = takers(4, mutex, filled);
            put(mutex, 1);
            same.signal();
            Await.until("one has taken it", () -> done(takers) == 1);
            put(mutex, 1);
            same.signal();
            Await.until("one more", () -> done(takers) == 2);
            put(mutex, 2);
            same.signalAll();
            for (Worker<Boolean> each : takers) {
                each.result();
            }
            same.signal(); // nobody waits
            same.signalAll();
            assertEquals(0, items);
        }
    }

    @Test
    void theMutexIsFreeMeanwhileAndHeldAgainAfterIt() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place)) {
            MutexHold hold = mutex.lock();
            long fence = hold.fence();
            try (Worker<Boolean> other = Worker.run(() -> {
                put(mutex, 1);
                filled.signal();
            })) {
                while (items == 0) {
                    filled.await(hold);
                }
                other.result();
            }
            assertTrue(mutex.isHeldByCurrentThread());
            assertTrue(hold.fence() > fence + 1, "the other had it in between");
            assertFalse(hold.previousOwnerDied());
            hold.close();
            assertThrows(NotHeldException.class, hold::close);
        }
    }

    @Test
    void aTimedAwaitThatIsNotSignalledTakesThatLong() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place);
                MutexHold hold = mutex.lock()) {
            assertFalse(filled.tryAwait(hold, Duration.ZERO));
            assertFalse(filled.tryAwait(hold, Duration.ofSeconds(-1)));
            long begin = System.nanoTime();
            while (filled.tryAwait(hold, MOMENT)) {
                begin = System.nanoTime(); // without reason, as it may
            }
            assertTrue(System.nanoTime() - begin >= MOMENT.toNanos());
            assertTrue(mutex.isHeldByCurrentThread());
        }
    }

    @Test
    void anInterruptAndACloseEndAWaitWithTheMutexHeld() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place);
                SharedCondition closed = SharedCondition.open(place);
                Worker<Boolean> interrupted = Worker.run(() -> heldThoughItFails(mutex, filled));
                Worker<Boolean> waiting = Worker.run(() -> heldThoughItFails(mutex, closed))) {
            interrupted.awaitBlocked();
            waiting.awaitBlocked();
            interrupted.interrupt();
            interrupted.failure(InterruptedException.class);
            closed.close();
            waiting.failure(ClosedSynchronizerException.class);
            assertThrows(ClosedSynchronizerException.class, closed::signal);
            mutex.lock().close();
        }
    }

    private static void heldThoughItFails(SharedMutex mutex, SharedCondition condition) throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            try {
                while (!mutex.capabilities().isEmpty()) {
                    condition.await(hold);
                }
            } finally {
                assertTrue(mutex.isHeldByCurrentThread());
            }
        }
    }

    @Test
    void anInterruptedWaiterPassesASignalOnOrIsSignalled() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place)) {
            for (int round = 0; round < 200; round++) {
                try (Worker<Boolean> first = taker(mutex, filled).awaitBlocked();
                        Worker<Boolean> second = taker(mutex, filled).awaitBlocked()) {
                    put(mutex, 1);
                    first.interrupt();
                    filled.signal();
                    Await.until("somebody takes it", () -> items == 0);
                    put(mutex, 1);
                    filled.signal();
                    second.result();
                    first.thread().join();
                    items = 0;
                }
            }
        }
    }

    @Test
    void whoWaitsHoldsTheMutex() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place)) {
            MutexHold hold = mutex.lock();
            try (Worker<Boolean> other = Worker.run(() -> filled.await(hold))) {
                other.failure(NotHeldException.class);
            }
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> filled.await(hold));
            assertTrue(mutex.isHeldByCurrentThread());
            hold.close();
            assertThrows(NotHeldException.class, () -> filled.await(hold));
        }
    }

    @Test
    void theHoldIsOverIfTheMutexIsClosedMeanwhile() throws Exception {
        SharedMutex mutex = SharedMutex.create(lock);
        try (SharedCondition filled = SharedCondition.create(place);
                Worker<Boolean> waiting = Worker.run(() -> {
                    MutexHold hold = mutex.lock();
                    assertThrows(ClosedSynchronizerException.class, () -> filled.await(hold));
                    assertThrows(NotHeldException.class, hold::close);
                })) {
            waiting.awaitBlocked();
            mutex.close();
            filled.signal();
            waiting.result();
        }
    }

    /** The one who sleeps first has the signal, and no mutex any more to go on with. */
    @Test
    void aSignalForOneWhoseMutexIsClosedGoesToAnother() throws Exception {
        SharedMutex closed = SharedMutex.create(lock);
        // One of its own: closing one handle of two in a process is not the end of that process's part in a mutex.
        Address other = Address.of("mutex", directory.resolve("other").toString());
        try (SharedCondition filled = SharedCondition.create(place);
                SharedMutex open = SharedMutex.create(other);
                Worker<Boolean> first = Worker.run(() -> {
                    MutexHold hold = closed.lock();
                    assertThrows(ClosedSynchronizerException.class, () -> filled.await(hold));
                })) {
            first.awaitBlocked();
            try (Worker<Boolean> second = Worker.run(() -> {
                try (MutexHold hold = open.lock()) {
                    filled.await(hold);
                }
            })) {
                second.awaitBlocked();
                closed.close();
                filled.signal();
                first.result();
                second.result();
            }
        }
    }

    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 10_000;
        int[] ball = new int[1];
        Address other = Address.of("cond", directory.resolve("back").toString());
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition there = SharedCondition.create(place);
                SharedCondition back = SharedCondition.create(other);
                Worker<Boolean> echo = Worker.run(() -> play(mutex, ball, 1, there, back, rounds))) {
            play(mutex, ball, 0, back, there, rounds);
            echo.result();
        } finally {
            SharedCondition.remove(other);
        }
    }

    private static void play(
            SharedMutex mutex, int[] ball, int side, SharedCondition mine, SharedCondition yours, int rounds)
            throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            try (MutexHold hold = mutex.lock()) {
                while (ball[0] != side) {
                    mine.await(hold);
                }
                ball[0] = 1 - side;
            }
            yours.signal();
        }
    }

    @Test
    void manyWhoComeAndGiveUpLoseNoSignal() throws Exception {
        int each = 1_000;
        int takers = 4;
        int[] taken = new int[1];
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.create(place)) {
            List<Worker<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < takers; i++) {
                Duration patience = i % 2 == 0 ? Duration.ofNanos(20_000) : Duration.ofHours(1);
                workers.add(Worker.run(() -> {
                    for (int got = 0; got < each; ) {
                        try (MutexHold hold = mutex.lock()) {
                            while (items == 0 && filled.tryAwait(hold, patience)) {
                                assertTrue(mutex.isHeldByCurrentThread());
                            }
                            if (items > 0) {
                                items--;
                                got++;
                                taken[0]++;
                            }
                        }
                    }
                }));
            }
            for (int i = 0; i < each * takers; i++) {
                put(mutex, 1);
                filled.signal();
            }
            for (Worker<Boolean> worker : workers) {
                worker.result();
            }
            assertEquals(each * takers, taken[0]);
        }
    }

    @Test
    void liesInTheSegmentOfItsMutexToo() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(segments, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedCondition filled = SharedCondition.create(segment, "c");
                SharedCondition named = SharedCondition.open(
                        Address.of("cond", directory.resolve("s").toString()).with("object", "c"));
                Worker<Boolean> taker = taker(mutex, filled).awaitBlocked()) {
            put(mutex, 1);
            named.signalAll();
            taker.result();
            assertEquals(
                    "EEXIST",
                    assertThrows(OsException.class, () -> SharedCondition.create(segment, "c"))
                            .errnoName());
        } finally {
            Segment.remove(segments);
        }
    }

    @Test
    void isInspected() throws Exception {
        Ipc.scheme("cond").create(place);
        try (SharedMutex mutex = SharedMutex.create(lock);
                SharedCondition filled = SharedCondition.open(place);
                Worker<Boolean> taker = taker(mutex, filled).awaitBlocked()) {
            Map<String, Object> facts = Ipc.inspect(place);
            assertEquals(1, facts.get("waiting"));
            assertTrue((int) facts.get("sequence") >= 0);
            put(mutex, 1);
            filled.signal();
            taker.result();
            assertEquals(0, Ipc.inspect(place).get("waiting"));
        }
    }
}
