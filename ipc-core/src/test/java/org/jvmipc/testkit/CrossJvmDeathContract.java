package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.ReceiverSet;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.spi.Pollable;

/**
 * The other JVM dies. What it had sent is a verified prefix, a part of a message is never delivered, and the survivor
 * learns it within 500 ms by promise; {@link ContractTools#PROMPT} here, for a busy machine.
 */
interface CrossJvmDeathContract extends CrossJvmHooks {
    private int limit() {
        return Math.min(200_000, largestMessageBytes());
    }

    @RepeatedTest(3)
    default void whatAKilledSenderHadSentIsAPrefixAndItsDeathIsTold() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("produce", Children.FOR_EVER, ContractTools.SEED, limit());
        AtomicLong received = new AtomicLong();
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher);
                Worker<PeerGoneException.Reason> reader = Worker.call(() -> receiveToEnd(in, received))) {
            Await.until("it flows", () -> reader.isDone() || received.get() >= 200);
            child.kill();
            assertEquals(PeerGoneException.Reason.DIED, reader.result(ContractTools.PROMPT));
            assertToldAgain(in);
        }
    }

    /** Verifies every message; why there were no more. */
    private PeerGoneException.Reason receiveToEnd(Receiver<byte[]> in, AtomicLong received) throws Exception {
        try {
            for (long seq = 0; ; seq++) {
                Payloads.verify(ContractTools.SEED, seq, Payloads.size(ContractTools.SEED, seq, limit()), in.receive());
                received.incrementAndGet();
            }
        } catch (PeerGoneException e) {
            return e.reason();
        }
    }

    private void assertToldAgain(Receiver<byte[]> in) throws Exception {
        if (endsForGood()) {
            ContractTools.gone(in::receive);
            ContractTools.gone(in::tryReceive);
            ContractTools.gone(() -> in.tryReceive(ContractTools.SHORT));
        }
    }

    @Test
    default void theDeathOfASenderWakesABlockedReceiver() throws Exception {
        needs(Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("send-nothing");
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher);
                Worker<byte[]> reader = Worker.call(in::receive)) {
            reader.awaitBlocked();
            child.kill();
            PeerGoneException gone = reader.failure(PeerGoneException.class, ContractTools.PROMPT);
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
        }
    }

    @Test
    default void theDeathOfASenderMakesItsReceiverReadyInASet() throws Exception {
        needs(Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("send-nothing");
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ReceiverSet<byte[]> set = new ReceiverSet<>();
                ChildJvm child = Children.start(launcher)) {
            assumeTrue(in instanceof Pollable, "receivers of this transport are not Pollable");
            set.add(in);
            try (Worker<List<Receiver<? extends byte[]>>> waiter = Worker.call(set::await)) {
                waiter.awaitBlocked();
                child.kill();
                assertEquals(List.of(in), waiter.result(ContractTools.PROMPT));
            }
            PeerGoneException gone = ContractTools.gone(() -> ContractTools.next(in));
            assertEquals(PeerGoneException.Reason.DIED, gone.reason());
        }
    }

    /** Whether what was sent is in the operating system when a send returns; else it is in the sender until it is acknowledged. */
    default boolean sentSurvivesItsSender() {
        return true;
    }

    /** How it ends, after a prefix of what was sent, if not all has come yet. */
    private PeerGoneException.Reason gone(Receiver<byte[]> in) throws Exception {
        for (long seq = 0; ; seq++) {
            byte[] message;
            try {
                message = ContractTools.next(in);
            } catch (PeerGoneException e) {
                return e.reason();
            }
            assertFalse(sentSurvivesItsSender(), "there is more than was sent");
            Payloads.verify(ContractTools.SEED, seq, Payloads.size(ContractTools.SEED, seq, limit()), message);
        }
    }

    @Test
    default void aSenderThatEndsWithoutClosingHasDiedAndNothingItSentIsLost() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("produce-and-halt", 500, ContractTools.SEED, limit());
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            if (sentSurvivesItsSender()) {
                Children.receiveRun(in, 0, 500, limit());
            }
            assertEquals(PeerGoneException.Reason.DIED, gone(in));
            Children.assertExit(0, child);
        }
    }

    @Test
    default void ofAMessageThatItsSenderDiedInNothingIsDelivered() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.PEER_DETECTION);
        int large = Math.min(4 << 20, largestMessageBytes());
        JvmLauncher launcher = ChildMain.launcher("half-message", 3, ContractTools.SEED, 300, large);
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            child.kill();
            child.awaitExit();
            Children.receiveRun(in, 0, 3, 300);
            PeerGoneException.Reason reason = ContractTools.gone(
                            () -> ContractTools.again(() -> receiveWhole(in, large)))
                    .reason();
            assertEquals(PeerGoneException.Reason.DIED, reason);
            assertToldAgain(in);
        }
    }

    /** A channel that holds a large message may have some; they are whole. */
    private static void receiveWhole(Receiver<byte[]> in, int size) throws Exception {
        assertEquals(size, in.receive().length);
    }

    @Test
    default void theDeathOfAReceiverWakesABlockedSender() throws Exception {
        needs(Capability.BOUNDED, Capability.PEER_DETECTION);
        int size = ContractTools.small(this);
        for (CloseContract.Sending sending : CloseContract.SENDING) {
            JvmLauncher launcher = ChildMain.launcher("read-nothing");
            try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                    ChildJvm child = Children.start(launcher)) {
                ContractTools.fill(out, size);
                try (Worker<Boolean> writer = Worker.run(() -> sending.to(out, new byte[size]))) {
                    writer.awaitBlocked();
                    child.kill();
                    PeerGoneException gone = writer.failure(PeerGoneException.class, ContractTools.PROMPT);
                    assertEquals(PeerGoneException.Reason.DIED, gone.reason());
                }
                ContractTools.gone(() -> out.trySend(new byte[size]));
                assertTrue(out.isOpen(), "the other side's death is no close of this one");
            }
        }
    }

    @Test
    default void theDeathOfAReceiverInTheMiddleOfALargeMessageIsTold() throws Exception {
        needs(Capability.BOUNDED, Capability.PEER_DETECTION);
        int size = ContractTools.large(this);
        JvmLauncher launcher = ChildMain.launcher("consume-and-halt", 3);
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            ContractTools.gone(() -> ContractTools.again(() -> out.send(new byte[size])));
            Children.assertExit(0, child);
        }
    }

    @Test
    default void theDeathOfAStoppedSenderIsTold() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("produce", Children.FOR_EVER, ContractTools.SEED, limit());
        AtomicLong received = new AtomicLong();
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher);
                Worker<PeerGoneException.Reason> reader = Worker.call(() -> receiveToEnd(in, received))) {
            Await.until("it flows", () -> reader.isDone() || received.get() >= 20);
            Children.stop(child);
            Await.holds(() -> "a stopped sender counts as gone", Duration.ofMillis(300), () -> !reader.isDone());
            child.kill();
            assertEquals(PeerGoneException.Reason.DIED, reader.result(ContractTools.PROMPT));
        }
    }
}
