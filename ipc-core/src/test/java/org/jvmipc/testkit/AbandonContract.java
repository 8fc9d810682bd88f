package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;

/**
 * Chapter 4: a message much larger than the channel, given up in the middle by an interrupt or a deadline, when a part of
 * it may be in the channel already. The other side never sees a part, and what follows arrives exactly.
 */
interface AbandonContract extends ContractHooks {
    /** A way to leave a send in the middle of a message. */
    interface Abandonment {
        /** Sends messages {@code 0, 1, ...} until one blocks, and gives that one up; how many were sent. */
        int sendUntilGivenUp(Ends<byte[]> ends, int size) throws Exception;
    }

    /** The deadline passes, or an interrupt comes. */
    List<Abandonment> ABANDONMENTS =
            List.of(AbandonContract::untilTimedOut, AbandonContract::untilInterrupted, AbandonContract::untilNoRoom);

    private static int untilTimedOut(Ends<byte[]> ends, int size) throws Exception {
        return ContractTools.sendWhile(message -> ends.sender().trySend(message, ContractTools.SHORT), size);
    }

    private static int untilNoRoom(Ends<byte[]> ends, int size) throws Exception {
        return ContractTools.sendWhile(ends.sender()::trySend, size);
    }

    private static int untilInterrupted(Ends<byte[]> ends, int size) throws Exception {
        int[] count = {0};
        try (Worker<Boolean> writer = Worker.run(() -> ContractTools.again(() -> {
            ends.sender().send(ContractTools.message(count[0], size));
            count[0]++;
        }))) {
            writer.awaitBlocked();
            writer.interrupt();
            writer.failure(InterruptedException.class, ContractTools.PROMPT);
        }
        return count[0];
    }

    @Test
    default void noPartOfAGivenUpMessageIsDelivered() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.large(this);
        for (Abandonment abandonment : ABANDONMENTS) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                int count = abandonment.sendUntilGivenUp(ends, size);
                ContractTools.expect(ends.receiver(), 0, count, size);
                ContractTools.assertSilent(ends.receiver());
                ContractTools.assertUsable(ends);
            }
        }
    }

    @Test
    default void messagesAfterAGivenUpOneArriveExactly() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        int size = ContractTools.large(this);
        int small = ContractTools.small(this);
        for (Abandonment abandonment : ABANDONMENTS) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                int count = abandonment.sendUntilGivenUp(ends, size);
                // These find the part that is in the channel still in their way.
                try (Worker<Boolean> writer = Worker.run(() -> {
                    ends.sender().send(new byte[0]);
                    ends.sender().send(ContractTools.message(1000, small));
                    ends.sender().send(ContractTools.message(1001, size));
                })) {
                    ContractTools.expect(ends.receiver(), 0, count, size);
                    ContractTools.expect(ends.receiver(), 0, 0);
                    ContractTools.expect(ends.receiver(), 1000, small);
                    ContractTools.expect(ends.receiver(), 1001, size);
                    writer.result();
                }
                ContractTools.assertUsable(ends);
            }
        }
    }

    @Test
    default void severalMessagesCanBeGivenUpInARow() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        int size = ContractTools.large(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = untilTimedOut(ends, size);
            for (int i = 0; i < 5; i++) {
                byte[] other = ContractTools.message(5000 + i, size - i);
                assertFalse(ends.sender().trySend(other, ContractTools.SHORT));
                assertFalse(ends.sender().trySend(other));
            }
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.assertSilent(ends.receiver());
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void aGivenUpMessageIsSentAgainAndArrivesOnce() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.ORDERED);
        int size = ContractTools.large(this);
        for (Abandonment abandonment : ABANDONMENTS) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                int count = abandonment.sendUntilGivenUp(ends, size);
                byte[] again = ContractTools.message(count, size);
                try (Worker<Boolean> writer = Worker.call(() -> ends.sender().trySend(again, Await.LONG))) {
                    ContractTools.expect(ends.receiver(), 0, count + 1, size);
                    writer.result();
                }
                ContractTools.assertSilent(ends.receiver());
            }
        }
    }

    @Test
    default void aSenderThatGaveUpAMessageSaysGoodbyeNotDied() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE, Capability.PEER_DETECTION);
        int size = ContractTools.large(this);
        for (Abandonment abandonment : ABANDONMENTS) {
            try (Ends<byte[]> ends = open(Codecs.bytes())) {
                int count = abandonment.sendUntilGivenUp(ends, size);
                // close waits up to 500 ms for room to say goodbye; the receiver makes it meanwhile.
                try (Worker<Boolean> closer = Worker.run(() -> ends.sender().close())) {
                    ContractTools.expect(ends.receiver(), 0, count, size);
                    ContractTools.assertEnds(this, ends.receiver());
                    closer.result();
                }
            }
        }
    }
}
