package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;

/** Chapter 6: the other side closes. What it sent before is delivered first. Its death is in {@link CrossJvmContract}. */
interface PeerContract extends ContractHooks {
    @Test
    default void allThatWasSentIsReceivedBeforeTheEndIsTold() throws Exception {
        needs(Capability.PEER_DETECTION, Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (int seq = 0; seq < 10; seq++) {
                ends.sender().send(ContractTools.message(seq, 50));
            }
            ends.sender().close();
            ContractTools.expect(ends.receiver(), 0, 10, 50);
            ContractTools.assertEnds(this, ends.receiver());
            assertTrue(ends.receiver().isOpen(), "the end of the other side is no close of this one");
        }
    }

    @Test
    default void theEndOfANeverUsedChannelIsTold() throws Exception {
        needs(Capability.PEER_DETECTION);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().close();
            ContractTools.assertEnds(this, ends.receiver());
        }
    }

    @Test
    default void theEndWakesABlockedReceiver() throws Exception {
        needs(Capability.PEER_DETECTION);
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> reader = Worker.call(() -> ends.receiver().receive())) {
            reader.awaitBlocked();
            ends.sender().close();
            PeerGoneException gone = reader.failure(PeerGoneException.class, ContractTools.PROMPT);
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
            assertEquals(ends.receiver().address(), gone.address());
            assertTrue(gone.getMessage().startsWith(gone.address().toString()), gone.getMessage());
        }
    }

    @Test
    default void theEndWakesEveryBlockedReceiver() throws Exception {
        needs(Capability.PEER_DETECTION);
        assumeTrue(endsForGood(), "the end is told to one; the others go on waiting for the next sender");
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<byte[]> first =
                        Worker.call(() -> ends.receiver().receive()).awaitBlocked();
                Worker<byte[]> second =
                        Worker.call(() -> ends.receiver().receive()).awaitBlocked()) {
            ends.sender().close();
            first.failure(PeerGoneException.class, ContractTools.PROMPT);
            second.failure(PeerGoneException.class, ContractTools.PROMPT);
        }
    }

    @Test
    default void forEachHandsOverAllAndEndsWithTheEnd() throws Exception {
        needs(Capability.PEER_DETECTION, Capability.RELIABLE, Capability.ORDERED);
        List<byte[]> handed = new ArrayList<>();
        int count = 2000;
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> reader = Worker.run(() -> ends.receiver().forEach(handed::add))) {
            for (int seq = 0; seq < count; seq++) {
                ends.sender().send(ContractTools.message(seq, 40));
            }
            ends.sender().close();
            reader.result();
        }
        assertEquals(count, handed.size());
        for (int seq = 0; seq < count; seq++) {
            Payloads.verify(ContractTools.SEED, seq, 40, handed.get(seq));
        }
    }

    @Test
    default void drainHandsOverAllBeforeItTellsTheEnd() throws Exception {
        needs(Capability.PEER_DETECTION, Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (int seq = 0; seq < 5; seq++) {
                ends.sender().send(ContractTools.message(seq, 40));
            }
            ends.sender().close();
            List<byte[]> taken = new ArrayList<>();
            Await.until("all five are there", () -> {
                ends.receiver().drain(taken::add, 100);
                return taken.size() == 5;
            });
            assertEquals(
                    PeerGoneException.Reason.CLOSED,
                    ContractTools.gone(() -> Await.until("drain tells the end", () -> {
                                assertEquals(0, ends.receiver().drain(taken::add, 100));
                                return false;
                            }))
                            .reason());
        }
    }

    @Test
    default void aSenderLearnsThatItsReceiverIsGone() throws Exception {
        needs(Capability.PEER_DETECTION);
        byte[] message = ContractTools.message(0, 20);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.receiver().close();
            PeerGoneException gone = ContractTools.gone(() -> sendForEver(ends, message));
            assertEquals(ends.sender().address(), gone.address());
            assertNotNull(gone.reason());
            ContractTools.gone(() -> ends.sender().send(message));
            ContractTools.gone(() -> ends.sender().trySend(message));
            ContractTools.gone(() -> ends.sender().trySend(message, ContractTools.SHORT));
            ContractTools.gone(() -> ends.sender().sendAll(List.of(message)));
            ends.sender().close(); // there is nobody to say goodbye to, which is no error
        }
    }

    private static void sendForEver(Ends<byte[]> ends, byte[] message) throws Exception {
        ContractTools.again(() -> ends.sender().send(message));
    }

    @Test
    default void aBlockedSenderLearnsThatItsReceiverIsGone() throws Exception {
        needs(Capability.PEER_DETECTION, Capability.BOUNDED);
        int size = ContractTools.small(this);
        for (CloseContract.Sending sending : CloseContract.SENDING) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                ContractTools.fill(ends.sender(), size);
                try (Worker<Boolean> writer =
                        Worker.run(() -> sending.to(ends.sender(), ContractTools.message(99, size)))) {
                    writer.awaitBlocked();
                    ends.receiver().close();
                    writer.failure(PeerGoneException.class, ContractTools.PROMPT);
                }
            }
        }
    }

    @Test
    default void aSenderInTheMiddleOfALargeMessageLearnsThatItsReceiverIsGone() throws Exception {
        needs(Capability.PEER_DETECTION, Capability.BOUNDED);
        int size = ContractTools.large(this);
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> sendForEver(ends, new byte[size]))) {
            writer.awaitBlocked();
            ends.receiver().close();
            writer.failure(PeerGoneException.class, ContractTools.PROMPT);
        }
    }
}
