package org.jvmipc.cli.demo.inbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.Stage;

/**
 * What a peer tells the parent.
 *
 * @param stage what it is about, one of the constants here
 * @param from number of the peer whose messages it is about
 * @param to number of the peer that they are for
 * @param count how many were sent, or have come
 * @param gaps how many have not come although a later one has
 * @param digest what stands for them, in their order
 * @param waits how often there was no room
 * @param duplicated of all that came here, see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered the same
 * @param corrupt the same
 * @param reason why a peer is gone
 * @param atNanos when this is, on the monotonic clock, which is one for all processes of a machine
 */
record InboxSeen(
        String stage,
        int from,
        int to,
        long count,
        long gaps,
        long digest,
        long waits,
        long duplicated,
        long reordered,
        long corrupt,
        String reason,
        long atNanos)
        implements Stage {
    /** It has its first message. */
    static final String STARTED = "started";

    /** It was told that the one it sends to is gone. */
    static final String TOLD = "told";

    /** So many it has sent to one peer. */
    static final String SENT = "sent";

    /** So many it has of one peer. */
    static final String TAKEN = "taken";

    /** It has told of all of them. */
    static final String ALL = "all";

    /** That it has come so far. */
    static InboxSeen stage(String stage, int peer) {
        return new InboxSeen(stage, peer, peer, 0, 0, 0, 0, 0, 0, 0, "", System.nanoTime());
    }

    /** That a peer is gone. */
    static InboxSeen told(int from, int to, String reason, long atNanos) {
        return new InboxSeen(TOLD, from, to, 0, 0, 0, 0, 0, 0, 0, reason, atNanos);
    }

    /** What it has sent to a peer. */
    static InboxSeen sent(int from, int to, long count, long digest, long waits) {
        return new InboxSeen(SENT, from, to, count, 0, digest, waits, 0, 0, 0, "", System.nanoTime());
    }

    /** Those of a stage that a child tells of, until it has told of all. */
    static List<InboxSeen> awaitAll(DemoChild<InboxSeen> child, String stage) throws IOException, InterruptedException {
        List<InboxSeen> all = new ArrayList<>();
        while (true) {
            InboxSeen report = child.report();
            if (report.stage.equals(stage)) {
                all.add(report);
            } else if (report.stage.equals(ALL)) {
                return all;
            }
        }
    }
}
