package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SegmentParticipant;
import org.jvmipc.shm.sync.OneOfEach.Kind;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A holder that is stopped, for several looks of the watch, is not dead: others wait or time out, and all goes on when it does. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedHolderIT implements NoLeaks.WarmUp {
    private static final List<Kind> ALL = List.of(Kind.values());
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(1600);
    private static final Duration MOMENT = Duration.ofMillis(60);

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Override
    public void warmUp() throws Exception {
        try (OneOfEach each = OneOfEach.open(directory);
                ChildJvm child = Children.start(ChildMain.launcher(Holding.class, directory))) {
            each.setTurn(1);
            Children.assertExit(0, child);
            for (Kind kind : ALL) {
                each.take(kind).close();
            }
        }
        OneOfEach.remove(directory);
    }

    /** Holds one of each until it is told to give them back. */
    static final class Holding implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            OneOfEach.hold(Path.of(arguments[0]), ALL, parent::ready);
        }
    }

    @Test
    void keepsAllItHoldsAndGivesItBackWhenItGoesOn() throws Exception {
        try (OneOfEach each = OneOfEach.open(directory);
                ChildJvm child = Children.start(ChildMain.launcher(Holding.class, directory))) {
            Children.stop(child);
            assertTrue(each.areHeld(ALL));
            Map<Kind, Worker<Boolean>> waiters = each.waiters(ALL);
            try {
                for (Kind kind : ALL) {
                    assertTimesOut(each, kind);
                }
                Await.holds(
                        () -> "taken from one who is stopped: " + waiters,
                        SEVERAL_LOOKS,
                        () -> each.areHeld(ALL) && waiters.values().stream().noneMatch(Worker::isDone));
                assertTrue(each.segment().participants().stream().allMatch(SegmentParticipant::alive));
                assertEquals(2, each.segment().participants().size());
                each.setTurn(1);
                Children.goOn(child);
                for (Kind kind : ALL) {
                    assertEquals(false, waiters.get(kind).result(), () -> kind + ": nobody died");
                }
            } finally {
                waiters.values().forEach(Worker::close);
            }
            Children.assertExit(0, child);
        } finally {
            OneOfEach.remove(directory);
        }
    }

    private static void assertTimesOut(OneOfEach each, Kind kind) throws Exception {
        long begin = System.nanoTime();
        assertNull(each.tryTake(kind, MOMENT), kind::toString);
        long took = System.nanoTime() - begin;
        assertTrue(took >= MOMENT.toNanos(), () -> kind + ": not before its time, but after " + took + " ns");
        assertNull(each.tryTake(kind, Duration.ZERO), kind::toString);
    }
}
