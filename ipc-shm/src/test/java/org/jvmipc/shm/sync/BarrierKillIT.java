package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/**
 * {@code kill -9} of JVMs that take part in a barrier, on the way to it, at it and behind it: it breaks for all, who are told who died, and
 * goes on after a reset. For one who dies between the opening and the wake-up see {@link WakeUpKillIT}.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BarrierKillIT implements NoLeaks.WarmUp {
    private static final int PARTIES = 3;

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
        kill(At.ON_THE_WAY);
    }

    /** Where the child is when it is killed. */
    enum At {
        /** It has it open, and has never come. */
        ON_THE_WAY,
        /** It waits. */
        THERE,
        /** It went through once. */
        BEHIND
    }

    /** Is there, says so, and waits for its end. */
    static final class Being implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedBarrier barrier = SharedBarrier.open(segment, "b");
            List<Worker<Integer>> waiting = new ArrayList<>();
            switch (At.valueOf(arguments[1])) {
                case ON_THE_WAY -> assertEquals(PARTIES, barrier.parties());
                case THERE -> waiting.add(Worker.call(barrier::await).awaitBlocked());
                case BEHIND -> barrier.await();
            }
            parent.ready();
            while (waiting.size() < PARTIES) {
                LockSupport.park();
            }
            barrier.close();
        }
    }

    private void kill(At at) throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedBarrier barrier = SharedBarrier.create(segment, "b", PARTIES)) {
            List<Worker<Integer>> early = at == At.BEHIND ? waiting(barrier, PARTIES - 1) : List.of();
            try (ChildJvm child = Children.start(ChildMain.launcher(Being.class, place, at))) {
                for (Worker<Integer> each : early) {
                    each.result();
                }
                List<Worker<Integer>> waiting = waiting(barrier, 1);
                assertEquals(at == At.THERE ? 2 : 1, barrier.arrived());
                child.kill();
                for (Worker<Integer> each : waiting) {
                    String message = each.failure(BarrierBrokenException.class).getMessage();
                    assertTrue(message.contains("process " + child.pid() + ", which took part, has died"), message);
                }
                assertTrue(barrier.isBroken());
                assertThrows(BarrierBrokenException.class, barrier::await);
                assertThrows(BarrierBrokenException.class, () -> barrier.tryAwait(Duration.ZERO));
            }
            barrier.reset();
            assertFalse(barrier.isBroken());
            List<Worker<Integer>> waiting = waiting(barrier, PARTIES - 1);
            assertEquals(0, barrier.await());
            for (Worker<Integer> each : waiting) {
                each.result();
            }
        } finally {
            Segment.remove(place);
        }
    }

    private static List<Worker<Integer>> waiting(SharedBarrier barrier, int count) throws Exception {
        List<Worker<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiting.add(Worker.call(barrier::await).awaitBlocked());
        }
        return waiting;
    }

    @ParameterizedTest
    @EnumSource
    void breaksForAllWhenAParticipantIsKilledAndGoesOnAfterAReset(At at) throws Exception {
        for (int round = 0; round < Campaign.size(1, 300); round++) {
            kill(at);
        }
    }

    @Test
    void aStoppedParticipantBreaksNothing() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedBarrier barrier = SharedBarrier.create(segment, "b", PARTIES);
                ChildJvm child = Children.start(ChildMain.launcher(Being.class, place, At.THERE))) {
            Children.stop(child);
            assertFalse(barrier.tryAwait(Duration.ofMillis(300)));
            assertFalse(barrier.isBroken());
            Children.goOn(child);
            List<Worker<Integer>> waiting = waiting(barrier, 1);
            assertEquals(0, barrier.await());
            waiting.get(0).result();
        } finally {
            Segment.remove(place);
        }
    }

    @Test
    void oneThatHasClosedItAndIsKilledBreaksNothing() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedBarrier barrier = SharedBarrier.create(segment, "b", PARTIES);
                ChildJvm child = Children.start(ChildMain.launcher(HasClosed.class, place))) {
            child.kill();
            child.awaitExit();
            Await.until("it is repaired", () -> segment.participants().size() == 1);
            assertFalse(barrier.isBroken());
        } finally {
            Segment.remove(place);
        }
    }

    /** Has opened and closed it, and is in the segment still. */
    static final class HasClosed implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment segment = Segment.open(Address.of(arguments[0]))) {
                SharedBarrier.open(segment, "b").close();
                parent.ready();
                while (!segment.objects().isEmpty()) {
                    LockSupport.park();
                }
            }
        }
    }

    // ---- at random points

    /** Meets the others all the time, until it is killed or somebody else is. */
    static final class Busy implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment segment = Segment.open(Address.of(arguments[0]));
                    SharedBarrier barrier = SharedBarrier.open(segment, "b")) {
                parent.ready();
                try {
                    while (barrier.parties() == PARTIES) {
                        barrier.await();
                    }
                } catch (BarrierBrokenException e) {
                    return; // told, as it should be
                }
            }
        }
    }

    @Test
    void allAreToldThoughOneIsKilledAtARandomPoint() throws Exception {
        for (int round = 0; round < Campaign.size(4, 500); round++) {
            try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                    SharedBarrier barrier = SharedBarrier.create(segment, "b", PARTIES);
                    ChildJvm one = Children.start(ChildMain.launcher(Busy.class, place));
                    ChildJvm two = Children.start(ChildMain.launcher(Busy.class, place));
                    Worker<Boolean> here = Worker.run(() -> {
                        while (barrier.parties() == PARTIES) {
                            barrier.await();
                        }
                    })) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(10_000_000));
                one.kill();
                here.failure(BarrierBrokenException.class);
                Children.assertExit(0, two);
            } finally {
                Segment.remove(place);
            }
        }
    }
}
