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

/**
 * {@code kill -9} of JVMs that hold many mutexes and permits, at random points, while others wait for them: nobody is stuck,
 * each death is told once, and what comes back is exactly what the dead one held.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class HolderDeathIT implements NoLeaks.WarmUp {
    private static final int MUTEXES = 50;
    private static final String ROBUST = "all";
    private static final int ROUNDS = Campaign.size(1, 100);
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
                SharedSemaphore robust = SharedSemaphore.create(segment, ROBUST, 1, true);
                ChildJvm child = Children.start(ChildMain.launcher(Holding.class, place, 1))) {
            assertNull(mutex.tryLock());
            child.kill();
            mutex.lock().close();
            robust.acquire();
        }
        Segment.remove(place);
    }

    private static SegmentOptions options() {
        return SegmentOptions.defaults().withObjects(2 * MUTEXES).withSize(1 << 18);
    }

    /** Holds so many mutexes, and as many permits, then says so, then waits for its end. */
    static final class Holding implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            List<MutexHold> holds = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                holds.add(SharedMutex.open(segment, Integer.toString(i)).lock());
            }
            SharedSemaphore.open(segment, ROBUST).acquire(holds.size());
            parent.ready();
            while (!holds.isEmpty()) {
                LockSupport.park();
            }
        }
    }

    @Test
    void everyMutexAndPermitOfAKilledHolderComesBackAndTheDeathIsTold() throws Exception {
        HandOvers ofMutexes = new HandOvers("mutexes");
        HandOvers ofPermits = new HandOvers("permits of a robust semaphore");
        List<SharedMutex> mutexes = new ArrayList<>();
        try (Segment segment = Segment.create(place, options());
                SharedSemaphore robust = SharedSemaphore.create(segment, ROBUST, MUTEXES, true)) {
            for (int i = 0; i < MUTEXES; i++) {
                mutexes.add(SharedMutex.create(segment, Integer.toString(i)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildJvm child = Children.start(ChildMain.launcher(Holding.class, place, MUTEXES))) {
                    mutexes.forEach(mutex -> assertNull(mutex.tryLock()));
                    assertFalse(robust.tryAcquire());
                    try (HandOvers.Waiters lock = ofMutexes.waiters(
                                    MUTEXES, number -> mutexes.get(number).lock());
                            HandOvers.Waiters acquire = ofPermits.waiters(MUTEXES, number -> {
                                robust.acquire(); // and keeps it: else one could be handed from waiter to waiter
                                return null;
                            })) {
                        long killed = HandOvers.kill(child);
                        lock.expectAll(killed);
                        acquire.expectAll(killed);
                    }
                }
                for (SharedMutex mutex : mutexes) {
                    try (MutexHold hold = mutex.lock()) {
                        assertFalse(hold.previousOwnerDied(), "told once");
                    }
                }
                assertEquals(0, robust.value(), "more came back than was held");
                robust.release(MUTEXES);
            }
            mutexes.forEach(SharedMutex::close);
        }
        ofMutexes.report();
        ofPermits.report();
        ofMutexes.assertTold(ROUNDS * MUTEXES);
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
            for (int round = 0; round < Campaign.size(4, 300); round++) {
                try (ChildJvm one = ChildMain.launcher(Busy.class, place).start();
                        ChildJvm two = Children.start(ChildMain.launcher(Busy.class, place))) {
                    assertTrue(one.tryAwaitReady(Await.LONG), () -> one + ": " + one.lastErrorLines());
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
