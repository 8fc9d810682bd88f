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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** {@code kill -9} of JVMs that read, that write, that wait for it, and that leave: what they held comes back, a writer's death is told. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadWriteKillIT implements NoLeaks.WarmUp {
    private static final String LOCK = "rw";

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
        kill(Role.READER, false);
        leave(Leaving.READER, () -> {
            ChildJvm child = Children.start(FaultSeam.launcher(Leaves.class, place, Leaving.READER));
            return new Leaver(child, FaultSeam::awaitEnd);
        });
    }

    /** What the child is at when it is killed. */
    enum Role {
        READER,
        WRITER,
        WAITING_READER,
        WAITING_WRITER
    }

    /** Is that, says so, and waits for its end. */
    static final class Being implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedReadWriteLock lock = SharedReadWriteLock.open(segment, LOCK);
            List<Object> held = new ArrayList<>();
            switch (Role.valueOf(arguments[1])) {
                case READER -> {
                    held.add(lock.readLock());
                    held.add(lock.readLock());
                }
                case WRITER -> held.add(lock.writeLock());
                case WAITING_READER -> held.add(Worker.run(lock::readLock).awaitBlocked());
                case WAITING_WRITER -> held.add(Worker.run(lock::writeLock).awaitBlocked());
            }
            parent.ready();
            while (!held.isEmpty()) {
                LockSupport.park();
            }
        }
    }

    private void kill(Role role, boolean writerPreference) throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, LOCK, writerPreference)) {
            Hold hold =
                    switch (role) {
                        case WAITING_READER -> lock.writeLock();
                        case WAITING_WRITER -> lock.readLock();
                        default -> null;
                    };
            boolean wrote = role == Role.WRITER;
            try (ChildJvm child = Children.start(ChildMain.launcher(Being.class, place, role))) {
                if (hold == null) {
                    assertNull(lock.tryWriteLock());
                    assertEquals(!wrote, canRead(lock));
                } else if (role == Role.WAITING_WRITER) {
                    assertEquals(writerPreference, !canRead(lock));
                }
                try (Worker<Boolean> reader = Worker.call(() -> {
                    try (Hold read = lock.readLock()) {
                        return read.previousOwnerDied();
                    }
                })) {
                    reader.awaitBlockedOrEnded();
                    child.kill();
                    if (role == Role.WAITING_READER) {
                        hold.close();
                    }
                    assertEquals(wrote, reader.result());
                    if (role == Role.WAITING_WRITER) {
                        hold.close();
                    }
                }
            }
            assertEquals(wrote, isTold(lock, false), "to who reads");
            assertEquals(wrote, isTold(lock, false), "and to the next one");
            assertEquals(wrote, isTold(lock, true), "to who writes");
            assertFalse(isTold(lock, true), "told twice");
            assertFalse(isTold(lock, false));
        } finally {
            Segment.remove(place);
        }
    }

    private static boolean canRead(SharedReadWriteLock lock) throws Exception {
        try (Worker<Boolean> other = Worker.call(() -> {
            try (ReadHold hold = lock.tryReadLock()) {
                return hold != null;
            }
        })) {
            return other.result();
        }
    }

    private static boolean isTold(SharedReadWriteLock lock, boolean writing) throws Exception {
        try (Worker<Boolean> next = Worker.call(() -> {
            try (Hold hold = writing ? lock.writeLock() : lock.readLock()) {
                return hold.previousOwnerDied();
            }
        })) {
            return next.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledJvmIsInNobodysWayAndOnlyAWritersDeathIsTold(Role role) throws Exception {
        for (int round = 0; round < Campaign.size(1, 250); round++) {
            kill(role, false);
            kill(role, true);
        }
    }

    @Test
    void aStoppedReaderKeepsItAndGoesOn() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, LOCK, false);
                ChildJvm child = Children.start(ChildMain.launcher(Being.class, place, Role.READER))) {
            Children.stop(child);
            assertNull(lock.tryWriteLock(Duration.ofMillis(300)), "stopped is not dead");
            assertTrue(canRead(lock));
            Children.goOn(child);
            assertNull(lock.tryWriteLock());
            child.kill();
            lock.writeLock().close();
        } finally {
            Segment.remove(place);
        }
    }

    // ---- killed on the way out

    /** Who leaves. */
    enum Leaving {
        /** While a writer sleeps. */
        READER(1),
        /** While readers sleep. */
        WRITER(2);

        private final int sleepers;

        Leaving(int sleepers) {
            this.sleepers = sleepers;
        }
    }

    /** Holds it until so many sleep, and leaves under the seam: the wake-up is the only call into the kernel. */
    static final class Leaves implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Leaving leaving = Leaving.valueOf(arguments[1]);
            try (Segment segment = Segment.open(Address.of(arguments[0]));
                    SharedReadWriteLock lock = SharedReadWriteLock.open(segment, LOCK)) {
                Hold hold = leaving == Leaving.READER ? lock.readLock() : lock.writeLock();
                parent.ready();
                Await.until("they wait", () -> waiting(segment) == leaving.sleepers);
                FaultSeam.underKillInIt(hold::close);
            }
        }

        private static int waiting(Segment segment) throws Exception {
            return segment.participants().stream()
                    .mapToInt(each -> each.waiting().getOrDefault(LOCK, 0))
                    .sum();
        }
    }

    private interface End {
        void await(ChildJvm child) throws Exception;
    }

    private record Leaver(ChildJvm child, End end) {}

    private interface Starting {
        Leaver start() throws Exception;
    }

    private void leave(Leaving leaving, Starting starting) throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, LOCK, false)) {
            Leaver leaver = starting.start();
            List<Worker<Boolean>> sleeping = new ArrayList<>();
            try (ChildJvm child = leaver.child) {
                for (int i = 0; i < leaving.sleepers; i++) {
                    sleeping.add(Worker.call(() -> {
                        try (Hold hold = leaving == Leaving.READER ? lock.writeLock() : lock.readLock()) {
                            return hold.previousOwnerDied();
                        }
                    }));
                }
                leaver.end.await(child);
                for (Worker<Boolean> each : sleeping) {
                    assertFalse(each.result(), "who has left is no holder that died");
                }
            } finally {
                sleeping.forEach(Worker::close);
            }
        } finally {
            Segment.remove(place);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSleepsIsLetInThoughWhoLeavesIsKilledBeforeTheWakeUp(Leaving leaving) throws Exception {
        int kills = new KillWalk()
                .walk(victim -> leave(leaving, () -> {
                    ChildJvm child = Children.start(victim.launcher(Leaves.class, place, leaving));
                    return new Leaver(child, victim::awaitEnd);
                }));
        assertTrue(kills > 0, "nobody was killed at the wake-up");
    }

    // ---- at random points

    private static final int FIRST = 0;
    private static final int SECOND = 8;
    private static final int TORN = 16;
    private static final int WORDS_BYTES = 24;

    /** Reads and writes a pair of numbers all the time, in several threads, until it is killed. */
    static final class Busy implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedReadWriteLock lock = SharedReadWriteLock.open(segment, LOCK);
            MemoryArea words = segment.area("words");
            for (int i = 0; i < 3; i++) {
                boolean writes = i == 0;
                Thread thread = new Thread(() -> {
                    try {
                        while (true) {
                            if (writes) {
                                write(lock, words);
                            } else {
                                read(lock, words);
                            }
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

    private static void write(SharedReadWriteLock lock, MemoryArea words) throws InterruptedException {
        SharedLong first = words.int64(FIRST);
        SharedLong second = words.int64(SECOND);
        try (WriteHold hold = lock.writeLock()) {
            if (first.get() != second.get() && !hold.previousOwnerDied()) {
                words.int64(TORN).getAndAdd(1);
            }
            first.set(hold.fence());
            second.set(hold.fence());
        }
    }

    private static void read(SharedReadWriteLock lock, MemoryArea words) throws InterruptedException {
        try (ReadHold hold = lock.readLock()) {
            if (words.int64(FIRST).get() != words.int64(SECOND).get() && !hold.previousOwnerDied()) {
                words.int64(TORN).getAndAdd(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsStuckOrTornUntoldAfterKillsAtRandomPoints(boolean writerPreference) throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedReadWriteLock lock = SharedReadWriteLock.create(segment, LOCK, writerPreference)) {
            MemoryArea words = segment.createArea("words", WORDS_BYTES);
            for (int round = 0; round < Campaign.size(3, 250); round++) {
                try (ChildJvm one = ChildMain.launcher(Busy.class, place).start();
                        ChildJvm two = Children.start(ChildMain.launcher(Busy.class, place))) {
                    assertTrue(one.tryAwaitReady(Await.LONG), () -> one + ": " + one.lastErrorLines());
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
                    one.kill();
                    for (int i = 0; i < 20; i++) {
                        read(lock, words);
                    }
                    two.kill();
                    one.awaitExit();
                    two.awaitExit();
                    write(lock, words);
                    try (WriteHold hold = lock.tryWriteLock(Await.LONG)) {
                        assertNotNull(hold, "it is stuck");
                        assertFalse(hold.previousOwnerDied(), "told twice");
                    }
                    Await.until(
                            "only this process is attached",
                            () -> segment.participants().size() == 1);
                }
                assertEquals(0, words.int64(TORN).get(), "torn, and no death was told");
            }
        } finally {
            Segment.remove(place);
        }
    }
}
