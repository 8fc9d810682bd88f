package org.jvmipc.cli.demo.posixmq;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;

/**
 * How a producer or a consumer died, and what became of the others.
 *
 * @param victim it, ended
 * @param killedAfterNanos from the first message to the kill
 * @param successor who has come after it
 * @param successorNanos from the kill until a message of that one was received, or that one had received one
 * @param inHand the message that a consumer had taken when it died; null of a producer
 */
record PosixmqDeath(
        Peer victim, long killedAfterNanos, String successor, long successorNanos, @Nullable PosixmqTaken inHand) {
    boolean ofProducer() {
        return inHand == null;
    }
}
