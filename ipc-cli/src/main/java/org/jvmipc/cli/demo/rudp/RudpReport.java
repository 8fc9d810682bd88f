package org.jvmipc.cli.demo.rudp;

import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.sockets.ReliableStatistics;

/**
 * What sender and receiver tell the parent.
 *
 * @param stage how far it has come, one of the constants here
 * @param port where the receiver listens
 * @param messages how many the sender has sent, or the receiver has of different ones
 * @param sum what stands for them, in any order
 * @param duplicated of the messages, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same
 * @param corrupt the same
 * @param end how the receiver's connection has ended, a name of {@link PeerGoneException.Reason}; of others empty
 * @param packetsSent of this side, see {@link ReliableStatistics}
 * @param dataPackets the same
 * @param retransmitted the same
 * @param packetsReordered the same
 * @param packetsDuplicated the same
 * @param packetsCorrupt the same
 * @param timeouts the same
 * @param roundTripNanos the same
 * @param windowPackets the same
 * @param atNanos when this was, on the monotonic clock, which is one for all processes of a machine
 */
record RudpReport(
        String stage,
        int port,
        long messages,
        long sum,
        long duplicated,
        long reordered,
        long corrupt,
        String end,
        long packetsSent,
        long dataPackets,
        long retransmitted,
        long packetsReordered,
        long packetsDuplicated,
        long packetsCorrupt,
        long timeouts,
        long roundTripNanos,
        int windowPackets,
        long atNanos)
        implements Stage {
    /** The receiver listens. */
    static final String BOUND = "bound";

    /** The receiver has the first message. */
    static final String FIRST = "first";

    /** It has sent all, or there is no more to receive. */
    static final String DONE = "done";

    private static RudpReport only(String stage, int port) {
        return new RudpReport(stage, port, 0, 0, 0, 0, 0, "", 0, 0, 0, 0, 0, 0, 0, 0, 0, System.nanoTime());
    }

    static RudpReport bound(int port) {
        return only(BOUND, port);
    }

    static RudpReport first() {
        return only(FIRST, 0);
    }

    /** What the sender has sent, of which all was acknowledged. */
    static RudpReport sent(long messages, long sum, ReliableStatistics of) {
        return done(messages, sum, 0, 0, 0, "", of);
    }

    /** What the receiver has. */
    static RudpReport received(Verifier verifier, PeerGoneException.Reason end, ReliableStatistics of) {
        return done(
                verifier.received(RudpReceiver.SENDER),
                verifier.sum(RudpReceiver.SENDER),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                end.name(),
                of);
    }

    private static RudpReport done(
            long messages, long sum, long duplicated, long reordered, long corrupt, String end, ReliableStatistics of) {
        return new RudpReport(
                DONE,
                0,
                messages,
                sum,
                duplicated,
                reordered,
                corrupt,
                end,
                of.packetsSent(),
                of.dataPackets(),
                of.retransmitted(),
                of.reordered(),
                of.duplicated(),
                of.corrupt(),
                of.timeouts(),
                of.roundTrip().toNanos(),
                of.windowPackets(),
                System.nanoTime());
    }
}
