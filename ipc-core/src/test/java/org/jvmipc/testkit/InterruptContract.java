package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;

/** Chapter 3: an interrupt ends a wait soon, delivers and takes nothing, and leaves the endpoint as it was. */
interface InterruptContract extends ContractHooks {
    @Test
    default void interruptWakesABlockedSendAndNothingOfItIsDelivered() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            byte[] never = ContractTools.message(99, size);
            for (Worker.Action wait : blockingSends(ends, never)) {
                assertInterruptible(wait);
            }
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.assertUsable(ends);
        }
    }

    private static Worker.Action[] blockingSends(Ends<byte[]> ends, byte[] message) {
        return new Worker.Action[] {
            () -> ends.sender().send(message), () -> ends.sender().trySend(message, BlockingContract.FOR_EVER)
        };
    }

    @Test
    default void interruptWakesABlockedReceive() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            assertInterruptible(() -> ends.receiver().receive());
            assertInterruptible(() -> ends.receiver().tryReceive(BlockingContract.FOR_EVER));
            assertInterruptible(() -> ends.receiver().forEach(message -> {}));
            ContractTools.assertUsable(ends);
        }
    }

    private static void assertInterruptible(Worker.Action wait) throws Exception {
        try (Worker<Boolean> worker = Worker.call(() -> {
            assertThrows(InterruptedException.class, wait::run);
            return Thread.currentThread().isInterrupted();
        })) {
            worker.awaitBlocked();
            worker.interrupt();
            assertFalse(worker.result(ContractTools.PROMPT), "the exception takes the place of the interrupt status");
        }
    }

    @Test
    default void interruptWakesASenderThatWaitsForAnotherSender() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            try (Worker<Boolean> writer = Worker.run(() -> ends.sender().send(ContractTools.message(count, size)))) {
                writer.awaitBlocked();
                for (Worker.Action wait : blockingSends(ends, ContractTools.message(99, size))) {
                    assertInterruptible(wait);
                }
                writer.assertRunning();
                ContractTools.expect(ends.receiver(), 0, count + 1, size);
                writer.result();
            }
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void interruptWakesAReceiverThatWaitsForAnotherReceiver() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> reader = Worker.call(() -> ends.receiver().receive())) {
            reader.awaitBlocked();
            assertInterruptible(() -> ends.receiver().receive());
            assertInterruptible(() -> ends.receiver().tryReceive(BlockingContract.FOR_EVER));
            reader.assertRunning();
            ends.sender().send(ContractTools.message(0, 33));
            Payloads.verify(ContractTools.SEED, 0, 33, reader.result());
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void anInterruptBeforeTheCallIsNotForgottenAndNothingIsSentOrTaken() throws Exception {
        needs(Capability.RELIABLE);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().send(ContractTools.message(0, 33));
            assertRefusesInterrupted(() -> ends.sender().send(ContractTools.message(1, 33)));
            assertRefusesInterrupted(() -> ends.sender().trySend(ContractTools.message(1, 33), Await.LONG));
            assertRefusesInterrupted(() -> ends.receiver().receive());
            assertRefusesInterrupted(() -> ends.receiver().tryReceive(Await.LONG));
            ContractTools.expect(ends.receiver(), 0, 33);
            ContractTools.assertUsable(ends);
        }
    }

    private static void assertRefusesInterrupted(Worker.Action call) throws Exception {
        try (Worker<Boolean> worker = Worker.call(() -> {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, call::run);
            return Thread.currentThread().isInterrupted();
        })) {
            assertFalse(worker.result(), "the exception takes the place of the interrupt status");
        }
    }

    @Test
    default void callsThatNeverWaitIgnoreAnInterruptAndKeepIt() throws Exception {
        needs(Capability.RELIABLE);
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> worker = Worker.call(() -> {
                    Thread.currentThread().interrupt();
                    assertTrue(ends.sender().trySend(ContractTools.message(0, 33)));
                    assertTrue(ends.sender().trySend(ContractTools.message(1, 33), Duration.ZERO));
                    byte[] message = ends.receiver().tryReceive();
                    for (int i = 0; message == null && i < 1_000_000; i++) { // not every transport is that quick
                        message = ends.receiver().tryReceive(Duration.ZERO);
                    }
                    assertTrue(Thread.currentThread().isInterrupted(), "the interrupt was swallowed");
                    return message;
                })) {
            byte[] message = worker.result();
            assertNotNull(message);
            Payloads.verify(ContractTools.SEED, 0, 33, message);
            ContractTools.expect(ends.receiver(), 1, 33);
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void interruptsAtRandomMomentsOfSendingLoseAndDoubleNothing() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        int limit = Math.min(1 << 20, largestMessageBytes());
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Storm.Log> reader = Storm.reader(ends.receiver());
                Worker<Storm.Log> writer = Storm.disturbedWriter(ends.sender(), 4000, limit)) {
            Storm.interrupt(writer, 2000);
            Storm.Log sent = Storm.sent(writer, reader);
            Storm.assertSame(sent, Storm.end(ends.sender(), reader));
            assertTrue(sent.failures() > 0, "no interrupt ever hit: nothing was tested");
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void interruptsAtRandomMomentsOfReceivingLoseAndDoubleNothing() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        int limit = Math.min(1 << 20, largestMessageBytes());
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Storm.Log> reader = Storm.disturbedReader(ends.receiver());
                Worker<Storm.Log> writer = Storm.disturbedWriter(ends.sender(), 4000, limit)) {
            Storm.interrupt(reader, 2000);
            Storm.Log sent = Storm.sent(writer, reader);
            Storm.Log received = Storm.end(ends.sender(), reader);
            Storm.assertSame(sent, received);
            assertTrue(received.failures() > 0, "no interrupt ever hit: nothing was tested");
            ContractTools.assertUsable(ends);
        }
    }
}
