package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.spi.Pollable;

/** Chapter 10: a receiver that is waited on together with others. For transports whose receivers are {@link Pollable}. */
interface ReceiverSetContract extends ContractHooks {
    /** Two channels and a set of their receivers. */
    final class Two implements AutoCloseable {
        final Ends<byte[]> first;
        final Ends<byte[]> second;
        final ReceiverSet<byte[]> set = new ReceiverSet<>();

        private Two(ContractHooks hooks) throws Exception {
            first = hooks.open(Codecs.bytes());
            second = hooks.open(Codecs.bytes());
            set.add(first.receiver());
            set.add(second.receiver());
        }

        @Override
        public void close() throws IOException {
            set.close();
            first.close();
            second.close();
        }

        private void assertUsable() throws Exception {
            assertSilent();
            for (Ends<byte[]> ends : List.of(first, second)) {
                ends.sender().send(ContractTools.message(5, 33));
                assertEquals(List.of(ends.receiver()), set.await());
                ContractTools.expect(ends.receiver(), 5, 33);
            }
            assertSilent();
        }

        private void assertSilent() throws Exception {
            assertEquals(List.of(), set.tryAwait());
            assertEquals(List.of(), set.tryAwait(ContractTools.SHORT));
        }
    }

    private Two two() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            assumeTrue(ends.receiver() instanceof Pollable, "receivers of this transport are not Pollable");
        }
        return new Two(this);
    }

    private static Worker<List<Receiver<? extends byte[]>>> waiter(Two two) throws Exception {
        return Worker.call(two.set::await).awaitBlocked();
    }

    @Test
    default void aMessageMakesItsReceiverReady() throws Exception {
        try (Two two = two()) {
            for (Ends<byte[]> ends : List.of(two.first, two.second)) {
                try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                    ends.sender().send(ContractTools.message(0, 33));
                    assertEquals(List.of(ends.receiver()), waiter.result());
                }
                assertEquals(List.of(ends.receiver()), two.set.tryAwait(), "it has not been taken");
                assertEquals(List.of(ends.receiver()), two.set.await());
                ContractTools.expect(ends.receiver(), 0, 33);
            }
            two.assertUsable();
        }
    }

    @Test
    default void whatWasReadAheadMakesItReady() throws Exception {
        try (Two two = two()) {
            for (int i = 0; i < 3; i++) {
                two.second.sender().send(ContractTools.message(i, 33));
            }
            ContractTools.expect(two.second.receiver(), 0, 33); // and with it, most likely, all that was there
            for (int i = 1; i < 3; i++) {
                assertEquals(List.of(two.second.receiver()), two.set.await());
                assertEquals(List.of(two.second.receiver()), two.set.tryAwait());
                ContractTools.expect(two.second.receiver(), i, 33);
            }
            two.assertUsable();
        }
    }

    @Test
    default void theEndMakesItReadyAndTheOthersGoOn() throws Exception {
        needs(Capability.PEER_DETECTION);
        try (Two two = two()) {
            two.first.sender().send(ContractTools.message(0, 33));
            ContractTools.expect(two.first.receiver(), 0, 33); // a FIFO ends after its first sender only
            try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                two.first.sender().close();
                assertEquals(List.of(two.first.receiver()), waiter.result());
            }
            ContractTools.gone(() -> ContractTools.next(two.first.receiver()));
            assertTrue(two.set.remove(two.first.receiver()));
            two.second.sender().send(ContractTools.message(1, 33));
            assertEquals(List.of(two.second.receiver()), two.set.await());
        }
    }

    @Test
    default void theTriesDoNotWaitAndTheTimedOnesWaitAtLeastThatLong() throws Exception {
        try (Two two = two()) {
            for (Duration none : BlockingContract.NO_TIME) {
                assertEquals(List.of(), two.set.tryAwait(none));
            }
            for (int millis : new int[] {1, 20, 60}) {
                Duration limit = Duration.ofMillis(millis);
                Duration elapsed = ContractTools.elapsed(() -> assertEquals(List.of(), two.set.tryAwait(limit)));
                assertTrue(elapsed.compareTo(limit) >= 0, () -> elapsed + " is less than " + limit);
            }
            two.second.sender().send(ContractTools.message(0, 33));
            assertEquals(List.of(two.second.receiver()), two.set.tryAwait(BlockingContract.FOR_EVER));
            ContractTools.expect(two.second.receiver(), 0, 33);
            two.assertUsable();
        }
    }

    @Test
    default void anInterruptEndsTheWaitAndLeavesTheSetUsable() throws Exception {
        try (Two two = two()) {
            for (Worker.Action wait : List.<Worker.Action>of(
                    two.set::await,
                    () -> two.set.tryAwait(BlockingContract.FOR_EVER),
                    () -> two.set.forEach((r, m) -> {}))) {
                try (Worker<Boolean> waiter = Worker.call(() -> {
                    assertThrows(InterruptedException.class, wait::run);
                    return Thread.currentThread().isInterrupted();
                })) {
                    waiter.awaitBlocked();
                    waiter.interrupt();
                    assertFalse(waiter.result(ContractTools.PROMPT), "the exception takes the place of the status");
                }
            }
            two.assertUsable();
        }
    }

    @Test
    default void aTryIgnoresAnInterruptAndKeepsIt() throws Exception {
        try (Two two = two();
                Worker<Boolean> worker = Worker.call(() -> {
                    Thread.currentThread().interrupt();
                    two.set.tryAwait();
                    two.set.tryAwait(Duration.ZERO);
                    assertTrue(Thread.interrupted(), "it was swallowed");
                    Thread.currentThread().interrupt();
                    assertThrows(InterruptedException.class, two.set::await);
                    return Thread.currentThread().isInterrupted();
                })) {
            assertFalse(worker.result());
            two.assertUsable();
        }
    }

    @Test
    default void theCloseOfAMemberIsReportedOnceAndTakesItOut() throws Exception {
        try (Two two = two()) {
            try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                two.first.receiver().close();
                assertEquals(List.of(two.first.receiver()), waiter.result(ContractTools.PROMPT));
            }
            assertThrows(
                    ClosedChannelException.class, () -> two.first.receiver().tryReceive());
            assertEquals(1, two.set.size());
            assertEquals(List.of(), two.set.tryAwait(ContractTools.SHORT));
            two.second.receiver().close();
            assertEquals(List.of(two.second.receiver()), two.set.tryAwait(), "closed while nobody waited");
            assertEquals(0, two.set.size());
            assertThrows(ClosedChannelException.class, () -> two.set.add(two.first.receiver()));
        }
    }

    @Test
    default void theCloseOfTheSetWakesItsWaiterAndNoMember() throws Exception {
        try (Two two = two()) {
            try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                two.set.close();
                waiter.failure(AsynchronousCloseException.class, ContractTools.PROMPT);
            }
            assertThrows(ClosedChannelException.class, two.set::await);
            assertThrows(ClosedChannelException.class, two.set::tryAwait);
            assertThrows(ClosedChannelException.class, () -> two.set.add(two.first.receiver()));
            ContractTools.assertUsable(two.first);
        }
    }

    @Test
    default void aBusyReceiverDoesNotStarveAnother() throws Exception {
        try (Two two = two()) {
            two.first.sender().send(ContractTools.message(0, 33));
            two.second.sender().send(ContractTools.message(0, 33));
            Await.until("both are ready", () -> two.set.tryAwait().size() == 2);
            List<Receiver<? extends byte[]>> firsts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                firsts.add(two.set.await().get(0));
            }
            assertEquals(firsts.get(0), firsts.get(2));
            assertEquals(firsts.get(1), firsts.get(3));
            assertFalse(firsts.get(0) == firsts.get(1), "one was first twice, though both were ready");
        }
    }

    @Test
    default void forEachHandsOverAllMessagesOfAllUntilAllHaveEnded() throws Exception {
        needs(Capability.PEER_DETECTION);
        int count = 1000;
        try (Two two = two();
                Worker<Boolean> firstWriter = Worker.run(() -> send(two.first, count));
                Worker<Boolean> secondWriter = Worker.run(() -> send(two.second, count))) {
            int[] seen = new int[2];
            two.set.forEach((receiver, message) -> {
                int which = receiver == two.first.receiver() ? 0 : 1;
                Payloads.verify(ContractTools.SEED, seen[which], 100, message);
                seen[which]++;
            });
            assertEquals(count, seen[0]);
            assertEquals(count, seen[1]);
            assertEquals(0, two.set.size());
            firstWriter.result();
            secondWriter.result();
        }
    }

    private static void send(Ends<byte[]> ends, int count) throws Exception {
        for (int seq = 0; seq < count; seq++) {
            ends.sender().send(ContractTools.message(seq, 100));
        }
        ends.sender().close();
    }

    @Test
    default void aMemberAddedOrRemovedMeanwhileIsHeeded() throws Exception {
        try (Two two = two()) {
            assertTrue(two.set.remove(two.second.receiver()));
            assertFalse(two.set.remove(two.second.receiver()));
            try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                two.second.sender().send(ContractTools.message(0, 33));
                Await.holds(() -> "it is no member", ContractTools.SHORT, () -> !waiter.isDone());
                assertTrue(two.set.add(two.second.receiver()));
                assertFalse(two.set.add(two.second.receiver()));
                assertEquals(List.of(two.second.receiver()), waiter.result());
            }
            ContractTools.expect(two.second.receiver(), 0, 33);
            try (Worker<List<Receiver<? extends byte[]>>> waiter = waiter(two)) {
                assertTrue(two.set.remove(two.second.receiver()));
                two.second.sender().send(ContractTools.message(0, 33));
                Await.holds(() -> "it was a member", ContractTools.SHORT, () -> !waiter.isDone());
            }
        }
    }

    @Test
    default void aReceiverInTwoSetsIsReadyInBoth() throws Exception {
        try (Two two = two();
                ReceiverSet<byte[]> other = new ReceiverSet<>()) {
            other.add(two.first.receiver());
            for (int i = 0; i < 100; i++) {
                try (Worker<List<Receiver<? extends byte[]>>> here = Worker.call(two.set::await);
                        Worker<List<Receiver<? extends byte[]>>> there = Worker.call(other::await)) {
                    two.first.sender().send(ContractTools.message(i, 33));
                    assertEquals(List.of(two.first.receiver()), here.result());
                    assertEquals(List.of(two.first.receiver()), there.result());
                }
                ContractTools.expect(two.first.receiver(), i, 33);
            }
        }
    }

    /** Members are closed, and others opened in their place, while another thread waits for them. */
    @Test
    default void membersThatCloseAndNewOnesWithTheirNumbersAreNotMistaken() throws Exception {
        two().close(); // skips this test where it has to be
        try (ReceiverSet<byte[]> set = new ReceiverSet<>();
                Worker<Boolean> waiter = Worker.run(() -> {
                    while (true) {
                        for (Receiver<? extends byte[]> ready : set.await()) {
                            assertFalse(ready.isOpen(), "nothing was sent to " + ready);
                        }
                    }
                })) {
            long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
            while (System.nanoTime() < end) {
                Ends<byte[]> silent = open(Codecs.bytes());
                set.add(silent.receiver());
                silent.receiver().close();
                // Has got the number that has just become free, and is readable.
                try (Ends<byte[]> busy = open(Codecs.bytes())) {
                    busy.sender().send(ContractTools.message(0, 33));
                    assertFalse(waiter.isDone(), "a descriptor of somebody else was polled");
                    assertNotNull(ContractTools.next(busy.receiver()));
                }
                silent.close();
            }
            waiter.assertRunning();
        }
    }
}
