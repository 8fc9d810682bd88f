package org.jvmipc.cli.demo.stream;

import org.jvmipc.cli.demo.Stage;
import org.jvmipc.cli.demo.Verifier;

/**
 * What one end of a connection tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param number of the connection, in the order of the accepts; at a client its own
 * @param text of the stage: the address, or the reason that an end was given
 * @param peer the number of the other end, as its messages name it; 0 if none has come
 * @param pid the process of the other end by the kernel's word; 0 over TCP, which does not know
 * @param sent how many messages this end has sent
 * @param sentDigest what stands for them
 * @param received how many different ones it has verified
 * @param next the sequence behind the last of them
 * @param digest what stands for them, in the order in which they came
 * @param duplicated see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered see {@link org.jvmipc.cli.demo.Tally}
 * @param corrupt see {@link org.jvmipc.cli.demo.Tally}
 * @param afterHalfClose how many of them came after one of the directions was ended
 * @param nanos of the stage: how long the connect took, or the median of the round trips
 * @param atNanos when this was, on the monotonic clock, which is one for all processes of a machine
 */
record StreamReport(
        String stage,
        int number,
        String text,
        int peer,
        long pid,
        long sent,
        long sentDigest,
        long received,
        long next,
        long digest,
        long duplicated,
        long reordered,
        long corrupt,
        long afterHalfClose,
        long nanos,
        long atNanos)
        implements Stage {
    /** The server listens; the text is where. */
    static final String LISTENING = "listening";

    /** The client is connected, which no server has accepted yet. */
    static final String CONNECTED = "connected";

    /** The server has accepted a caller. */
    static final String ACCEPTED = "accepted";

    /** The server has refused those who called in vain; their number is that of the report. */
    static final String REFUSED = "refused";

    /** Messages have come and gone, one at a time. */
    static final String ROUND_TRIPS = "round trips";

    /** It is over; the text is what was told: {@code CLOSED}, or of a death {@code DIED}. */
    static final String END = "end";

    /** That something has happened. */
    static StreamReport of(String stage, int number, String text, long pid, long nanos) {
        return new StreamReport(stage, number, text, 0, pid, 0, 0, 0, 0, 0, 0, 0, 0, 0, nanos, System.nanoTime());
    }

    /** What an end has sent and verified. */
    static StreamReport of(String stage, Conversation talk, long nanos, long atNanos) {
        Verifier verifier = talk.verifier();
        int peer = talk.peer();
        boolean none = peer == 0;
        return new StreamReport(
                stage,
                talk.number(),
                talk.told(),
                peer,
                0,
                talk.source().count(),
                talk.source().digest(),
                none ? 0 : verifier.received(peer),
                none ? 0 : verifier.next(peer),
                none ? 0 : verifier.digest(peer),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                talk.afterHalfClose(),
                nanos,
                atNanos);
    }
}
