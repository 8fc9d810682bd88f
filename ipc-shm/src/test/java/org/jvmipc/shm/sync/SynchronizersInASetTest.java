package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Events, latches and semaphores waited for together with others, inside one JVM. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes early, as the behaviour under test
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SynchronizersInASetTest implements NoLeaks.WarmUp {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int ROUNDS = 50;

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("segment", directory.resolve("s").toString());
    }

    @AfterEach
    void remove() throws Exception {
        Segment.remove(place);
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEvent event = SharedEvent.create(segment, "e", true);
                Receiver<SharedEvent> receiver = event.openReceiver();
                ReceiverSet<Object> set = new ReceiverSet<>()) {
            set.add(receiver);
            set.tryAwait(MOMENT);
        }
        remove();
    }

    private static Worker<List<Receiver<? extends Object>>> waiter(ReceiverSet<Object> set) throws Exception {
        return Worker.call(() -> set.await()).awaitBlocked();
    }

    @Test
    void eachIsReadyWhenAWaiterWouldGetIt() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEvent manual = SharedEvent.create(segment, "manual", false);
                SharedEvent automatic = SharedEvent.create(segment, "automatic", true);
                SharedLatch latch = SharedLatch.create(segment, "latch", 2);
                SharedSemaphore plain = SharedSemaphore.create(segment, "plain", 0, false);
                SharedSemaphore robust = SharedSemaphore.create(segment, "robust", 1, true);
                Receiver<SharedEvent> ofManual = manual.openReceiver();
                Receiver<SharedEvent> ofAutomatic = automatic.openReceiver();
                Receiver<SharedLatch> ofLatch = latch.openReceiver();
                Receiver<SharedSemaphore> ofPlain = plain.openReceiver();
                Receiver<SharedSemaphore> ofRobust = robust.openReceiver();
                ReceiverSet<Object> set = new ReceiverSet<>()) {
            robust.acquire();
            List<Receiver<? extends Object>> all = List.of(ofManual, ofAutomatic, ofLatch, ofPlain, ofRobust);
            List<Runnable> signs =
                    List.of(manual::set, automatic::set, () -> latch.countDown(2), plain::release, robust::release);
            List<Object> objects = List.of(manual, automatic, latch, plain, robust);
            for (Receiver<? extends Object> each : all) {
                assertTrue(set.add(each));
                assertNull(each.tryReceive());
                assertNull(each.tryReceive(MOMENT));
            }
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < all.size(); i++) {
                    if (!set.remove(all.get(i))) {
                        continue; // the latch
                    }
                    set.add(all.get(i));
                    assertEquals(List.of(), set.tryAwait(MOMENT));
                    try (Worker<List<Receiver<? extends Object>>> waiter = waiter(set)) {
                        signs.get(i).run();
                        assertEquals(List.of(all.get(i)), waiter.result());
                    }
                    assertEquals(List.of(all.get(i)), set.tryAwait(), "it has not been taken");
                    assertSame(objects.get(i), all.get(i).tryReceive());
                    manual.reset(); // it, and the latch, would stay ready
                    assertEquals(i == 2, set.tryAwait().contains(ofLatch));
                    if (i == 2) {
                        set.remove(ofLatch);
                    }
                }
            }
        }
    }

    @Test
    void aWakeUpThatTheSetDoesNotUseIsAnothers() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEvent event = SharedEvent.create(segment, "e", true);
                SharedSemaphore semaphore = SharedSemaphore.create(segment, "s", 0, false);
                Receiver<SharedEvent> ofEvent = event.openReceiver();
                Receiver<SharedSemaphore> ofSemaphore = semaphore.openReceiver();
                ReceiverSet<Object> set = new ReceiverSet<>()) {
            set.add(ofEvent);
            set.add(ofSemaphore);
            for (int round = 0; round < ROUNDS; round++) {
                assertEquals(List.of(), set.tryAwait(Duration.ofMillis(1))); // its threads sleep, or are about to
                try (Worker<Boolean> one =
                                Worker.call(() -> event.tryAwait(LONG)).awaitBlocked();
                        Worker<Boolean> other =
                                Worker.call(() -> semaphore.tryAcquire(LONG)).awaitBlocked()) {
                    event.set();
                    semaphore.release();
                    assertTrue(one.result() && other.result());
                }
            }
        }
    }

    @Test
    void isClosedForItselfAndGetsOutWhoWaits() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEvent event = SharedEvent.create(segment, "e", false);
                SharedEvent same = SharedEvent.open(segment, "e");
                Receiver<SharedEvent> receiver = event.openReceiver();
                Receiver<SharedEvent> second = event.openReceiver();
                ReceiverSet<Object> set = new ReceiverSet<>()) {
            set.add(receiver);
            event.close();
            assertThrows(ClosedChannelException.class, event::openReceiver);
            try (Worker<SharedEvent> waiting = Worker.call(second::receive).awaitBlocked()) {
                second.close();
                waiting.failure(AsynchronousCloseException.class);
                assertThrows(ClosedChannelException.class, second::tryReceive);
            }
            try (Worker<List<Receiver<? extends Object>>> waiter = waiter(set)) {
                waiter.interrupt();
                waiter.failure(InterruptedException.class);
            }
            try (Worker<List<Receiver<? extends Object>>> waiter = waiter(set)) {
                same.set();
                assertEquals(List.of(receiver), waiter.result(), "though the event's own handle is closed");
            }
            same.reset();
            try (Worker<List<Receiver<? extends Object>>> waiter = waiter(set)) {
                receiver.close();
                assertEquals(List.of(receiver), waiter.result());
                assertFalse(receiver.isOpen());
            }
            assertEquals(0, set.size());
        }
    }

    /** An automatic event and a semaphore pass a wake-up on when a sleep ends; here there is nothing left to pass it on in. */
    @Test
    void whoWaitsIsToldOfMemoryThatIsCutOff() throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEvent event = SharedEvent.create(segment, "e", true);
                Receiver<SharedEvent> receiver = event.openReceiver()) {
            toldOfACut(receiver);
        }
        remove();
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedSemaphore semaphore = SharedSemaphore.create(segment, "s", 0, false);
                Receiver<SharedSemaphore> receiver = semaphore.openReceiver()) {
            toldOfACut(receiver);
        }
    }

    private void toldOfACut(Receiver<? extends Object> receiver) throws Exception {
        try (ReceiverSet<Object> set = new ReceiverSet<>()) {
            set.add(receiver);
            try (Worker<List<Receiver<? extends Object>>> waiter = waiter(set)) {
                try (RandomAccessFile cut =
                        new RandomAccessFile(directory.resolve("s").toFile(), "rw")) {
                    cut.setLength(0);
                }
                assertEquals(List.of(receiver), waiter.result());
            }
            assertThrows(CorruptDataException.class, receiver::tryReceive);
        }
    }
}
