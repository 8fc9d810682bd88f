package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Worker;

/**
 * The promises to a receiver about its sender are kept by a broadcast as by any ring. A sender is told nothing of its receivers: where
 * another one would learn that it has none any more, it goes on.
 */
@SuppressWarnings("try") // closes one end in the middle, as the behaviour under test
class BroadcastRingCrossJvmIT extends RingCrossJvmContract {
    private static final int SMALL = 100;

    BroadcastRingCrossJvmIT() {
        super(Rings.options(RingKind.BROADCAST));
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.copyOf(super.capabilities());
        all.add(Capability.PEER_DETECTION);
        return all;
    }

    /** It does not: it goes on for those who come. */
    @Override
    @Test
    public void anotherJvmLearnsThatItsReceiverHasClosed() throws Exception {
        JvmLauncher launcher = ChildMain.launcher("produce", Children.FOR_EVER, 1, SMALL);
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            assertNotNull(in.tryReceive(Await.LONG));
            in.close();
            try (SharedRing ring = SharedRing.open(in.address());
                    RingReceiver<byte[]> late = ring.openReceiver(Codecs.bytes())) {
                assertNotNull(late.tryReceive(Await.LONG), "it does not go on");
            }
            assertTrue(child.isAlive());
        }
    }

    /** It is woken, and goes on. */
    @Override
    @Test
    public void theDeathOfAReceiverWakesABlockedSender() throws Exception {
        JvmLauncher launcher = ChildMain.launcher("read-nothing");
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                ChildJvm child = Children.start(launcher);
                Worker<Boolean> writer = Worker.run(() -> sendLaps(out))) {
            writer.awaitBlocked();
            child.kill();
            writer.result();
        }
    }

    private static void sendLaps(Sender<byte[]> out) throws Exception {
        for (int bytes = 0; bytes < 3 * Rings.CAPACITY; bytes += SMALL) {
            out.send(new byte[SMALL]);
        }
    }

    /** The sender is not held up by it. */
    @Override
    @Test
    public void theDeathOfAReceiverInTheMiddleOfALargeMessageIsTold() throws Exception {
        JvmLauncher launcher = ChildMain.launcher("consume-and-halt", 3);
        try (Sender<byte[]> out = senderToChild(launcher, ChildMain.IN, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            for (int i = 0; i < 10; i++) {
                assertTrue(out.trySend(new byte[largestMessageBytes()], Await.LONG), "it is held up");
            }
            Children.assertExit(0, child);
        }
    }
}
