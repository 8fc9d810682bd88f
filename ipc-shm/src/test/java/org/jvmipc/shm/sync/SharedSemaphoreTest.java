package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What both modes of a semaphore do inside one JVM. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedSemaphoreTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address address;

    @BeforeEach
    void name() {
        address = Address.of("sem", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 1, true)) {
            semaphore.acquire();
        }
        SharedSemaphore.remove(address);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsPermits(boolean robust) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 3, robust)) {
            assertEquals(robust, semaphore.isRobust());
            semaphore.acquire();
            semaphore.acquire(2);
            assertEquals(0, semaphore.value());
            assertFalse(semaphore.tryAcquire());
            assertFalse(semaphore.tryAcquire(MOMENT));
            semaphore.release(2);
            assertFalse(semaphore.tryAcquire(3), "all or none");
            assertEquals(2, semaphore.value());
            assertTrue(semaphore.tryAcquire(2, MOMENT));
            semaphore.release(3);
            assertEquals(3, semaphore.value());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWantsSeveralWaitsForAllOfThem(boolean robust) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 3, robust)) {
            semaphore.acquire(3);
            try (Worker<Boolean> waiter = Worker.run(() -> semaphore.acquire(2))) {
                waiter.awaitBlocked();
                semaphore.release();
                waiter.awaitBlocked();
                semaphore.release();
                waiter.result();
                assertEquals(0, semaphore.value());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyWaiterGetsOneOfSeveralPermits(boolean robust) throws Exception {
        int waiters = 5;
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, waiters, robust)) {
            semaphore.acquire(waiters);
            List<Worker<Boolean>> workers = new ArrayList<>();
            try {
                for (int i = 0; i < waiters; i++) {
                    workers.add(Worker.run(semaphore::acquire).awaitBlocked());
                }
                for (int i = 0; i < waiters; i++) {
                    semaphore.release();
                }
                for (Worker<Boolean> each : workers) {
                    each.result();
                }
                assertEquals(0, semaphore.value());
            } finally {
                workers.forEach(Worker::close);
            }
        }
    }

    @Test
    void aPlainOneIsReleasedByAnybodyUpToItsLargestValue() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 0, false)) {
            semaphore.release(1_073_741_823);
            assertThrows(IllegalStateException.class, semaphore::release);
            assertEquals(1_073_741_823, semaphore.value());
        }
    }

    @Test
    void aRobustOneIsReleasedByWhoHoldsItOnly() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 2, true)) {
            assertThrows(NotHeldException.class, semaphore::release);
            semaphore.acquire();
            assertThrows(NotHeldException.class, () -> semaphore.release(2));
            assertEquals(1, semaphore.value());
            semaphore.release();
        }
    }

    @Test
    void permitsComeBackWithTheLastHandle() throws Exception {
        SharedSemaphore semaphore = SharedSemaphore.create(address, 2, true);
        semaphore.acquire(2);
        semaphore.close();
        try (SharedSemaphore again = SharedSemaphore.open(address)) {
            assertEquals(2, again.value());
        }
    }

    @Test
    void badPermitsAreRefused() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> SharedSemaphore.create(address, -1, false));
        assertThrows(IllegalArgumentException.class, () -> SharedSemaphore.create(address, 0, true));
        assertThrows(IllegalArgumentException.class, () -> SharedSemaphore.create(address, 4097, true));
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, 1, false)) {
            assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(0));
            assertThrows(IllegalArgumentException.class, () -> semaphore.release(-1));
        }
    }

    @Test
    void morePermitsThanThereCanEverBeAreNotWaitedFor() throws Exception {
        try (SharedSemaphore robust = SharedSemaphore.create(address, 2, true)) {
            assertThrows(IllegalArgumentException.class, () -> robust.acquire(3));
            assertThrows(IllegalArgumentException.class, () -> robust.tryAcquire(3, MOMENT));
            assertThrows(IllegalArgumentException.class, () -> robust.tryAcquire(3));
            assertThrows(NotHeldException.class, () -> robust.release(3));
            robust.acquire(2);
        }
        SharedSemaphore.remove(address);
        try (SharedSemaphore plain = SharedSemaphore.create(address, 2, false)) {
            assertThrows(IllegalArgumentException.class, () -> plain.acquire(1_073_741_824));
            plain.acquire(2);
        }
    }

    /** NoLeaks sees that the process has left it. */
    @Test
    void oneThatIsDamagedIsNotLeftOpen() throws Exception {
        SharedSemaphore.create(address.with("participants", "1"), 2, true).close();
        int headerSlotAndEntry = 192 + 128 + 128;
        try (FileChannel file = FileChannel.open(Path.of(address.location()), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {77}), headerSlotAndEntry);
        }
        assertThrows(CorruptDataException.class, () -> SharedSemaphore.open(address));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void boundsHowManyAreInside(boolean robust) throws Exception {
        int permits = 2;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (SharedSemaphore semaphore = SharedSemaphore.create(address, permits, robust)) {
            Worker.Action action = () -> {
                for (int i = 0; i < 3_000; i++) {
                    semaphore.acquire();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    semaphore.release();
                }
            };
            try (Worker<Boolean> a = Worker.run(action);
                    Worker<Boolean> b = Worker.run(action);
                    Worker<Boolean> c = Worker.run(action);
                    Worker<Boolean> d = Worker.run(action)) {
                a.result();
                b.result();
                c.result();
                d.result();
            }
            assertEquals(permits, semaphore.value());
        }
        assertTrue(most.get() <= permits, () -> most + " inside at once");
    }
}
