package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.Stage;

/**
 * What a producer tells the parent.
 *
 * @param stage how far it has come, one of the constants here
 * @param sender with {@link #SENT}: the number under which it has sent what has one priority; see {@link PosixmqProducer#sender}
 * @param sent how many messages it has sent, of that priority
 * @param sum what stands for them, in any order
 * @param waits how often a send had to wait, in all
 * @param waitNanos how long, together
 */
record PosixmqSent(String stage, int sender, long sent, long sum, long waits, long waitNanos) implements Stage {
    /** It has filled the queue, and a send has waited. */
    static final String FULL = "full";

    /** It has sent all. */
    static final String SENT = "sent";

    /** Waits until a child has told of all its priorities; by the number of the sender. */
    static Map<Integer, PosixmqSent> await(DemoChild<PosixmqSent> child) throws IOException, InterruptedException {
        Map<Integer, PosixmqSent> all = new TreeMap<>();
        while (all.size() < PosixmqProducer.PRIORITIES) {
            PosixmqSent report = Stage.await(child, SENT);
            all.put(report.sender(), report);
        }
        return all;
    }
}
