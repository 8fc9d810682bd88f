package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Ipc;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.SharedBarrier.Passage;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Barriers inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedBarrierTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("barrier", directory.resolve("b").toString());
    }

    @AfterEach
    void remove() throws Exception {
        SharedBarrier.remove(place);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedBarrier barrier = SharedBarrier.create(place, 2)) {
            barrier.tryAwait(MOMENT);
        }
        remove();
    }

    @Test
    void opensWhenAllHaveComeAndAgainInTheNextGeneration() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 3);
                SharedBarrier same = SharedBarrier.openOrCreate(place, 7)) {
            assertEquals(3, same.parties());
            for (int generation = 0; generation < 3; generation++) {
                List<Worker<Integer>> workers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    workers.add(Worker.call(same::await).awaitBlocked());
                    assertEquals(i + 1, barrier.arrived());
                }
                assertEquals(0, barrier.await(), "the last one");
                TreeSet<Integer> toCome = new TreeSet<>();
                for (Worker<Integer> each : workers) {
                    toCome.add(each.result());
                }
                assertEquals(List.of(1, 2), List.copyOf(toCome));
                assertEquals(0, barrier.arrived());
            }
        }
    }

    @Test
    void tellsThroughWhichGenerationItWasAndHowManyWereToCome() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 2)) {
            for (int generation = 0; generation < 3; generation++) {
                assertNull(barrier.tryPass(Duration.ZERO));
                assertNull(barrier.tryPass(MOMENT));
                try (Worker<Passage> first =
                        Worker.call(() -> barrier.tryPass(LONG)).awaitBlocked()) {
                    assertEquals(new Passage(generation, 0), barrier.tryPass(Duration.ZERO));
                    assertEquals(new Passage(generation, 1), first.result());
                }
            }
            barrier.reset();
            try (Worker<Passage> first =
                    Worker.call(() -> barrier.tryPass(LONG)).awaitBlocked()) {
                barrier.await();
                assertEquals(new Passage(4, 1), first.result());
            }
        }
    }

    @Test
    void oneOfOneIsOpen() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 1)) {
            assertEquals(0, barrier.await());
            assertTrue(barrier.tryAwait(Duration.ZERO));
        }
    }

    @Test
    void whoGivesUpTakesTheArrivalBackAndTheOthersWaitOn() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 3);
                Worker<Integer> stays = Worker.call(barrier::await).awaitBlocked()) {
            assertFalse(barrier.tryAwait(Duration.ZERO));
            long begin = System.nanoTime();
            assertFalse(barrier.tryAwait(MOMENT));
            assertTrue(System.nanoTime() - begin >= MOMENT.toNanos());
            try (Worker<Integer> interrupted = Worker.call(barrier::await).awaitBlocked()) {
                assertEquals(2, barrier.arrived());
                interrupted.interrupt();
                interrupted.failure(InterruptedException.class);
            }
            try (SharedBarrier closed = SharedBarrier.open(place);
                    Worker<Integer> waiting = Worker.call(closed::await).awaitBlocked()) {
                closed.close();
                waiting.failure(ClosedSynchronizerException.class);
                assertThrows(ClosedSynchronizerException.class, closed::await);
                assertThrows(ClosedSynchronizerException.class, closed::arrived);
                assertThrows(ClosedSynchronizerException.class, closed::reset);
            }
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, barrier::await);
            assertEquals(1, barrier.arrived());
            stays.assertRunning();
            try (Worker<Integer> second = Worker.call(barrier::await).awaitBlocked()) {
                assertTrue(barrier.tryAwait(Duration.ZERO), "the last one has not to wait");
                assertEquals(2, stays.result());
                assertEquals(1, second.result());
            }
            assertFalse(barrier.isBroken(), "nobody has died");
        }
    }

    @Test
    void aResetIsToldToThoseWhoWait() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 2)) {
            barrier.reset(); // nobody waits
            try (Worker<Integer> waiting = Worker.call(barrier::await).awaitBlocked()) {
                barrier.reset();
                String message = waiting.failure(BarrierBrokenException.class).getMessage();
                assertTrue(message.endsWith(" was reset while this thread waited"), message);
            }
            assertEquals(0, barrier.arrived());
            assertFalse(barrier.isBroken());
            try (Worker<Integer> waiting = Worker.call(barrier::await).awaitBlocked()) {
                assertEquals(0, barrier.await());
                assertEquals(1, waiting.result());
            }
        }
    }

    @Test
    void whoWentThroughIsNotToldOfALaterReset() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(place, 2)) {
            for (int round = 0; round < 500; round++) {
                try (Worker<Integer> waiting = Worker.call(barrier::await)) {
                    while (barrier.arrived() == 0) {
                        Thread.onSpinWait();
                    }
                    barrier.await();
                    barrier.reset();
                    assertEquals(1, waiting.result());
                }
            }
        }
    }

    @Test
    void nobodyIsAheadOfTheOthers() throws Exception {
        int parties = 4;
        int rounds = 3_000;
        AtomicIntegerArray done = new AtomicIntegerArray(parties);
        try (SharedBarrier barrier = SharedBarrier.create(place, parties)) {
            List<Worker<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < parties; i++) {
                int number = i;
                workers.add(Worker.run(() -> {
                    for (int round = 1; round <= rounds; round++) {
                        done.set(number, round);
                        if (number == 0 && round % 7 == 0) {
                            while (!barrier.tryAwait(Duration.ofNanos(20_000))) {
                                assertEquals(round, done.get(number));
                            }
                        } else {
                            barrier.await();
                        }
                        for (int other = 0; other < parties; other++) {
                            int of = done.get(other);
                            assertTrue(of == round || of == round + 1, of + " in round " + round);
                        }
                    }
                }));
            }
            for (Worker<Boolean> each : workers) {
                each.result();
            }
        }
    }

    @Test
    void aHandleThatIsForgottenBreaksNothing() throws Exception {
        SharedBarrier.create(place, 2); // nobody keeps it
        Await.until("the safety net has closed it", () -> {
            System.gc();
            return Ipc.inspect(place).get("attached").equals(List.of());
        });
        try (SharedBarrier barrier = SharedBarrier.open(place)) {
            assertFalse(barrier.isBroken(), "who leaves breaks nothing");
        }
    }

    @Test
    void isInspected() throws Exception {
        Ipc.scheme("barrier").create(place.with("parties", "3"));
        try (SharedBarrier barrier = SharedBarrier.open(place);
                Worker<Integer> waiting = Worker.call(barrier::await).awaitBlocked()) {
            Map<String, Object> facts = Ipc.inspect(place);
            assertEquals(3, facts.get("parties"));
            assertEquals(1, facts.get("arrived"));
            assertEquals(0L, facts.get("generation"));
            assertEquals(false, facts.get("broken"));
            assertEquals(List.of(ProcessHandle.current().pid()), facts.get("taking part"));
            assertEquals(1, facts.get("waiting"));
            barrier.reset();
            waiting.failure(BarrierBrokenException.class);
        }
        assertEquals(List.of(), Ipc.inspect(place).get("taking part"));
    }

    @Test
    void liesInASegment() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(segments, SegmentOptions.defaults());
                SharedBarrier barrier = SharedBarrier.create(segment, "b", 2);
                SharedBarrier named = SharedBarrier.open(
                        Address.of("barrier", directory.resolve("s").toString()).with("object", "b"));
                Worker<Integer> waiting = Worker.call(named::await).awaitBlocked()) {
            assertEquals(0, barrier.await());
            assertEquals(1, waiting.result());
            try (SharedMemory memory = SharedMemory.open(directory.resolve("s"))) {
                int at = (int) segment.objects().get(0).offset();
                memory.area(0, at + 64).int32(at + 4).set(-1);
            }
            String message = assertThrows(CorruptDataException.class, () -> SharedBarrier.open(segment, "b"))
                    .getMessage();
            assertTrue(message.contains("b is a barrier of -1 parties"), message);
        } finally {
            Segment.remove(segments);
        }
    }

    @Test
    void whatItCannotBeMadeWithIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> SharedBarrier.create(place, 0))
                .getMessage();
        assertEquals("parties is 0; a barrier has 1 to 65535", message);
        assertTrue(
                assertThrows(AddressException.class, () -> Ipc.scheme("barrier").create(place.with("parties", "70000")))
                        .getMessage()
                        .contains("parties is 70000"));
    }

    @Test
    void generationsMayWrap() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(segments, SegmentOptions.defaults());
                SharedBarrier barrier = SharedBarrier.create(segment, "b", 2);
                SharedMemory memory = SharedMemory.open(directory.resolve("s"))) {
            int at = (int) segment.objects().get(0).offset();
            memory.area(0, at + 64).int64(at + 8).set(0xffff_fffeL << 16);
            for (int round = 0; round < 4; round++) {
                try (Worker<Integer> waiting = Worker.call(barrier::await).awaitBlocked()) {
                    assertEquals(0, barrier.await());
                    assertEquals(1, waiting.result());
                }
                try (Worker<Integer> waiting = Worker.call(barrier::await).awaitBlocked()) {
                    barrier.reset();
                    waiting.failure(BarrierBrokenException.class);
                }
            }
            Await.until("nobody is there", () -> barrier.arrived() == 0);
        } finally {
            Segment.remove(segments);
        }
    }
}
