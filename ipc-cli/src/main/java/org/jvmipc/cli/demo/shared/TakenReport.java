package org.jvmipc.cli.demo.shared;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.cli.demo.Verifier;

/**
 * What a child that takes messages tells the parent of one sender.
 *
 * @param stage how far it has come
 * @param sender the number of the sender
 * @param received how many different messages came from it
 * @param gaps how many did not come here although a later one did
 * @param digest what stands for them, in the order in which they came
 * @param sum what stands for them in any order
 * @param takes how many messages it has taken, of all senders and corrupt ones included
 * @param duplicated of all senders, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same
 * @param corrupt the same
 * @param waits how often it waited for a message
 * @param waitNanos how long, together
 */
public record TakenReport(
        String stage,
        int sender,
        long received,
        long gaps,
        long digest,
        long sum,
        long takes,
        long duplicated,
        long reordered,
        long corrupt,
        long waits,
        long waitNanos)
        implements Stage {
    /** It has done what it can. */
    private static final String TAKEN = "taken";

    /** Tells the parent of all senders, which are numbered from 1. */
    public static void send(
            DemoParent<TakenReport> parent, Verifier verifier, int senders, long takes, long waits, long waitNanos)
            throws IOException, InterruptedException {
        for (int sender = 1; sender <= senders; sender++) {
            parent.report(new TakenReport(
                    TAKEN,
                    sender,
                    verifier.received(sender),
                    verifier.gaps(sender),
                    verifier.digest(sender),
                    verifier.sum(sender),
                    takes,
                    verifier.duplicated(),
                    verifier.reordered(),
                    verifier.corrupt(),
                    waits,
                    waitNanos));
        }
    }

    /** Waits until a child has told of all senders; by their numbers. */
    public static Map<Integer, TakenReport> await(DemoChild<TakenReport> child, int senders)
            throws IOException, InterruptedException {
        Map<Integer, TakenReport> all = new TreeMap<>();
        while (all.size() < senders) {
            TakenReport report = Stage.await(child, TAKEN);
            all.put(report.sender(), report);
        }
        return all;
    }
}
