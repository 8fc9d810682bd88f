package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.internal.SegmentImage;
import org.jvmipc.shm.sync.OneOfEach.Kind;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;

/**
 * A segment that was left when the machine went down: no beacon is lit, slots and words look held, and their pids are those of
 * processes that live now. Who opens it first repairs it, also when several do at once.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestartIT implements NoLeaks.WarmUp {
    private static final List<Kind> HELD = List.of(Kind.MUTEX, Kind.ROBUST);
    private static final int ROUNDS = Campaign.size(12, 2_000);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        try (OneOfEach each = OneOfEach.open(directory);
                ChildJvm child = Children.start(ChildMain.launcher(Holding.class, directory))) {
            each.setTurn(1);
            Children.assertExit(0, child);
        }
        OneOfEach.remove(directory);
    }

    /** Holds everything until it is killed. */
    static final class Holding implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            OneOfEach.hold(Path.of(arguments[0]), HELD, parent::ready);
        }
    }

    /** What a process leaves that holds it all, and is not there any more; nobody has repaired it. */
    private SegmentImage left() throws Exception {
        SegmentImage image;
        try (ChildJvm child = Children.start(ChildMain.launcher(Holding.class, directory))) {
            child.kill();
            child.awaitExit();
            image = SegmentImage.of(OneOfEach.segmentFile(directory));
        }
        OneOfEach.remove(directory);
        assertEquals(1, image.makeOfAnotherBoot());
        return image;
    }

    @Test
    void whoOpensItTakesAllForDeadAndGoesOn() throws Exception {
        SegmentImage image = left();
        Path file = OneOfEach.segmentFile(directory);
        image.write(file);
        Address place = OneOfEach.place(directory);
        assertEquals(List.of(), Ipc.inspect(place).get("attached"), "nobody is alive in it");
        try (OneOfEach each = OneOfEach.open(directory)) {
            each.expectDeath(HELD);
            assertEquals(1, each.segment().participants().size());
            assertTrue(SegmentImage.of(file).isOfThisBoot());
            for (Kind kind : HELD) {
                try (OneOfEach.Held held = each.take(kind)) {
                    assertEquals(kind.isTold(), held.died(), () -> kind + " told");
                }
                try (OneOfEach.Held held = each.take(kind)) {
                    assertFalse(held.died(), () -> kind + " told twice");
                }
            }
        } finally {
            OneOfEach.remove(directory);
        }
    }

    // ---- at once

    /** Opens each round's segment as soon as it is there, and says how often it was told of a death. */
    static final class Opening implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment control = Segment.open(Address.of(arguments[0]))) {
                MemoryArea words = control.area("words");
                parent.ready();
                for (int round = 1; round <= Integer.parseInt(arguments[2]); round++) {
                    open(words, round, Path.of(arguments[1]).resolve(Integer.toString(round)));
                }
            }
        }
    }

    private static SharedLong started(MemoryArea words) {
        return words.int64(0);
    }

    private static SharedLong done(MemoryArea words) {
        return words.int64(8);
    }

    private static SharedLong told(MemoryArea words) {
        return words.int64(16);
    }

    @SuppressWarnings("ThreadPriorityCheck") // on two processors nobody else would come to run
    private static void open(MemoryArea words, int round, Path place) throws Exception {
        long end = System.nanoTime() + Await.LONG.toNanos();
        while (started(words).getVolatile() < round) { // without sleeping: they shall come at the same moment
            assertTrue(System.nanoTime() - end < 0, () -> "round " + round + " does not come");
            Thread.yield();
        }
        try (Segment segment = Segment.open(Address.of("segment", place.toString()));
                SharedMutex mutex = SharedMutex.open(segment, "mutex");
                SharedSemaphore robust = SharedSemaphore.open(segment, "robust")) {
            MemoryArea inside = segment.areaOrCreate("inside", 2 * Long.BYTES);
            SharedLong locked = inside.int64(0);
            SharedLong permitted = inside.int64(8);
            try (SharedMutex.MutexHold hold = mutex.tryLock(Await.LONG)) {
                assertTrue(hold != null, "the mutex is stuck");
                assertEquals(0, locked.getAndAdd(1), "two holders");
                told(words).getAndAdd(hold.previousOwnerDied() ? 1 : 0);
                locked.getAndAdd(-1);
            }
            assertTrue(robust.tryAcquire(Await.LONG), "the permit is stuck");
            assertEquals(0, permitted.getAndAdd(1), "two have the permit");
            permitted.getAndAdd(-1);
            robust.release();
        } finally {
            done(words).getAndAdd(1);
        }
    }

    @Test
    void severalWhoOpenItAtOnceRepairItOnce() throws Exception {
        SegmentImage image = left();
        Address place = Address.of("segment", directory.resolve("control").toString());
        try (Segment control = Segment.create(place, SegmentOptions.defaults())) {
            MemoryArea words = control.createArea("words", 3 * Long.BYTES);
            try (ChildJvm one = Children.start(ChildMain.launcher(Opening.class, place, directory, ROUNDS));
                    ChildJvm two = Children.start(ChildMain.launcher(Opening.class, place, directory, ROUNDS))) {
                for (int round = 1; round <= ROUNDS; round++) {
                    Path file = directory.resolve(Integer.toString(round));
                    image.write(file);
                    started(words).setVolatile(round);
                    long all = 2L * round;
                    Await.until(
                            "both are through round " + round,
                            () -> done(words).getVolatile() == all || !one.isAlive() || !two.isAlive());
                    for (ChildJvm each : List.of(one, two)) {
                        if (!each.isAlive()) {
                            Children.assertExit(0, each); // an error is in its last lines
                        }
                    }
                    assertEquals(all, done(words).getVolatile(), "none failed, and one has ended early");
                    assertEquals(round, told(words).getVolatile(), "the death is told once in each round");
                    assertTrue(SegmentImage.of(file).isOfThisBoot());
                    Files.delete(file);
                }
                Children.assertExit(0, one);
                Children.assertExit(0, two);
            }
        } finally {
            Segment.remove(place);
        }
    }
}
