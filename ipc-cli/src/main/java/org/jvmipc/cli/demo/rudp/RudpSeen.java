package org.jvmipc.cli.demo.rudp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.sockets.FaultyLinkCounts;

/**
 * What came of one run.
 *
 * @param faults what the link was to do, in both directions, with the seed it was given
 * @param sender what the sender has sent; null if it was killed
 * @param there what the link did on the way to the receiver
 * @param back what it did on the way back
 * @param receiver what the receiver has
 * @param processes those that ended by themselves
 * @param nanos how long it took
 * @param death of the sender; null if nobody was killed
 */
record RudpSeen(
        DemoFaults faults,
        @Nullable RudpReport sender,
        FaultyLinkCounts there,
        FaultyLinkCounts back,
        RudpReport receiver,
        List<Peer> processes,
        long nanos,
        @Nullable Death death) {
    /**
     * A kill.
     *
     * @param victim the sender
     * @param killedAfterNanos from the first message to the kill
     * @param exitToldNanos from the kill to the news of its end here
     * @param peerToldNanos from the kill until the receiver was told
     */
    record Death(Peer victim, long killedAfterNanos, long exitToldNanos, long peerToldNanos) {}

    /** How many messages there were to receive: of a killed sender nobody knows, and what came counts. */
    long sent() {
        return sender == null ? receiver.messages() : sender.messages();
    }
}
