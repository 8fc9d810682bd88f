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
import org.jvmipc.AddressException;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Latches inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedLatchTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("latch", directory.resolve("l").toString());
    }

    @AfterEach
    void remove() throws Exception {
        SharedLatch.remove(place);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedLatch latch = SharedLatch.create(place, 1)) {
            latch.tryAwait(MOMENT);
        }
        remove();
    }

    @Test
    void opensWhenAllWasCounted() throws Exception {
        try (SharedLatch latch = SharedLatch.create(place, 3);
                SharedLatch same = SharedLatch.openOrCreate(place, 7)) {
            assertEquals(3, same.count());
            List<Worker<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiters.add(Worker.run(latch::await).awaitBlocked());
            }
            same.countDown();
            assertEquals(2, latch.count());
            assertFalse(latch.tryAwait());
            assertFalse(latch.tryAwait(MOMENT));
            assertFalse(latch.tryAwait(Duration.ZERO));
            same.countDown(7);
            for (Worker<Boolean> each : waiters) {
                each.result();
            }
            assertEquals(0, latch.count());
            latch.countDown();
            assertEquals(0, latch.count(), "not below 0");
            latch.await();
            assertTrue(latch.tryAwait());
        }
    }

    @Test
    void oneOfZeroIsOpen() throws Exception {
        try (SharedLatch latch = SharedLatch.create(place, 0)) {
            latch.await();
            assertTrue(latch.tryAwait(Duration.ZERO));
        }
    }

    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 3_000;
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(
                segments, SegmentOptions.defaults().withObjects(2 * rounds).withSize(rounds * 160L))) {
            for (int i = 0; i < rounds; i++) {
                try (SharedLatch there = SharedLatch.create(segment, "t" + i, 2);
                        Worker<Boolean> other = Worker.run(there::await)) {
                    there.countDown();
                    there.countDown();
                    there.await();
                    other.result();
                }
            }
        } finally {
            Segment.remove(segments);
        }
    }

    @Test
    void interruptAndCloseEndAWait() throws Exception {
        try (SharedLatch latch = SharedLatch.create(place, 1);
                Worker<Boolean> interrupted = Worker.run(latch::await).awaitBlocked();
                SharedLatch closed = SharedLatch.open(place);
                Worker<Boolean> waiting = Worker.run(closed::await).awaitBlocked()) {
            interrupted.interrupt();
            interrupted.failure(InterruptedException.class);
            closed.close();
            waiting.failure(ClosedSynchronizerException.class);
            assertThrows(ClosedSynchronizerException.class, closed::count);
            assertThrows(ClosedSynchronizerException.class, closed::countDown);
            assertThrows(ClosedSynchronizerException.class, () -> closed.tryAwait(MOMENT));
            latch.countDown();
            latch.await();
        }
    }

    @Test
    void isInspectedAndToldApart() throws Exception {
        Address made = Ipc.scheme("latch").create(place.with("count", "4"));
        try (SharedLatch latch = SharedLatch.open(made);
                Worker<Boolean> waiting = Worker.run(latch::await).awaitBlocked()) {
            latch.countDown();
            Map<String, Object> facts = Ipc.inspect(place);
            assertEquals(3, facts.get("count"));
            assertEquals(4, facts.get("count at first"));
            assertEquals(1, facts.get("waiting"));
            latch.countDown(3);
            waiting.result();
        }
        Address asEvent = Address.of("event", directory.resolve("l").toString());
        assertEquals(
                "ENOENT",
                assertThrows(OsException.class, () -> SharedEvent.open(asEvent)).errnoName());
        assertEquals(
                "EEXIST",
                assertThrows(OsException.class, () -> SharedLatch.create(place, 1))
                        .errnoName());
    }

    @Test
    void whatItCannotBeMadeWithIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> SharedLatch.create(place, -1))
                .getMessage();
        assertEquals("count is -1; a latch has 0 to 2147483647", message);
        assertTrue(
                assertThrows(AddressException.class, () -> Ipc.scheme("latch").create(place.with("count", "-2")))
                        .getMessage()
                        .contains("count is -2"));
    }

    @Test
    void stepsArePositive() throws Exception {
        try (SharedLatch latch = SharedLatch.create(place, 1)) {
            assertThrows(IllegalArgumentException.class, () -> latch.countDown(0));
        }
    }
}
