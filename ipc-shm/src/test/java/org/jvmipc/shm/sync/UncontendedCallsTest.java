package org.jvmipc.shm.sync;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Where nobody waits and nobody is waited for, nothing goes to the kernel. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UncontendedCallsTest {
    @TempDir
    Path directory;

    private Segment segment;

    private Address place() {
        return Address.of("segment", directory.resolve("s").toString());
    }

    @BeforeEach
    void make() throws Exception {
        segment = Segment.create(place(), SegmentOptions.defaults());
    }

    @AfterEach
    void remove() throws Exception {
        segment.close();
        Segment.remove(place());
    }

    private static void assertNoCalls(Worker.Action action) throws Exception {
        assertEquals(List.of(), FaultSeam.callsOf(action), "at first");
        assertEquals(List.of(), FaultSeam.callsOf(action), "again");
    }

    @Test
    void aMutex() throws Exception {
        try (SharedMutex mutex = SharedMutex.create(segment, "m")) {
            assertNoCalls(() -> mutex.lock().close());
            assertNoCalls(() -> requireNonNull(mutex.tryLock()).close());
        }
    }

    @Test
    void aReadWriteLockOfBothPreferences() throws Exception {
        for (boolean prefersWriters : new boolean[] {false, true}) {
            try (SharedReadWriteLock lock =
                    SharedReadWriteLock.create(segment, "rw" + prefersWriters, prefersWriters)) {
                assertNoCalls(() -> lock.readLock().close());
                assertNoCalls(() -> lock.writeLock().close());
                assertNoCalls(() -> requireNonNull(lock.tryReadLock()).close());
                assertNoCalls(() -> requireNonNull(lock.tryWriteLock()).close());
            }
        }
    }

    @Test
    void aSemaphoreOfBothKinds() throws Exception {
        for (boolean robust : new boolean[] {false, true}) {
            try (SharedSemaphore semaphore = SharedSemaphore.create(segment, "sem" + robust, 1, robust)) {
                assertNoCalls(() -> {
                    semaphore.acquire();
                    semaphore.release();
                });
            }
        }
    }

    @Test
    void anEventALatchAndAConditionThatNobodyWaitsFor() throws Exception {
        try (SharedEvent event = SharedEvent.create(segment, "e", true);
                SharedLatch latch = SharedLatch.create(segment, "l", 2);
                SharedCondition condition = SharedCondition.create(segment, "c");
                SharedMutex mutex = SharedMutex.create(segment, "m")) {
            assertNoCalls(() -> {
                event.set();
                event.await();
            });
            assertNoCalls(latch::countDown); // the second one opens it
            assertNoCalls(latch::await);
            assertNoCalls(condition::signal);
            assertNoCalls(condition::signalAll);
            assertNoCalls(() -> {
                try (SharedMutex.MutexHold hold = mutex.lock()) {
                    condition.signal(hold);
                }
            });
        }
    }
}
