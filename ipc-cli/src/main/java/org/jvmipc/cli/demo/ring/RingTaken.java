package org.jvmipc.cli.demo.ring;

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
 * @param producer with {@link #TAKEN} and {@link #HOLDING}: the number of the producer that this is about
 * @param received how many different messages of it came
 * @param gaps how many did not come although a later one did
 * @param first the first that came
 * @param digest what stands for them, in the order in which they came
 * @param sum what stands for them in any order
 * @param duplicated of all producers, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same
 * @param corrupt the same
 * @param waits how often the ring was empty
 * @param waitNanos how long it waited then, together
 * @param reason with {@link #END}: what it was told
 * @param atNanos when this is, on the monotonic clock, which is one for all processes of a machine
 */
record RingTaken(
        String stage,
        int producer,
        long received,
        long gaps,
        long first,
        long digest,
        long sum,
        long duplicated,
        long reordered,
        long corrupt,
        long waits,
        long waitNanos,
        String reason,
        long atNanos)
        implements Stage {
    /** It has its first message. */
    static final String STARTED = "started";

    /** It has taken a message out of the ring, and waits for its death. */
    static final String HOLDING = "holding";

    /** It was told that all producers have gone, and has all that they had sent. */
    static final String END = "end";

    /** It has done what it can. */
    static final String TAKEN = "taken";

    /** About nothing but that. */
    static RingTaken only(String stage, String reason) {
        return new RingTaken(stage, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, reason, System.nanoTime());
    }

    /** About what has come from a producer. */
    static RingTaken of(String stage, int producer, Verifier verifier, long waits, long waitNanos) {
        return new RingTaken(
                stage,
                producer,
                verifier.received(producer),
                verifier.gaps(producer),
                verifier.first(producer),
                verifier.digest(producer),
                verifier.sum(producer),
                verifier.duplicated(),
                verifier.reordered(),
                verifier.corrupt(),
                waits,
                waitNanos,
                "",
                System.nanoTime());
    }

    /** Waits until a child has told of all producers; by their numbers. */
    static Map<Integer, RingTaken> await(DemoChild<RingTaken> child, int producers)
            throws IOException, InterruptedException {
        Map<Integer, RingTaken> all = new TreeMap<>();
        while (all.size() < producers) {
            RingTaken report = Stage.await(child, TAKEN);
            all.put(report.producer(), report);
        }
        return all;
    }
}
