package org.jvmipc.shm.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** What is there without having been told is found all the same: the sleeper's barrier may have missed the other side's processor. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingWaitTest {
    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Address address;
    private RingMemory memory;

    @BeforeEach
    void makeTheRing() throws Exception {
        RingShape shape = new RingShape(RingKind.ONE_TO_ONE, 1024, 1, 1, 64, RingFullPolicy.BLOCK);
        address = Address.of("ring", directory.resolve("r").toString());
        memory =
                new RingMemory(SegmentObjects.RING.create(address, SegmentOptions.defaults(), shape.content(0)), shape);
    }

    @AfterEach
    void removeTheRing() throws Exception {
        memory.close();
        SegmentObjects.RING.remove(address);
    }

    @Test
    void aSleeperThatNobodyWakesLooksOnceMore() throws Exception {
        RingWait wait = new RingWait(memory, memory.arrivals(), RingWaiting.SLEEP);
        AtomicInteger looks = new AtomicInteger();
        assertTrue(wait.await(() -> looks.incrementAndGet() > 1, true, Deadline.NEVER));
        assertEquals(2, looks.get());
    }

    @Test
    void afterThatItSleepsUntilItIsWoken() throws Exception {
        RingWait wait = new RingWait(memory, memory.arrivals(), RingWaiting.SLEEP);
        AtomicInteger looks = new AtomicInteger();
        try (Worker<Boolean> sleeper =
                Worker.call(() -> wait.await(() -> looks.incrementAndGet() > 2, true, Deadline.NEVER))) {
            sleeper.awaitBlocked();
            assertTrue(looks.get() <= 2);
            memory.arrivals().signal();
            while (!sleeper.isDone()) { // it may not have slept yet
                memory.arrivals().signal();
                Thread.onSpinWait();
            }
            assertTrue(sleeper.result());
        }
    }

    @Test
    void whoIsPolledIsLookedAtOnceMoreAndThenWhenSomethingIsTold() throws Exception {
        RingEvent arrivals = memory.arrivals();
        int armed = RingWait.arm(arrivals);
        assertFalse(RingWait.await(memory, arrivals, armed, false));
        assertEquals(armed, RingWait.arm(arrivals));
        try (Worker<Boolean> told = Worker.call(() -> RingWait.await(memory, arrivals, armed, true))) {
            told.awaitBlocked();
            arrivals.signal();
            assertTrue(told.result());
        }
    }

    @Test
    void aDeadlineBeforeTheFirstLookIsKept() throws Exception {
        RingWait wait = new RingWait(memory, memory.arrivals(), RingWaiting.SLEEP);
        assertFalse(wait.await(() -> false, true, Deadline.after(Duration.ofMillis(1))));
    }
}
