package org.jvmipc.cli.demo.udp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.sockets.FaultyLinkCounts;

/**
 * What came of one run.
 *
 * @param faults what the link was to do, with the seed it was given
 * @param sent how many were sent: by the sender's word, or, if it was killed, by the link's
 * @param link what the link did
 * @param receiver what the receiver has
 * @param processes those that ended by themselves
 * @param nanos how long it took
 * @param death of the sender; null if nobody was killed
 */
record UdpSeen(
        DemoFaults faults,
        long sent,
        FaultyLinkCounts link,
        UdpReport receiver,
        List<Peer> processes,
        long nanos,
        @Nullable Death death) {
    /**
     * A kill.
     *
     * @param victim the sender
     * @param killedAfterNanos from the first datagram to the kill
     * @param exitToldNanos from the kill to the news of its end
     */
    record Death(Peer victim, long killedAfterNanos, long exitToldNanos) {}

    /** How many the kernel has thrown away, before the link or behind it. */
    long dropped() {
        return link.dropped() + receiver.dropped();
    }

    /** How many are not there, in whatever state. */
    long lost() {
        return Math.max(0, sent - receiver.received() - link.corrupted());
    }
}
