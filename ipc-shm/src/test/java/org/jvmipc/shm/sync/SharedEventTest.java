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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Ipc;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Events inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedEventTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("event", directory.resolve("e").toString());
    }

    @AfterEach
    void remove() throws Exception {
        SharedEvent.remove(place);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (SharedEvent event = SharedEvent.create(place, false)) {
            event.tryAwait(MOMENT);
        }
        remove();
    }

    private static List<Worker<Boolean>> waiters(SharedEvent event, int count) throws Exception {
        List<Worker<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiters.add(Worker.run(event::await).awaitBlocked());
        }
        return waiters;
    }

    @Test
    void aManualOneLetsAllThroughUntilItIsReset() throws Exception {
        try (SharedEvent event = SharedEvent.create(place, false);
                SharedEvent same = SharedEvent.openOrCreate(place, true)) {
            assertFalse(same.isAutomatic(), "it is what it was made as");
            assertFalse(event.isSet());
            assertFalse(event.tryAwait());
            assertFalse(event.tryAwait(MOMENT));
            List<Worker<Boolean>> waiters = waiters(event, 4);
            same.set();
            for (Worker<Boolean> each : waiters) {
                each.result();
            }
            same.set(); // no count
            assertTrue(event.isSet());
            event.await();
            assertTrue(event.tryAwait());
            assertTrue(event.reset());
            assertFalse(event.reset());
            assertFalse(event.tryAwait(Duration.ZERO));
        }
    }

    @Test
    void whoWaitedForAManualOneIsThroughThoughItIsResetAtOnce() throws Exception {
        try (SharedEvent event = SharedEvent.create(place, false)) {
            for (int round = 0; round < 200; round++) {
                List<Worker<Boolean>> waiters = waiters(event, 2);
                event.set();
                event.reset();
                for (Worker<Boolean> each : waiters) {
                    each.result();
                }
            }
        }
    }

    @Test
    void anAutomaticOneLetsOneThroughEachTime() throws Exception {
        try (SharedEvent event = SharedEvent.create(place, true);
                Worker<Boolean> one = Worker.run(event::await).awaitBlocked();
                Worker<Boolean> two = Worker.run(event::await).awaitBlocked()) {
            assertTrue(event.isAutomatic());
            event.set();
            Await.until("one is through", () -> one.isDone() || two.isDone());
            assertFalse(event.isSet(), "it was taken");
            assertFalse(one.isDone() && two.isDone());
            event.set();
            one.result();
            two.result();
            assertFalse(event.tryAwait());
            event.set();
            event.set();
            assertTrue(event.tryAwait(Duration.ZERO));
            assertFalse(event.tryAwait(), "it is no count");
        }
    }

    @Test
    void noWakeUpOfAnAutomaticOneIsLost() throws Exception {
        int rounds = 20_000;
        Address other = Address.of("event", directory.resolve("back").toString());
        try (SharedEvent there = SharedEvent.create(place, true);
                SharedEvent back = SharedEvent.create(other, true);
                Worker<Boolean> echo = Worker.run(() -> {
                    for (int i = 0; i < rounds; i++) {
                        there.await();
                        back.set();
                    }
                })) {
            for (int i = 0; i < rounds; i++) {
                there.set();
                back.await();
            }
            echo.result();
        } finally {
            SharedEvent.remove(other);
        }
    }

    @Test
    void manyWhoComeAndGiveUpLoseNoSet() throws Exception {
        int each = 2_000;
        int takers = 4;
        AtomicInteger through = new AtomicInteger();
        try (SharedEvent event = SharedEvent.create(place, true)) {
            List<Worker<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < takers; i++) {
                Duration patience = Duration.ofNanos(i % 2 == 0 ? 20_000 : 10_000_000);
                workers.add(Worker.run(() -> {
                    for (int got = 0; got < each; ) {
                        if (event.tryAwait(patience)) {
                            got++;
                            through.incrementAndGet();
                        }
                    }
                }));
            }
            for (int set = 1; set <= each * takers; set++) {
                int expected = set;
                event.set();
                long end = System.nanoTime() + Await.LONG.toNanos();
                while (through.get() < expected) {
                    assertTrue(System.nanoTime() - end < 0, "nobody takes set " + expected);
                    Thread.onSpinWait();
                }
            }
            for (Worker<Boolean> worker : workers) {
                worker.result();
            }
        }
    }

    @Test
    void interruptAndCloseEndAWait() throws Exception {
        for (boolean automatic : new boolean[] {false, true}) {
            try (SharedEvent event = SharedEvent.create(place, automatic);
                    Worker<Boolean> interrupted = Worker.run(event::await).awaitBlocked();
                    SharedEvent closed = SharedEvent.open(place);
                    Worker<Boolean> waiting = Worker.run(closed::await).awaitBlocked()) {
                interrupted.interrupt();
                interrupted.failure(InterruptedException.class);
                closed.close();
                waiting.failure(ClosedSynchronizerException.class);
                assertThrows(ClosedSynchronizerException.class, closed::isSet);
                assertThrows(ClosedSynchronizerException.class, closed::set);
                event.set();
                event.await();
            }
            SharedEvent.remove(place);
        }
    }

    @Test
    void isInspected() throws Exception {
        Ipc.scheme("event").create(place.with("automatic", "true"));
        try (SharedEvent event = SharedEvent.open(place);
                Worker<Boolean> waiting = Worker.run(event::await).awaitBlocked()) {
            Map<String, Object> facts = Ipc.inspect(place);
            assertEquals("automatic", facts.get("reset"));
            assertEquals("0600", facts.get("mode"), "of its file");
            assertEquals(false, facts.get("set"));
            assertEquals(1, facts.get("waiting"));
            event.set();
            waiting.result();
        }
    }

    @Test
    void anotherModeIsAnError() throws Exception {
        Address segments = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(segments, SegmentOptions.defaults());
                SharedEvent event = SharedEvent.create(segment, "e", false);
                SharedMemory memory = SharedMemory.open(directory.resolve("s"))) {
            int at = (int) segment.objects().get(0).offset();
            memory.area(0, at + 64).int32(at + 4).set(9);
            String message = assertThrows(CorruptDataException.class, () -> SharedEvent.open(segment, "e"))
                    .getMessage();
            assertTrue(message.contains("e is an event of mode 9"), message);
            event.set(); // who has it open goes on with what it was
        } finally {
            Segment.remove(segments);
        }
    }
}
