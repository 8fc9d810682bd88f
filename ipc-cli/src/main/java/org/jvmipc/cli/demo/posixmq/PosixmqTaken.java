package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.cli.demo.Verifier;

/**
 * What a consumer tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param sender the number under which a producer sends what has one priority; with {@link #DRAINED}: how many it has taken
 * @param received how many different messages of it were received here
 * @param gaps how many did not come here although a later one did
 * @param first the first that came
 * @param sum what stands for them, in any order
 * @param duplicated of all senders, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same; also those that came behind one of a lower priority that had to wait
 * @param corrupt the same; also those that came with another priority than they were sent with
 * @param waits how often a receive had to wait
 * @param waitNanos how long, together
 * @param atNanos when this is, on the monotonic clock, which is one for all processes of a machine
 */
record PosixmqTaken(
        String stage,
        int sender,
        long received,
        long gaps,
        long first,
        long sum,
        long duplicated,
        long reordered,
        long corrupt,
        long waits,
        long waitNanos,
        long atNanos)
        implements Stage {
    /** It has what was in the full queue. */
    static final String DRAINED = "drained";

    /** It has the first message of a producer that came after that. */
    static final String STARTED = "started";

    /** It has a message in its hands, and waits for its death. */
    static final String HOLDING = "holding";

    /** It has done what it can. */
    static final String TAKEN = "taken";

    /** How far it has come. */
    static PosixmqTaken only(String stage, int sender, long reordered) {
        return new PosixmqTaken(stage, sender, 0, 0, 0, 0, 0, reordered, 0, 0, 0, System.nanoTime());
    }

    /** What a verifier has of a sender. */
    static PosixmqTaken of(String stage, int sender, Verifier verifier, long misplaced, long waits, long waitNanos) {
        return new PosixmqTaken(
                stage,
                sender,
                verifier.received(sender),
                verifier.gaps(sender),
                verifier.first(sender),
                verifier.sum(sender),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt() + misplaced,
                waits,
                waitNanos,
                System.nanoTime());
    }

    /** Waits until a child has told of so many senders; by their numbers. */
    static Map<Integer, PosixmqTaken> await(DemoChild<PosixmqTaken> child, int senders)
            throws IOException, InterruptedException {
        Map<Integer, PosixmqTaken> all = new TreeMap<>();
        while (all.size() < senders) {
            PosixmqTaken report = Stage.await(child, TAKEN);
            all.put(report.sender(), report);
        }
        return all;
    }
}
