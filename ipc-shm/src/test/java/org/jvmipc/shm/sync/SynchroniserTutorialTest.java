package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Worker;

/**
 * What waits, step by step; read it from the top, after the tutorial of shared memory. All that threads do here processes do as well: they
 * open the segment by its address.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchroniserTutorialTest {
    @TempDir
    Path directory;

    private Segment segment;

    @BeforeEach
    void create() throws Exception {
        segment = Segment.create(Address.of("segment", directory.resolve("s").toString()), SegmentOptions.defaults());
    }

    @AfterEach
    void remove() throws Exception {
        segment.close();
        Segment.remove(segment.address());
    }

    /** Many read at once, one writes alone. */
    @Test
    @Order(1)
    void step1ReadersAndWriters() throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(segment, "table", false)) {
            try (Hold reading = lock.readLock();
                    Worker<Boolean> alsoReading =
                            Worker.run(() -> lock.readLock().close());
                    Worker<WriteHold> writing = Worker.call(() -> lock.tryWriteLock(Duration.ofMillis(5)))) {
                assertNotNull(reading);
                alsoReading.result();
                assertNull(writing.result(), "not while anybody reads");
                assertThrows(AlreadyHeldException.class, lock::writeLock, "it would wait for itself");
            }
            try (WriteHold writing = lock.writeLock()) {
                assertFalse(writing.previousOwnerDied(), "else it would have to be repaired first");
            }
        }
    }

    /** A condition lets a thread wait, with a mutex, until what the mutex guards has changed. */
    @Test
    @Order(2)
    void step2AMonitor() throws Exception {
        SharedInt items = segment.createArea("items", Integer.BYTES).int32(0);
        try (SharedMutex mutex = SharedMutex.create(segment, "mutex");
                SharedCondition filled = SharedCondition.create(segment, "filled");
                Worker<Boolean> taker = Worker.run(() -> {
                            try (MutexHold hold = mutex.lock()) {
                                while (items.get() == 0) { // always in a loop: it may end without reason
                                    filled.await(hold); // the mutex is free meanwhile
                                }
                                items.decrementAndGet();
                            }
                        })
                        .awaitBlocked()) {
            try (MutexHold hold = mutex.lock()) {
                items.incrementAndGet();
                filled.signal(hold); // wakes when the mutex is given
            }
            taker.result();
            assertEquals(0, items.get());
        }
    }

    /** At a barrier a number of threads wait for each other, again and again. */
    @Test
    @Order(3)
    void step3Meeting() throws Exception {
        try (SharedBarrier step = SharedBarrier.create(segment, "step", 2);
                Worker<Boolean> other = Worker.run(() -> {
                    step.await();
                    step.await();
                })) {
            step.await(); // one step
            step.await(); // the next one
            other.result();
            assertFalse(step.tryAwait(Duration.ofMillis(5)), "nobody comes any more; the arrival is taken back");
            assertEquals(0, step.arrived());
        }
    }

    /** A latch opens once, when all have counted down, and stays open. */
    @Test
    @Order(4)
    void step4WhenAllAreReady() throws Exception {
        try (SharedLatch ready = SharedLatch.create(segment, "ready", 2);
                Worker<Boolean> waiter = Worker.run(ready::await).awaitBlocked()) {
            ready.countDown();
            ready.countDown();
            waiter.result();
            ready.await(); // open for ever
        }
    }

    /** An event is set and reset; one that resets itself lets one through for each set. */
    @Test
    @Order(5)
    void step5Events() throws Exception {
        try (SharedEvent stop = SharedEvent.create(segment, "stop", false);
                SharedEvent next = SharedEvent.create(segment, "next", true)) {
            stop.set();
            stop.await(); // as often as one likes
            assertTrue(stop.reset());
            next.set();
            next.await();
            assertFalse(next.tryAwait(), "taken by the one before");
        }
    }
}
