package org.jvmipc.sockets.internal.reliable;

/**
 * What the link of a {@link RudpSimulation} does, each with its probability, in percent.
 *
 * @param delayNanos how long each packet is on its way; one that is held back is up to ten times that longer
 */
record RudpFaults(int loss, int reorder, int duplicate, int corrupt, long delayNanos) {
    static RudpFaults none() {
        return new RudpFaults(0, 0, 0, 0, 200_000);
    }

    RudpFaults withLoss(int percent) {
        return new RudpFaults(percent, reorder, duplicate, corrupt, delayNanos);
    }

    RudpFaults withDelay(long nanos) {
        return new RudpFaults(loss, reorder, duplicate, corrupt, nanos);
    }
}
