package org.jvmipc.cli.demo.mq;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;

/**
 * What the demo {@code mq} saw.
 *
 * @param sent what each producer sent, by its number
 * @param mailbox what each consumer of the mailbox took, by its role, of each producer
 * @param audit what the consumers of the other group took, one after the other
 * @param processes those that have ended by themselves
 * @param redeliveries how often the mailbox handed a message out again, by the queue's own count
 * @param diskBytes what the queue occupied in the end
 * @param nanos how long the transfer took
 * @param death how a consumer died; null if none did
 */
record MqTransfer(
        Map<Integer, MqSent> sent,
        Map<String, Map<Integer, MqTaken>> mailbox,
        List<Map<Integer, MqTaken>> audit,
        List<Peer> processes,
        long redeliveries,
        long diskBytes,
        long nanos,
        @Nullable MqDeath death) {
    /** How many were sent, by all. */
    long total() {
        return sent.values().stream().mapToLong(MqSent::sent).sum();
    }

    /** How many of a producer the mailbox has, of all consumers. */
    long received(int producer) {
        return mailbox.values().stream()
                .mapToLong(each -> of(each, producer).received())
                .sum();
    }

    /** What stands for them. */
    long sum(int producer) {
        return mailbox.values().stream()
                .mapToLong(each -> of(each, producer).sum())
                .sum();
    }

    /** What a consumer has of a producer. */
    static MqTaken of(Map<Integer, MqTaken> consumer, int producer) {
        MqTaken taken = consumer.get(producer);
        if (taken == null) {
            throw new IllegalStateException("nothing was told of producer " + producer);
        }
        return taken;
    }

    /** How many a consumer has. */
    static long taken(Map<Integer, MqTaken> consumer) {
        return consumer.values().stream().mapToLong(MqTaken::received).sum();
    }

    /** What became of the messages: the mailbox's, and the order of the group with one consumer. */
    Tally tally() {
        long received = 0;
        long lost = 0;
        long doubled = 0;
        for (Map.Entry<Integer, MqSent> each : sent.entrySet()) {
            long came = received(each.getKey());
            received += came;
            lost += Math.max(0, each.getValue().sent() - came);
            doubled += Math.max(0, came - each.getValue().sent());
        }
        return new Tally(
                total(),
                received,
                lost,
                doubled + of(mailbox.values(), MqTaken::duplicated) + of(audit, MqTaken::duplicated),
                of(audit, MqTaken::reordered),
                of(mailbox.values(), MqTaken::corrupt) + of(audit, MqTaken::corrupt));
    }

    /** A number that each consumer has once, for all senders. */
    private static long of(
            Iterable<Map<Integer, MqTaken>> consumers, java.util.function.ToLongFunction<MqTaken> number) {
        long sum = 0;
        for (Map<Integer, MqTaken> each : consumers) {
            sum += each.values().stream().mapToLong(number).max().orElse(0);
        }
        return sum;
    }
}
