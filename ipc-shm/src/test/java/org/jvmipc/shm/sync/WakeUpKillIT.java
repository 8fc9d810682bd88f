package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Who opens a latch or a barrier, sets an event or signals a condition is killed between that and the wake-up: those who sleep are let through all the same. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WakeUpKillIT implements NoLeaks.WarmUp {
    /** What is waited for. */
    enum What {
        LATCH(2),
        MANUAL_EVENT(2),
        AUTOMATIC_EVENT(1),
        SIGNAL(1),
        SIGNAL_ALL(2),
        SIGNAL_AT_GIVING(1),
        SIGNAL_ALL_AT_GIVING(2),
        BARRIER(2);

        /** How many it lets through. */
        private final int lets;

        What(int lets) {
            this.lets = lets;
        }

        private boolean isCondition() {
            return this != LATCH && this != BARRIER && this != MANUAL_EVENT && this != AUTOMATIC_EVENT;
        }

        private void make(Segment segment) throws Exception {
            if (this == LATCH) {
                SharedLatch.create(segment, "w", 1).close();
            } else if (this == BARRIER) {
                SharedBarrier.create(segment, "w", 3).close();
            } else if (isCondition()) {
                SharedCondition.create(segment, "w").close();
                SharedMutex.create(segment, "m").close();
                segment.createArea("a", Integer.BYTES);
            } else {
                SharedEvent.create(segment, "w", this == AUTOMATIC_EVENT).close();
            }
        }

        private void await(Segment segment) throws Exception {
            if (this == LATCH) {
                try (SharedLatch latch = SharedLatch.open(segment, "w")) {
                    latch.await();
                }
            } else if (this == BARRIER) {
                try (SharedBarrier barrier = SharedBarrier.open(segment, "w")) {
                    barrier.await();
                }
            } else if (isCondition()) {
                SharedInt ready = segment.area("a").int32(0);
                try (SharedCondition condition = SharedCondition.open(segment, "w");
                        SharedMutex mutex = SharedMutex.open(segment, "m");
                        SharedMutex.MutexHold hold = mutex.lock()) {
                    while (ready.get() == 0) {
                        condition.await(hold);
                    }
                }
            } else {
                try (SharedEvent event = SharedEvent.open(segment, "w")) {
                    event.await();
                }
            }
        }

        private void signal(SharedCondition condition, SharedMutex mutex) {
            if (this == SIGNAL) {
                condition.signal();
            } else if (this == SIGNAL_ALL) {
                condition.signalAll();
            } else {
                try (SharedMutex.MutexHold hold = Objects.requireNonNull(mutex.tryLock())) {
                    if (this == SIGNAL_AT_GIVING) {
                        condition.signal(hold);
                    } else {
                        condition.signalAll(hold);
                    }
                }
            }
        }

        private void let(Segment segment, Killing killing) throws Exception {
            if (this == LATCH) {
                try (SharedLatch latch = SharedLatch.open(segment, "w")) {
                    killing.under(latch::countDown);
                }
            } else if (this == BARRIER) {
                try (SharedBarrier barrier = SharedBarrier.open(segment, "w")) {
                    killing.under(() -> arriveLast(barrier));
                }
            } else if (isCondition()) {
                try (SharedCondition condition = SharedCondition.open(segment, "w");
                        SharedMutex mutex = SharedMutex.open(segment, "m")) {
                    mutex.lock().close(); // who waits for it has given it
                    segment.area("a").int32(0).setVolatile(1);
                    killing.under(() -> signal(condition, mutex));
                }
            } else {
                try (SharedEvent event = SharedEvent.open(segment, "w")) {
                    killing.under(event::set);
                }
            }
        }
    }

    private static void arriveLast(SharedBarrier barrier) {
        try {
            assertTrue(barrier.tryAwait(Duration.ZERO));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Killing {
        void under(Runnable call) throws Exception;
    }

    @TempDir
    Path directory;

    private Address place() {
        return Address.of("segment", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        for (What what : What.values()) {
            round(what, new Starting() {
                @Override
                public ChildJvm start() throws Exception {
                    return FaultSeam.launcher(Lets.class, place(), what).start();
                }

                @Override
                public void awaitEnd(ChildJvm child) throws Exception {
                    FaultSeam.awaitEnd(child);
                }
            });
        }
    }

    /** Lets through, once; the wake-up is the only call into the kernel. */
    static final class Lets implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment segment = Segment.open(Address.of(arguments[0]))) {
                What.valueOf(arguments[1]).let(segment, call -> FaultSeam.underKillInIt(call::run));
            }
        }
    }

    private interface Starting {
        ChildJvm start() throws Exception;

        void awaitEnd(ChildJvm child) throws Exception;
    }

    private void round(What what, Starting starting) throws Exception {
        try (Segment segment = Segment.create(place(), SegmentOptions.defaults())) {
            what.make(segment);
            List<Worker<Boolean>> sleeping = new ArrayList<>();
            for (int i = 0; i < what.lets; i++) {
                sleeping.add(Worker.run(() -> what.await(segment)).awaitBlocked());
            }
            try (ChildJvm child = starting.start()) {
                starting.awaitEnd(child);
                for (Worker<Boolean> each : sleeping) {
                    each.result();
                }
            } finally {
                sleeping.forEach(Worker::close);
            }
        } finally {
            Segment.remove(place());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverSleepsIsLetThrough(What what) throws Exception {
        int kills = new KillWalk()
                .walk(victim -> round(what, new Starting() {
                    @Override
                    public ChildJvm start() throws Exception {
                        return victim.start(Lets.class, place(), what);
                    }

                    @Override
                    public void awaitEnd(ChildJvm child) throws Exception {
                        victim.awaitEnd(child);
                    }
                }));
        assertTrue(kills > 0, "nobody was killed at the wake-up");
    }
}
