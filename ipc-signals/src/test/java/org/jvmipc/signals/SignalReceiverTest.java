package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.SignalActionCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Strike;
import org.jvmipc.testkit.Worker;

/** Receiving in one JVM, which sends to itself. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closed in the middle of a test
class SignalReceiverTest implements NoLeaks.WarmUp {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);
    private static final PosixSignal SECOND = PosixSignal.realTime(2);
    private static final long SELF = ProcessHandle.current().pid();
    private static final Duration SHORT = Duration.ofMillis(30);

    /** So many pending at most: the queue is for all processes of the user. */
    private static final long FLOOD = 2_000;

    @Override
    public void warmUp() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST, SECOND, PosixSignal.TERM)) {
            Signals.queue(SELF, FIRST, 1);
            receiver.receive();
        }
    }

    @Test
    void valueSenderAndCodeOfAQueuedSignal() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            Signals.queue(SELF, FIRST, -42);
            SignalEvent event = receiver.receive();
            assertEquals(FIRST, event.signal());
            assertEquals(OptionalInt.of(-42), event.value());
            assertEquals(SignalCode.QUEUE, event.code());
            assertEquals(OptionalLong.of(SELF), event.pid());
            assertEquals(OptionalLong.of(ProcessCalls.effectiveUser()), event.uid());
            assertEquals(
                    "SIGRTMIN+1 value=-42 SI_QUEUE pid=" + SELF + " uid=" + ProcessCalls.effectiveUser(),
                    event.toString());
        }
    }

    @Test
    void aKilledSignalHasASenderAndNoValue() throws Exception {
        try (SignalReceiver receiver = Signals.receive(PosixSignal.USR1, FIRST)) {
            for (PosixSignal signal : receiver.signals()) {
                Signals.send(SELF, signal);
                SignalEvent event = receiver.receive();
                assertEquals(signal, event.signal());
                assertEquals(SignalCode.USER, event.code());
                assertEquals(OptionalInt.empty(), event.value());
                assertEquals(OptionalLong.of(SELF), event.pid());
            }
        }
    }

    @Test
    void standardSignalsOfAKindAreOne() throws Exception {
        try (SignalReceiver receiver = Signals.receive(PosixSignal.USR1)) {
            for (int i = 0; i < 10; i++) {
                Signals.send(SELF, PosixSignal.USR1);
            }
            assertNotNull(receiver.receive());
            assertNull(receiver.tryReceive());
        }
    }

    @Test
    void signalsThatTheJvmHandlesTellOnlyThatTheyCame() throws Exception {
        for (PosixSignal signal : List.of(PosixSignal.TERM, PosixSignal.INT, PosixSignal.HUP)) {
            if (!JvmHandler.isNeeded(signal)) {
                continue; // it was ignored when this JVM was started, as SIGINT is in the background of a script
            }
            try (SignalReceiver receiver = Signals.receive(signal)) {
                assertNull(receiver.tryReceive());
                Signals.send(SELF, signal);
                assertEquals(SignalEvent.bare(signal, SignalCode.UNKNOWN), receiver.receive());
                Signals.send(SELF, signal);
                assertEquals(SignalEvent.bare(signal, SignalCode.UNKNOWN), receiver.tryReceive(Await.LONG));
            }
        }
    }

    @Test
    void bothKindsInOneReceiver() throws Exception {
        try (SignalReceiver receiver = Signals.receive(PosixSignal.TERM, FIRST)) {
            for (int i = 0; i < 20; i++) {
                try (Worker<SignalEvent> worker = Worker.call(receiver::receive)) {
                    PosixSignal signal = i % 2 == 0 ? PosixSignal.TERM : FIRST;
                    Signals.send(SELF, signal);
                    assertEquals(signal, worker.result().signal());
                }
            }
        }
    }

    @Test
    void triesDoNotWaitAndTimedTriesWaitAtLeastThatLong() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            assertNull(receiver.tryReceive());
            long start = System.nanoTime();
            assertNull(receiver.tryReceive(SHORT));
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            Signals.queue(SELF, FIRST, 7);
            assertEquals(OptionalInt.of(7), receiver.tryReceive().value());
            Signals.queue(SELF, FIRST, 8);
            assertEquals(OptionalInt.of(8), receiver.tryReceive(Await.LONG).value());
            assertNull(receiver.tryReceive(Duration.ZERO));
        }
    }

    @Test
    void orderIsKeptWithinANumber() throws Exception {
        int count = 1_000;
        try (SignalReceiver receiver = Signals.receive(FIRST, SECOND);
                SignalTarget self = SignalTarget.of(SELF)) {
            for (int i = 0; i < count; i++) {
                self.queue(i % 3 == 0 ? FIRST : SECOND, i);
            }
            List<Integer> firsts = new ArrayList<>();
            List<Integer> seconds = new ArrayList<>();
            SignalEvent event;
            while ((event = receiver.tryReceive()) != null) {
                (event.signal().equals(FIRST) ? firsts : seconds)
                        .add(event.value().getAsInt());
            }
            assertEquals(
                    IntStream.range(0, count).filter(i -> i % 3 == 0).boxed().toList(), firsts);
            assertEquals(
                    IntStream.range(0, count).filter(i -> i % 3 != 0).boxed().toList(), seconds);
            assertEquals(0, receiver.requeued());
            assertEquals(0, receiver.lost());
        }
    }

    @Test
    void aWaitingReceiveIsInterruptedAndTheReceiverStaysUsable() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            for (int i = 0; i < 20; i++) {
                try (Worker<SignalEvent> worker = Worker.call(receiver::receive)) {
                    worker.awaitBlocked();
                    worker.interrupt();
                    worker.failure(InterruptedException.class);
                }
                try (Worker<SignalEvent> worker = Worker.call(() -> receiver.tryReceive(Await.LONG))) {
                    worker.awaitBlocked();
                    worker.interrupt();
                    worker.failure(InterruptedException.class);
                }
                Signals.queue(SELF, FIRST, i);
                assertEquals(OptionalInt.of(i), receiver.receive().value());
            }
        }
    }

    @Test
    void anInterruptedThreadTakesNothing() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            Signals.queue(SELF, FIRST, 1);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, receiver::receive);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> receiver.tryReceive(SHORT));
            assertEquals(OptionalInt.of(1), receiver.receive().value());
        }
    }

    @Test
    void closeWakesWaitersOfEachForm() throws Exception {
        for (boolean timed : List.of(false, true)) {
            SignalReceiver receiver = Signals.receive(FIRST, PosixSignal.TERM);
            try (Worker<SignalEvent> worker =
                    Worker.call(() -> timed ? receiver.tryReceive(Await.LONG) : receiver.receive())) {
                worker.awaitBlocked();
                receiver.close();
                worker.failure(AsynchronousCloseException.class);
            }
            receiver.close();
            assertFalse(receiver.isOpen());
            assertThrows(ClosedChannelException.class, receiver::receive);
            assertThrows(ClosedChannelException.class, receiver::tryReceive);
            assertThrows(ClosedChannelException.class, () -> receiver.tryReceive(SHORT));
        }
    }

    @Test
    void severalThreadsShareAReceiver() throws Exception {
        int count = 4_000;
        List<Integer> got = Collections.synchronizedList(new ArrayList<>());
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            List<Worker<Void>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                workers.add(Worker.call(() -> {
                    int value;
                    while ((value = receiver.receive().value().getAsInt()) >= 0) {
                        got.add(value);
                    }
                    return null;
                }));
            }
            try (SignalTarget self = SignalTarget.of(SELF)) {
                for (int i = 0; i < count; i++) {
                    self.queue(FIRST, i);
                }
                for (int i = 0; i < workers.size(); i++) {
                    self.queue(FIRST, -1);
                }
            }
            for (Worker<Void> worker : workers) {
                worker.result();
                worker.close();
            }
        }
        assertEquals(
                IntStream.range(0, count).boxed().toList(),
                got.stream().sorted().toList());
    }

    @Test
    void whoWaitsForItsTurnCanBeInterrupted() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST);
                Worker<SignalEvent> inside = Worker.call(receiver::receive).awaitBlocked();
                Worker<SignalEvent> behind = Worker.call(receiver::receive).awaitBlocked()) {
            assertNull(receiver.tryReceive(), "another thread is receiving");
            behind.interrupt();
            behind.failure(InterruptedException.class);
            Signals.queue(SELF, FIRST, 3);
            assertEquals(OptionalInt.of(3), inside.result().value());
        }
    }

    @Test
    void onlyTheUserAskedForIsHeard() throws Exception {
        long user = ProcessCalls.effectiveUser();
        try (SignalReceiver receiver = Signals.receive(SignalOptions.defaults().withUser(user + 1), FIRST)) {
            Signals.queue(SELF, FIRST, 1);
            assertNull(receiver.tryReceive(SHORT));
            assertEquals(1, receiver.dropped());
        }
        try (SignalReceiver receiver =
                Signals.receive(SignalOptions.defaults().withUser(user), FIRST, PosixSignal.TERM)) {
            Signals.queue(SELF, FIRST, 1);
            assertEquals(OptionalInt.of(1), receiver.receive().value());
            Signals.send(SELF, PosixSignal.TERM);
            Await.until("a sender unknown is none of that user", () -> {
                assertNull(receiver.tryReceive());
                return receiver.dropped() == 1;
            });
        }
        assertThrows(
                IllegalArgumentException.class, () -> SignalOptions.defaults().withUser(-1));
    }

    @Test
    void aHandlerIsCalledForEachAndSurvivesItsOwnExceptions() throws Exception {
        BlockingQueue<Integer> values = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.add(e));
        try (SignalSubscription subscription = Signals.on(FIRST, event -> {
            values.add(event.value().getAsInt());
            if (event.value().getAsInt() == 1) {
                throw new IllegalStateException("of the test");
            }
        })) {
            for (int i = 0; i < 3; i++) {
                Signals.queue(SELF, FIRST, i);
                assertEquals(i, values.poll(20, TimeUnit.SECONDS));
            }
            assertEquals("of the test", thrown.poll(20, TimeUnit.SECONDS).getMessage());
            assertTrue(subscription.receiver().isOpen());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void aVirtualThreadReceives() throws Exception {
        assumeTrue(Jvms.feature() >= 21, "no virtual threads before Java 21");
        BlockingQueue<Object> got = new LinkedBlockingQueue<>();
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            Thread thread = Jvms.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 3; i++) {
                        got.add(receiver.receive().value().getAsInt());
                    }
                    receiver.receive();
                } catch (Exception e) {
                    got.add(e.getClass());
                }
            });
            for (int i = 0; i < 3; i++) {
                Signals.queue(SELF, FIRST, i);
                assertEquals(i, got.poll(20, TimeUnit.SECONDS));
            }
            thread.interrupt();
            assertEquals(InterruptedException.class, got.poll(20, TimeUnit.SECONDS));
            Signals.queue(SELF, FIRST, 4);
            assertEquals(4, receiver.receive().value().getAsInt());
        }
    }

    @Test
    void addressCapabilitiesAndText() throws Exception {
        try (SignalReceiver receiver = Signals.receive(FIRST, PosixSignal.HUP)) {
            assertEquals(Address.of("signal:" + SELF), receiver.address());
            assertEquals(SignalTransport.CAPABILITIES, receiver.capabilities());
            assertEquals("SignalReceiver[SIGRTMIN+1, SIGHUP]", receiver.toString());
            assertEquals(List.of(FIRST, PosixSignal.HUP), receiver.signals());
        }
    }

    @Test
    void whoWaitsForItsTurnAtCloseIsToldAsTheOneInside() throws Exception {
        for (boolean timed : List.of(false, true)) {
            try (SignalReceiver receiver = Signals.receive(FIRST);
                    Worker<SignalEvent> inside = Worker.call(receiver::receive).awaitBlocked();
                    Worker<SignalEvent> behind = Worker.call(
                                    () -> timed ? receiver.tryReceive(Await.LONG) : receiver.receive())
                            .awaitBlocked()) {
                receiver.close();
                inside.failure(AsynchronousCloseException.class);
                behind.failure(AsynchronousCloseException.class);
            }
        }
    }

    @Test
    void aFloodOfOthersKeepsNobodyInside() throws Exception {
        long other = ProcessCalls.effectiveUser() + 1L;
        AtomicBoolean over = new AtomicBoolean();
        try (SignalReceiver receiver = Signals.receive(SignalOptions.defaults().withUser(other), FIRST, SECOND);
                SignalTarget self = SignalTarget.of(SELF);
                Worker<Void> flood = Worker.call(() -> {
                    for (int i = 0; !over.get(); i++) {
                        boolean room = PendingSignals.of(SELF).pending() < FLOOD;
                        for (int k = 0; room && k < SignalBatch.RECORDS; k++) {
                            self.tryQueue(i % 2 == 0 ? FIRST : SECOND, k);
                        }
                    }
                    return null;
                })) {
            Await.until("it floods", () -> {
                assertNull(receiver.tryReceive());
                return receiver.dropped() > SignalBatch.RECORDS;
            });
            assertNull(receiver.tryReceive(SHORT));
            try (Worker<SignalEvent> worker = Worker.call(receiver::receive)) {
                Await.until("it drops", () -> receiver.dropped() > 10 * SignalBatch.RECORDS);
                worker.interrupt();
                worker.failure(InterruptedException.class);
            }
            over.set(true);
            flood.result();
        }
    }

    @Test
    void aTryTakesABatchOfWhatIsNotWantedAtMost() throws Exception {
        long other = ProcessCalls.effectiveUser() + 1L;
        try (SignalReceiver receiver = Signals.receive(SignalOptions.defaults().withUser(other), FIRST);
                SignalTarget self = SignalTarget.of(SELF)) {
            for (int i = 0; i < 3 * SignalBatch.RECORDS; i++) {
                self.queue(FIRST, i);
            }
            for (int tries = 1; tries <= 3; tries++) {
                assertNull(receiver.tryReceive());
                assertEquals((long) tries * SignalBatch.RECORDS, receiver.dropped());
            }
        }
    }

    @Test
    void aHandlerMayLeaveItsThreadInterrupted() throws Exception {
        BlockingQueue<Integer> values = new LinkedBlockingQueue<>();
        try (SignalSubscription subscription = Signals.on(FIRST, event -> {
            values.add(event.value().getAsInt());
            Thread.currentThread().interrupt();
        })) {
            for (int i = 0; i < 3; i++) {
                Signals.queue(SELF, FIRST, i);
                assertEquals(i, values.poll(20, TimeUnit.SECONDS));
            }
            assertTrue(subscription.receiver().isOpen());
        }
    }

    @Test
    void thatSignalsCanBeReceivedNoMoreIsTold() throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.add(e));
        Strike strike = Strike.failing(1, Errno.EPERM);
        try (SignalSubscription subscription = Signals.on(FIRST, event -> strike.arm())) {
            Signals.queue(SELF, FIRST, 1);
            Throwable failure = thrown.poll(20, TimeUnit.SECONDS);
            assertEquals(OsException.class, failure.getClass());
            assertFalse(subscription.receiver().isOpen(), "nobody would take them");
            assertTrue(SignalActionCalls.current(FIRST.number()).isDefault());
        } finally {
            strike.close();
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void aSenderOfAnotherUserIsToldByItsUser() throws Exception {
        String[] asOther = {"setpriv", "--ruid", "65534", "kill", "-s", "35", Long.toString(SELF)};
        assumeTrue(SignalOthersIT.isHere("setpriv", "--ruid", "65534", "true"), "no other user can be had here");
        try (SignalReceiver receiver =
                Signals.receive(SignalOptions.defaults().withUser(ProcessCalls.effectiveUser()), FIRST)) {
            assertTrue(SignalOthersIT.isHere(asOther));
            assertNull(receiver.tryReceive());
            assertEquals(1, receiver.dropped());
            Signals.queue(SELF, FIRST, 1);
            assertEquals(OptionalInt.of(1), receiver.receive().value());
        }
        try (SignalReceiver receiver = Signals.receive(SignalOptions.defaults().withUser(65534), FIRST)) {
            Signals.queue(SELF, FIRST, 1);
            assertTrue(SignalOthersIT.isHere(asOther));
            SignalEvent event = receiver.receive();
            assertEquals(OptionalLong.of(65534), event.uid());
            assertEquals(SignalCode.USER, event.code());
            assertEquals(1, receiver.dropped());
        }
    }
}
