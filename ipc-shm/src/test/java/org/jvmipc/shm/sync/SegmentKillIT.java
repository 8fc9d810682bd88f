package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;

/**
 * A child dies at any of its native calls, those of its watch that repairs another's death included: the others go on, with
 * all that it held, and nobody has to tidy up.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SegmentKillIT implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    private Address place() {
        return Address.of("segment", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        try (Segment segment = Segment.openOrCreate(place(), SegmentOptions.defaults());
                ChildJvm child = ChildMain.launcher(Uses.class, place()).start()) {
            Children.assertExit(0, child);
            Await.until("it has left", () -> segment.participants().size() == 1);
        }
        Segment.remove(place());
    }

    /** Makes or opens everything, holds it, gives it back, leaves. */
    static final class Uses implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            FaultSeam.underKill(() -> {
                try (Segment segment = Segment.openOrCreate(Address.of(arguments[0]), SegmentOptions.defaults());
                        SharedMutex mutex = SharedMutex.openOrCreate(segment, "m");
                        SharedSemaphore robust = SharedSemaphore.openOrCreate(segment, "r", 2, true);
                        SharedSemaphore plain = SharedSemaphore.openOrCreate(segment, "p", 0, false);
                        Hold hold = mutex.lock()) {
                    robust.acquire(2);
                    plain.release(); // of what a killed one brings and takes nobody knows
                    robust.release(1);
                    assertTrue(mutex.isHeldByCurrentThread(), hold::toString);
                }
            });
        }
    }

    private void assertAllIsThere() throws Exception {
        try (Segment segment = Segment.openOrCreate(place(), SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.openOrCreate(segment, "m");
                SharedSemaphore robust = SharedSemaphore.openOrCreate(segment, "r", 2, true)) {
            try (Hold hold = mutex.tryLock(Await.LONG)) {
                assertNotNull(hold, "the mutex is stuck");
            }
            assertTrue(robust.tryAcquire(2, Await.LONG), () -> "permits are missing: " + robust.value());
            robust.release(2);
            Await.until("nobody else is attached", () -> segment.participants().size() == 1);
        }
    }

    @Test
    void whoeverComesNextFindsAllInOrder() throws Exception {
        int kills = new KillWalk().walk(victim -> {
            victim.awaitEnd(victim.start(Uses.class, place()));
            assertAllIsThere();
            assertTrue(Segment.remove(place()));
            Files.deleteIfExists(directory.resolve("s"));
        });
        assertTrue(kills > 0);
    }

    @Test
    void whoIsThereMeanwhileGoesOn() throws Exception {
        new KillWalk().walk(victim -> {
            try (Segment segment = Segment.openOrCreate(place(), SegmentOptions.defaults());
                    SharedMutex mutex = SharedMutex.openOrCreate(segment, "m")) {
                try (ChildJvm child = victim.start(Uses.class, place())) {
                    // Both want it all the time, until one is gone.
                    while (child.isAlive()) {
                        try (Hold hold = mutex.tryLock(Await.LONG)) {
                            assertNotNull(hold, "the mutex is stuck");
                        }
                    }
                    victim.awaitEnd(child);
                }
                assertAllIsThere();
            }
            Segment.remove(place());
        });
    }

    /** Is there when another one dies, repairs what that left, and is killed at it. */
    static final class Repairs implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment segment = Segment.open(Address.of(arguments[0]));
                    SharedMutex mutex = SharedMutex.open(segment, "m")) {
                FaultSeam.underKill(() -> {
                    parent.ready();
                    mutex.lock().close(); // comes when the holder was killed, and was repaired by somebody
                });
            }
        }
    }

    /** Holds it until it is killed. */
    static final class Holds implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedMutex mutex = SharedMutex.open(segment, "m");
            Hold hold = mutex.lock();
            parent.ready();
            Await.until("killed", () -> hold.previousOwnerDied());
        }
    }

    @Test
    void aRepairerThatIsKilledIsRepaired() throws Exception {
        new KillWalk().walk(victim -> {
            Segment.create(place(), SegmentOptions.defaults()).close();
            try (Segment segment = Segment.open(place())) {
                SharedMutex.create(segment, "m").close();
            }
            // This process is not attached meanwhile: the victim alone can repair.
            try (ChildJvm holder = Children.start(ChildMain.launcher(Holds.class, place()));
                    ChildJvm repairer = victim.launcher(Repairs.class, place()).start()) {
                repairer.tryAwaitReady(Await.LONG);
                holder.kill();
                victim.awaitEnd(repairer);
            }
            try (Segment segment = Segment.open(place());
                    SharedMutex mutex = SharedMutex.open(segment, "m");
                    Hold hold = mutex.tryLock(Await.LONG)) {
                assertNotNull(hold, "the mutex is stuck");
                Await.until(
                        "nobody else is attached", () -> segment.participants().size() == 1);
                assertEquals(1, segment.objects().size());
            }
            Segment.remove(place());
        });
    }
}
