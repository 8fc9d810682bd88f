package org.jvmipc.cli.demo.mq;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.Stage;

/**
 * What a consumer tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param sender with {@link #TAKEN}: the number of the sender that this is about
 * @param received how many different messages of it were acknowledged here
 * @param gaps how many did not come here although a later one did
 * @param first the first that came
 * @param digest what stands for them, in the order in which they came
 * @param sum what stands for them in any order
 * @param duplicated of all senders, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same
 * @param corrupt the same
 * @param index number of a message in the queue
 * @param redelivered how often the message was handed out before; with {@link #TAKEN}: how many were
 * @param atNanos when this is, on the monotonic clock, which is one for all processes of a machine
 */
record MqTaken(
        String stage,
        int sender,
        long received,
        long gaps,
        long first,
        long digest,
        long sum,
        long duplicated,
        long reordered,
        long corrupt,
        long index,
        long redelivered,
        long atNanos)
        implements Stage {
    /** It has its first message. */
    static final String STARTED = "started";

    /** It has a message that it does not acknowledge, and waits for its death. */
    static final String HOLDING = "holding";

    /** It has a message that another one had before. */
    static final String REPEATED = "repeated";

    /** It has done what it can. */
    static final String TAKEN = "taken";

    /** About one message. */
    static MqTaken message(String stage, long index, long redelivered) {
        return new MqTaken(stage, 0, 0, 0, 0, 0, 0, 0, 0, 0, index, redelivered, System.nanoTime());
    }

    /** Waits until a child has told of all senders; by their numbers. */
    static Map<Integer, MqTaken> await(DemoChild<MqTaken> child, int senders) throws IOException, InterruptedException {
        Map<Integer, MqTaken> all = new TreeMap<>();
        while (all.size() < senders) {
            MqTaken report = Stage.await(child, TAKEN);
            all.put(report.sender(), report);
        }
        return all;
    }
}
