package org.jvmipc.cli.demo.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;

/**
 * How a producer or a consumer died, and what became of the others.
 *
 * @param victim it, ended
 * @param ofProducer whether it was a producer
 * @param killedAfterNanos from its first message to the kill
 * @param told those who were told at once: nobody if there are other producers, or a broadcast has lost a consumer
 * @param wentOnNanos from the kill until all other producers had sent a message; -1 if there were none
 * @param successor who has taken its place
 * @param successorNanos from the kill until that one had sent a message, or received one
 * @param inHand the message that a consumer had taken when it died; null of a producer
 */
record RingDeath(
        Peer victim,
        boolean ofProducer,
        long killedAfterNanos,
        List<Told> told,
        long wentOnNanos,
        String successor,
        long successorNanos,
        @Nullable RingTaken inHand) {
    /** There was nobody who could have gone on. */
    static final long NOBODY = -1;

    /**
     * Somebody who was told of it.
     *
     * @param reason by this word
     * @param nanos so long after the kill
     */
    record Told(String role, String reason, long nanos) {}

    /** From the kill until the last one was told. */
    long toldNanos() {
        return told.stream().mapToLong(Told::nanos).max().orElse(NOBODY);
    }
}
