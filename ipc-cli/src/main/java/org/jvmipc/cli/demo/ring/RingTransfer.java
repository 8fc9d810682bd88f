package org.jvmipc.cli.demo.ring;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;

/**
 * What the demo {@code ring} saw.
 *
 * @param seed from which the messages were made
 * @param sent what each producer sent, by its number
 * @param taken what each consumer took, by its role, of each producer by its number
 * @param ends how the stream ended for each consumer that lived to see it, by its role
 * @param processes those that have ended by themselves
 * @param nanos how long the transfer took
 * @param death how one of them died; null if none did
 */
record RingTransfer(
        long seed,
        Map<Integer, RingSent> sent,
        Map<String, Map<Integer, RingTaken>> taken,
        Map<String, String> ends,
        List<Peer> processes,
        long nanos,
        @Nullable RingDeath death) {
    /** How many were sent, by all. */
    long total() {
        return sent.values().stream().mapToLong(RingSent::sent).sum();
    }

    /** What a consumer has of a producer. */
    RingTaken of(String consumer, int producer) {
        Map<Integer, RingTaken> all = taken.get(consumer);
        RingTaken found = all == null ? null : all.get(producer);
        if (found == null) {
            throw new IllegalStateException("nothing was told of producer " + producer + " by " + consumer);
        }
        return found;
    }

    /** How many messages a consumer has. */
    long received(String consumer) {
        return sent.keySet().stream()
                .mapToLong(producer -> of(consumer, producer).received())
                .sum();
    }

    /** The first report of each consumer: what is in it of all producers together is the same in all of one consumer. */
    Collection<RingTaken> consumers() {
        return taken.keySet().stream()
                .map(consumer -> of(consumer, sent.keySet().iterator().next()))
                .toList();
    }

    /** How many of a producer were in the hands of a consumer that died. */
    long inHand(int producer) {
        RingTaken hand = death == null ? null : death.inHand();
        return hand != null && hand.producer() == producer ? 1 : 0;
    }
}
