package org.jvmipc.cli.demo.mq;

import org.jvmipc.cli.demo.Peer;

/**
 * How a consumer died with a message that it had not acknowledged.
 *
 * @param victim it, ended
 * @param killedAfterNanos from its first message to the kill
 * @param killNanos when that was, on the monotonic clock
 * @param held the message
 * @param repeated the same message, at another consumer
 */
record MqDeath(Peer victim, long killedAfterNanos, long killNanos, MqTaken held, MqTaken repeated) {
    /** From the kill until the other one had it. */
    long redeliveryNanos() {
        return repeated.atNanos() - killNanos;
    }
}
