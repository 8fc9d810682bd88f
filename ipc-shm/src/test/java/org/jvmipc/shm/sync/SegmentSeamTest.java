package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.NoLeaks;

/** Any native call of a segment, and of the mutexes and semaphores in it, fails once: a typed error or none, and nothing is left. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SegmentSeamTest {
    private static final Duration MOMENT = Duration.ofMillis(2);

    @TempDir
    Path directory;

    private Address mutex;
    private Address semaphore;
    private Address segment;

    @BeforeEach
    void name() {
        mutex = Address.of("mutex", directory.resolve("m").toString());
        semaphore = Address.of("sem", directory.resolve("s").toString());
        segment = Address.of("segment", directory.resolve("g").toString());
    }

    private FaultWalk faults() throws Exception {
        return new FaultWalk()
                .watching(directory, RuntimeDirectory.path().resolve("registry"))
                .onceInSuite();
    }

    @Test
    void aMutexsLife() throws Exception {
        int strikes = faults().walk(round -> {
            SharedMutex made = round.call(() -> SharedMutex.create(mutex));
            Hold hold = round.call(made::lock);
            SharedMutex other = round.call(() -> SharedMutex.open(mutex));
            round.run(hold::close);
            hold = round.call(other::lock);
            round.run(made::close);
            hold.close();
            round.run(other::close);
            SharedMutex again = round.call(() -> SharedMutex.openOrCreate(mutex));
            try (SharedMutex.MutexHold third = again.lock()) {
                assertEquals(3, third.fence(), "nobody else had it");
            }
            again.close();
            round.run(() -> SharedMutex.remove(mutex));
        });
        assertTrue(strikes > 10, () -> "only " + strikes + " calls pass the seam");
    }

    @Test
    void semaphoresAndTimeLimits() throws Exception {
        for (boolean robust : new boolean[] {false, true}) {
            faults().walk(round -> {
                try (SharedSemaphore made = round.call(() -> SharedSemaphore.create(semaphore, 1, robust))) {
                    round.run(made::acquire);
                    assertFalse(round.call(() -> made.tryAcquire(MOMENT)), "there is one permit only");
                    round.run(made::release);
                    assertEquals(1, made.value());
                }
                SharedSemaphore.remove(semaphore);
            });
        }
    }

    @Test
    void objectsInASegment() throws Exception {
        faults().walk(round -> {
            Segment made = round.call(() -> Segment.openOrCreate(segment, SegmentOptions.defaults()));
            SharedMutex first = round.call(() -> SharedMutex.openOrCreate(made, "a"));
            round.run(() -> made.areaOrCreate("b", 100));
            assertEquals(2, made.objects().size());
            try (Hold hold = first.lock()) {
                assertFalse(hold.previousOwnerDied());
            }
            round.run(first::close);
            round.run(made::close);
            round.run(() -> Segment.remove(segment));
        });
    }
}
