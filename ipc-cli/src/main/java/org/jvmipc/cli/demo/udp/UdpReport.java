package org.jvmipc.cli.demo.udp;

import org.jvmipc.cli.demo.Stage;

/**
 * What sender and receiver tell the parent.
 *
 * @param stage how far it has come, one of the constants here
 * @param port where the receiver is bound
 * @param sent how many the sender has sent
 * @param arrived how many datagrams the receiver has got, whatever they were
 * @param received how many different messages were among them
 * @param duplicated see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered see {@link org.jvmipc.cli.demo.Tally}
 * @param corrupt see {@link org.jvmipc.cli.demo.Tally}
 * @param dropped how many the receiver's kernel had no room for
 * @param sources how many addresses they came from
 * @param atNanos when this was, on the monotonic clock, which is one for all processes of a machine
 */
record UdpReport(
        String stage,
        int port,
        long sent,
        long arrived,
        long received,
        long duplicated,
        long reordered,
        long corrupt,
        long dropped,
        int sources,
        long atNanos)
        implements Stage {
    /** The receiver is bound. */
    static final String BOUND = "bound";

    /** The receiver has the first datagram. */
    static final String FIRST = "first";

    /** It has sent all, or has got all. */
    static final String DONE = "done";

    /** Where the receiver is. */
    static UdpReport bound(int port) {
        return new UdpReport(BOUND, port, 0, 0, 0, 0, 0, 0, 0, 0, System.nanoTime());
    }

    /** That the receiver has something. */
    static UdpReport first() {
        return new UdpReport(FIRST, 0, 0, 1, 0, 0, 0, 0, 0, 1, System.nanoTime());
    }

    /** What the sender has sent. */
    static UdpReport sent(long messages) {
        return new UdpReport(DONE, 0, messages, 0, 0, 0, 0, 0, 0, 0, System.nanoTime());
    }
}
