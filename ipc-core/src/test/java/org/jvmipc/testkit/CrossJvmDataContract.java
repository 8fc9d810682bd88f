package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;

/** Data between two JVMs: exact in order and content, and ended by a close. */
@SuppressWarnings("try") // closes one end in the middle, as the behaviour under test
interface CrossJvmDataContract extends CrossJvmHooks {
    /** How many messages a run has. */
    int COUNT = 3000;

    private int limit() {
        return Math.min((1 << 20) + 1, largestMessageBytes());
    }

    @Test
    default void messagesFromAnotherJvmArriveExactlyAndThenItsEnd() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        JvmLauncher launcher = ChildMain.launcher("produce", COUNT, ContractTools.SEED, limit());
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            Children.receiveRun(in, 0, COUNT, limit());
            if (capabilities().contains(Capability.PEER_DETECTION)) {
                ContractTools.assertEnds(this, in);
            }
            Children.assertExit(0, child);
        }
    }

    @Test
    default void messagesToAnotherJvmArriveExactlyAndThenOurEnd() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("consume", COUNT, ContractTools.SEED, limit());
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes())) {
            try (ChildJvm child = Children.start(launcher)) {
                for (long seq = 0; seq < COUNT; seq++) {
                    out.send(Children.message(seq, limit()));
                }
                out.close();
                Children.assertExit(0, child);
            }
        }
    }

    @Test
    default void everyMessageComesBackFromAnotherJvmUnchanged() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        JvmLauncher launcher = ChildMain.launcher("echo");
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            for (int size : Payloads.edgeSizes(largestMessageBytes())) {
                byte[] message = ContractTools.message(size, size);
                out.send(message);
                assertArrayEquals(message, ContractTools.next(in), () -> "of " + size + " bytes");
            }
            assertTrue(child.isAlive());
            out.close();
            if (capabilities().contains(Capability.PEER_DETECTION)) {
                ContractTools.assertEnds(this, in);
                Children.assertExit(0, child);
            }
        }
    }

    @Test
    default void bothDirectionsFlowAtTheSameTime() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        JvmLauncher launcher = ChildMain.launcher("echo");
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher);
                Worker<Boolean> writer = Worker.run(() -> {
                    for (long seq = 0; seq < COUNT; seq++) {
                        out.send(Children.message(seq, limit()));
                    }
                })) {
            Children.receiveRun(in, 0, COUNT, limit());
            writer.result();
            assertTrue(child.isAlive());
        }
    }

    @Test
    default void whatAnotherJvmPrintsIsNoPartOfTheData() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        JvmLauncher launcher = ChildMain.launcher("produce-noisily", COUNT, ContractTools.SEED, limit());
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            Children.receiveRun(in, 0, COUNT, limit());
            if (capabilities().contains(Capability.PEER_DETECTION)) {
                ContractTools.assertEnds(this, in);
            }
            Children.assertExit(0, child);
        }
    }

    /** It may have inherited the channel; a transport that lets it would never see the end. */
    @Test
    default void theEndComesThoughAGrandchildLivesOn() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("produce-beside-grandchild", 10, ContractTools.SEED, 300);
        long grandchild = 0;
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            grandchild = ByteBuffer.wrap(ContractTools.next(in)).getLong();
            Children.receiveRun(in, 0, 10, 300);
            ContractTools.assertEnds(this, in);
            Children.assertExit(0, child);
            assertTrue(ProcessHandle.of(grandchild).isPresent(), "it did not live on: nothing was tested");
        } finally {
            ChildPrograms.kill(grandchild);
        }
    }

    @Test
    default void anotherJvmLearnsThatItsReceiverHasClosed() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("produce", Children.FOR_EVER, ContractTools.SEED, limit());
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            Children.receiveRun(in, 0, 100, limit());
            in.close();
            Children.assertExit(ChildPrograms.EXIT_PEER_GONE, child);
        }
    }

    @Test
    default void aStoppedReceiverIsNotADeadOne() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.PEER_DETECTION);
        JvmLauncher launcher = ChildMain.launcher("consume", COUNT, ContractTools.SEED, limit());
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            out.send(Children.message(0, limit()));
            Children.stop(child);
            long seq = 1;
            while (seq < COUNT && out.trySend(Children.message(seq, limit()), ContractTools.SHORT)) {
                seq++;
            }
            assertTrue(seq < COUNT, "a stopped receiver takes everything");
            for (int i = 0; i < 3; i++) {
                assertEquals(false, out.trySend(Children.message(seq, limit()), ContractTools.SHORT));
            }
            Children.goOn(child);
            for (; seq < COUNT; seq++) {
                out.send(Children.message(seq, limit()));
            }
            out.close();
            Children.assertExit(0, child);
        }
    }

    @Test
    default void aStoppedSenderIsNotADeadOne() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED);
        JvmLauncher launcher = ChildMain.launcher("produce", COUNT, ContractTools.SEED, limit());
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            Children.receiveRun(in, 0, 10, limit());
            Children.stop(child);
            long seq = 10;
            byte[] message = in.tryReceive(ContractTools.SHORT);
            while (message != null) {
                Payloads.verify(ContractTools.SEED, seq, Payloads.size(ContractTools.SEED, seq, limit()), message);
                seq++;
                message = in.tryReceive(ContractTools.SHORT);
            }
            assertTrue(seq < COUNT, "all was in the channel before the sender was stopped: nothing was tested");
            ContractTools.assertSilent(in);
            Children.goOn(child);
            Children.receiveRun(in, seq, COUNT, limit());
            Children.assertExit(0, child);
        }
    }
}
