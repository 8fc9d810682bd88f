package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/**
 * {@code kill -9} of JVMs that hold many mutexes and permits, at random points, while others wait for them: nobody is stuck,
 * each death is told once, and what comes back is exactly what the dead one held.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class HolderDeathIT implements NoLeaks.WarmUp {
    private static final int MUTEXES = 50;
    private static final int ROUNDS = Campaign.size(1, 200);
    private static final int PERMITS = 8;

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
        try (Segment segment = Segment.create(place, options());
                SharedMutex mutex = SharedMutex.create(segment, "0");
                ChildJvm child = Children.start(ChildMain.launcher(Holding.class, place, 1))) {
            assertNull(mutex.tryLock());
            child.kill();
            mutex.lock().close();
        }
        Segment.remove(place);
    }

    private static SegmentOptions options() {
        return SegmentOptions.defaults().withObjects(2 * MUTEXES).withSize(1 << 18);
    }

    /** Holds so many mutexes, then says so, then waits for its end. */
    static final class Holding implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            List<MutexHold> holds = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                holds.add(SharedMutex.open(segment, Integer.toString(i)).lock());
            }
            parent.ready();
            while (!holds.isEmpty()) {
                LockSupport.park();
            }
        }
    }

    @Test
    void everyMutexOfAKilledHolderComesBackAndTheDeathIsTold() throws Exception {
        List<Long> handOvers = new ArrayList<>();
        try (Segment segment = Segment.create(place, options())) {
            List<SharedMutex> mutexes = new ArrayList<>();
            for (int i = 0; i < MUTEXES; i++) {
                mutexes.add(SharedMutex.create(segment, Integer.toString(i)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildJvm child = Children.start(ChildMain.launcher(Holding.class, place, MUTEXES))) {
                    for (SharedMutex mutex : mutexes) {
                        assertNull(mutex.tryLock());
                    }
                    // Each in a thread of its own, so that all of them sleep when the holder dies.
                    List<Worker<Long>> waiters = new ArrayList<>();
                    try {
                        for (SharedMutex mutex : mutexes) {
                            waiters.add(Worker.call(() -> lockAfterDeath(mutex)));
                        }
                        for (Worker<Long> waiter : waiters) {
                            waiter.awaitBlocked();
                        }
                        long killed = System.nanoTime();
                        child.kill();
                        for (Worker<Long> waiter : waiters) {
                            handOvers.add(waiter.result() - killed);
                        }
                    } finally {
                        waiters.forEach(Worker::close);
                    }
                }
                for (SharedMutex mutex : mutexes) {
                    try (MutexHold hold = mutex.lock()) {
                        assertFalse(hold.previousOwnerDied(), "told once");
                    }
                }
            }
            for (SharedMutex mutex : mutexes) {
                mutex.close();
            }
        }
        report("mutex", handOvers);
    }

    private static long lockAfterDeath(SharedMutex mutex) throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            long now = System.nanoTime();
            assertTrue(hold.previousOwnerDied(), "the death is told");
            return now;
        }
    }

    private static void report(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        long median = sorted.get(sorted.size() / 2) / 1_000;
        long most = sorted.get(sorted.size() - 1) / 1_000;
        System.out.println(what + ": " + sorted.size() + " hand-overs after a kill, median " + median + " us, most "
                + most + " us");
    }

    /** Locks and unlocks all the time, in several threads, until it is killed. */
    static final class Busy implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedMutex mutex = SharedMutex.open(segment, "m");
            SharedSemaphore robust = SharedSemaphore.open(segment, "robust");
            SharedSemaphore plain = SharedSemaphore.open(segment, "plain");
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        while (true) {
                            MutexHold hold = mutex.lock();
                            plain.release();
                            hold.close();
                            plain.acquire();
                            int permits = 1 + ThreadLocalRandom.current().nextInt(PERMITS);
                            robust.acquire(permits);
                            robust.release(permits);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            parent.ready();
            while (true) {
                LockSupport.park();
            }
        }
    }

    @Test
    void nothingIsStuckAfterKillsAtRandomPoints() throws Exception {
        try (Segment segment = Segment.create(place, options());
                SharedMutex mutex = SharedMutex.create(segment, "m");
                SharedSemaphore robust = SharedSemaphore.create(segment, "robust", PERMITS, true);
                SharedSemaphore plain = SharedSemaphore.create(segment, "plain", 4, false)) {
            for (int round = 0; round < Campaign.size(4, 500); round++) {
                try (ChildJvm one = Children.start(ChildMain.launcher(Busy.class, place));
                        ChildJvm two = Children.start(ChildMain.launcher(Busy.class, place))) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
                    one.kill();
                    try (MutexHold hold = mutex.tryLock(Await.LONG)) {
                        assertNotNull(hold, "the mutex is stuck");
                    }
                    two.kill();
                    one.awaitExit();
                    two.awaitExit();
                    assertTrue(robust.tryAcquire(PERMITS, Await.LONG), "permits are missing: " + robust.value());
                    robust.release(PERMITS);
                    try (MutexHold hold = mutex.tryLock(Await.LONG)) {
                        assertNotNull(hold, "the mutex is stuck");
                    }
                    Await.until(
                            "only this process is attached",
                            () -> segment.participants().size() == 1);
                }
                plain.release(4);
                assertTrue(plain.tryAcquire(Duration.ofSeconds(5)), "a plain permit is there");
            }
            assertEquals(1, segment.participants().size());
        }
    }
}
