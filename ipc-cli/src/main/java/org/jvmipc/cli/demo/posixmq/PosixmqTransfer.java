package org.jvmipc.cli.demo.posixmq;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.mq.PosixMessageQueueStatus;

/**
 * What the demo {@code posixmq} saw.
 *
 * @param queue what the queue holds
 * @param filled how many messages were in the full queue
 * @param blocked whether a send had to wait then
 * @param drained how these came
 * @param sent what was sent, by the number of the sender; what a killed producer has sent, nobody knows
 * @param taken what each consumer took, one after the other, by the number of the sender
 * @param processes those that have ended by themselves
 * @param nanos how long the transfer took
 * @param refusal what became of a queue that was too deep
 * @param death how one of them died; null if none did
 */
record PosixmqTransfer(
        PosixMessageQueueStatus queue,
        long filled,
        boolean blocked,
        PosixmqTaken drained,
        Map<Integer, PosixmqSent> sent,
        List<Map<Integer, PosixmqTaken>> taken,
        List<Peer> processes,
        long nanos,
        PosixmqRefusal refusal,
        @Nullable PosixmqDeath death) {
    /** How many messages of a sender were received. */
    long received(int sender) {
        return taken.stream().mapToLong(each -> of(each, sender).received()).sum();
    }

    /** What a consumer has of a sender. */
    static PosixmqTaken of(Map<Integer, PosixmqTaken> consumer, int sender) {
        PosixmqTaken found = consumer.get(sender);
        if (found == null) {
            throw new IllegalStateException("nothing was told of sender " + sender);
        }
        return found;
    }

    /** The message of a sender that was in the hands of a killed consumer, or null. */
    @Nullable
    PosixmqTaken inHand(int sender) {
        PosixmqTaken hand = death == null ? null : death.inHand();
        return hand != null && hand.sender() == sender ? hand : null;
    }

    /** A number that each consumer tells alike of all senders. */
    long ofConsumers(ToLongFunction<PosixmqTaken> number) {
        return taken.stream()
                .mapToLong(
                        each -> each.values().stream().mapToLong(number).max().orElse(0))
                .sum();
    }

    /** A number that each producer tells alike of all its priorities. */
    long ofProducers(ToLongFunction<PosixmqSent> number) {
        return sent.values().stream()
                .filter(each -> PosixmqProducer.priority(each.sender()) == 0)
                .mapToLong(number)
                .sum();
    }
}
