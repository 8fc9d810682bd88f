package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Signals of a condition whose wake-ups wait until the mutex is given; inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConditionSignalTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address place;
    private Address lock;
    private SharedMutex mutex;
    private SharedCondition filled;

    /** What the mutex guards. */
    private int items;

    @BeforeEach
    void create() throws Exception {
        place = Address.of("cond", directory.resolve("c").toString());
        lock = Address.of("mutex", directory.resolve("m").toString());
        mutex = SharedMutex.create(lock);
        filled = SharedCondition.create(place);
    }

    @AfterEach
    void remove() throws Exception {
        filled.close();
        mutex.close();
        SharedCondition.remove(place);
        SharedMutex.remove(lock);
    }

    @Override
    public void warmUp() throws Exception {
        create();
        List<Worker<Boolean>> takers = takers(1);
        try (MutexHold hold = mutex.lock()) {
            put(1);
            filled.signal(hold);
        }
        results(takers);
        remove();
    }

    private List<Worker<Boolean>> takers(int count) throws Exception {
        List<Worker<Boolean>> takers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            takers.add(Worker.run(() -> {
                        try (MutexHold hold = mutex.lock()) {
                            while (items == 0) {
                                filled.await(hold);
                            }
                            items--;
                        }
                    })
                    .awaitBlocked());
        }
        return takers;
    }

    private static void results(List<Worker<Boolean>> workers) throws Exception {
        for (Worker<Boolean> each : workers) {
            each.result();
        }
    }

    private void put(int more) {
        items += more;
    }

    @Test
    void wakeAsManyAsThereWereSignalsWhenItIsGiven() throws Exception {
        List<Worker<Boolean>> takers = takers(4);
        try (MutexHold hold = mutex.lock()) {
            put(1);
            filled.signal(hold);
        }
        Await.until(
                "one has taken it", () -> takers.stream().filter(Worker::isDone).count() == 1);
        try (MutexHold hold = mutex.lock()) {
            put(3);
            for (int i = 0; i < 3; i++) {
                filled.signal(hold);
            }
        }
        results(takers);
        try (MutexHold hold = mutex.lock()) {
            filled.signal(hold); // nobody waits
            filled.signalAll(hold);
            assertEquals(0, items);
        }
    }

    @Test
    void signalAllWakesAll() throws Exception {
        List<Worker<Boolean>> takers = takers(4);
        try (MutexHold hold = mutex.lock()) {
            put(4);
            filled.signal(hold);
            filled.signalAll(hold);
        }
        results(takers);
    }

    @Test
    void anAwaitGivesItToo() throws Exception {
        List<Worker<Boolean>> takers = takers(1);
        Address other = Address.of("cond", directory.resolve("other").toString());
        try (SharedCondition emptied = SharedCondition.create(other);
                Worker<Boolean> putter = Worker.run(() -> {
                    try (MutexHold hold = mutex.lock()) {
                        put(1);
                        filled.signal(hold);
                        while (items > 0) {
                            emptied.await(hold);
                        }
                    }
                })) {
            results(takers);
            emptied.signal();
            putter.result();
        } finally {
            SharedCondition.remove(other);
        }
    }

    @Test
    void theConditionMayBeClosedMeanwhile() throws Exception {
        List<Worker<Boolean>> takers = takers(2);
        try (SharedCondition same = SharedCondition.open(place)) {
            MutexHold hold = mutex.lock();
            put(2);
            same.signal(hold);
            same.signal(hold);
            same.close();
            assertThrows(ClosedSynchronizerException.class, () -> same.signal(hold));
            hold.close();
        }
        results(takers);
    }

    @Test
    void eachConditionHasItsOwn() throws Exception {
        Address other = Address.of("cond", directory.resolve("other").toString());
        List<Worker<Boolean>> takers = takers(1);
        boolean[] told = new boolean[1];
        try (SharedCondition second = SharedCondition.create(other);
                Worker<Boolean> listener = Worker.run(() -> {
                            try (MutexHold hold = mutex.lock()) {
                                while (!told[0]) {
                                    second.await(hold);
                                }
                            }
                        })
                        .awaitBlocked()) {
            try (MutexHold hold = mutex.lock()) {
                put(1);
                filled.signal(hold);
                told[0] = true;
                second.signalAll(hold);
            }
            results(takers);
            listener.result();
        } finally {
            SharedCondition.remove(other);
        }
    }

    @Test
    void aThreadThatEndsWithTheMutexWakesThemToo() throws Exception {
        boolean[] died = new boolean[1];
        try (Worker<Boolean> taker = Worker.run(() -> {
                    try (MutexHold hold = mutex.lock()) {
                        while (items == 0) {
                            filled.await(hold);
                        }
                        died[0] = hold.previousOwnerDied();
                    }
                })
                .awaitBlocked()) {
            Thread ends = new Thread(() -> {
                MutexHold hold = mutex.tryLock();
                put(1);
                filled.signal(hold);
            });
            ends.start();
            ends.join();
            taker.result();
        }
        assertTrue(died[0], "that the mutex was not given is told");
    }

    @Test
    void whoSignalsHoldsTheMutex() throws Exception {
        MutexHold hold = mutex.lock();
        try (Worker<Boolean> other = Worker.run(() -> filled.signal(hold))) {
            other.failure(NotHeldException.class);
        }
        hold.close();
        assertThrows(NotHeldException.class, () -> filled.signal(hold));
        assertThrows(NotHeldException.class, () -> filled.signalAll(hold));
    }

    /** Two at a time, one of which gives up now and then. */
    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 10_000;
        int[] ball = new int[1];
        Address other = Address.of("cond", directory.resolve("back").toString());
        try (SharedCondition back = SharedCondition.create(other);
                Worker<Boolean> echo = Worker.run(() -> play(ball, 1, filled, back, rounds))) {
            play(ball, 0, back, filled, rounds);
            echo.result();
        } finally {
            SharedCondition.remove(other);
        }
    }

    private void play(int[] ball, int side, SharedCondition mine, SharedCondition yours, int rounds)
            throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            try (MutexHold hold = mutex.lock()) {
                while (ball[0] != side) {
                    if (i % 100 == 0) {
                        mine.tryAwait(hold, Duration.ofNanos(20_000));
                    } else {
                        mine.await(hold);
                    }
                }
                ball[0] = 1 - side;
                yours.signal(hold);
            }
        }
    }

    @Test
    void aTimedAwaitAfterASignalOfItsOwnIsNotSignalled() throws Exception {
        try (MutexHold hold = mutex.lock()) {
            filled.signal(hold); // it waits for nobody who comes later
            assertFalse(filled.tryAwait(hold, MOMENT));
        }
    }

    // ---- the condition's file is cut off between the signal and the giving

    private void cutOff() throws Exception {
        try (RandomAccessFile cut = new RandomAccessFile(directory.resolve("c").toFile(), "rw")) {
            cut.setLength(0);
        }
    }

    /** Repeated: when Java 17 tells of lost memory depends on what is compiled by then. */
    @RepeatedTest(10)
    void aConditionThatIsLostIsNotTheMutexs() throws Exception {
        try (Worker<Boolean> waiting = Worker.run(() -> {
                    try (MutexHold hold = mutex.lock()) {
                        filled.await(hold);
                    }
                })
                .awaitBlocked()) {
            MutexHold hold = mutex.lock();
            filled.signal(hold);
            cutOff();
            hold.close();
            assertThrows(NotHeldException.class, hold::close);
            waiting.failure(DamagedSegmentException.class);
            mutex.lock().close();
        }
    }

    @Test
    void nobodyWhoSleepsAtTheMutexIsToldOfTheLostConditionOfAnEndedThread() throws Exception {
        try (Worker<Boolean> waiting = Worker.run(() -> {
                    try (MutexHold hold = mutex.lock()) {
                        filled.await(hold);
                    }
                })
                .awaitBlocked()) {
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch holds = new CountDownLatch(1);
            Thread ends = new Thread(() -> {
                MutexHold hold = mutex.tryLock();
                filled.signal(hold);
                holds.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            ends.start();
            holds.await();
            try (Worker<Boolean> next = Worker.run(() -> {
                        try (MutexHold hold = mutex.lock()) {
                            assertTrue(mutex.isHeldByCurrentThread());
                        }
                    })
                    .awaitBlocked()) {
                cutOff();
                mayEnd.countDown();
                ends.join();
                next.result();
            }
            waiting.failure(DamagedSegmentException.class);
            mutex.lock().close();
        }
    }
}
