package org.jvmipc.cli.demo.inbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.mq.Inbox;

/**
 * What a peer does with its inbox: takes all that comes, and verifies that it was sent to it.
 *
 * <p><b>Thread safety.</b> One thread takes; another one may say that it is over.
 */
final class InboxTaking {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final DemoParent<InboxSeen> parent;
    private final Inbox<ByteBuffer> inbox;
    private final int number;
    private final int peers;
    private final boolean slow;
    private final Verifier verifier;
    private volatile boolean over;

    /**
     * The taking of one peer.
     *
     * @param args as of {@link InboxPeer#main}
     */
    InboxTaking(DemoParent<InboxSeen> parent, Inbox<ByteBuffer> inbox, int number, int peers, String[] args) {
        this.parent = parent;
        this.inbox = inbox;
        this.number = number;
        this.peers = peers;
        this.slow = Boolean.parseBoolean(args[7]);
        this.verifier = new Verifier(
                Long.parseLong(args[0]),
                Integer.parseInt(args[3]),
                senders().map(from -> InboxPeer.pair(from, number)).toArray());
    }

    /** Everybody else, and who follows a dead one. */
    private IntStream senders() {
        return IntStream.rangeClosed(1, peers + 1).filter(from -> from != number);
    }

    /** Nobody sends any more. */
    void finish() {
        over = true;
    }

    /** Takes all until it is over and nothing is left. */
    boolean takeAll() throws IOException, InterruptedException {
        boolean started = false;
        while (true) {
            boolean last = over; // first: what was sent is there before it is over
            ByteBuffer message = last ? inbox.tryReceive() : inbox.tryReceive(BETWEEN_LOOKS);
            if (message == null && last) {
                return true;
            }
            if (message == null) {
                continue;
            }
            verifier.accept(message);
            if (!started) {
                started = true;
                parent.report(InboxSeen.stage(InboxSeen.STARTED, number));
            }
            if (slow) {
                Pause.afterMessage();
            }
        }
    }

    /** Tells of all senders. */
    void report() throws IOException, InterruptedException {
        for (int from : senders().toArray()) {
            int pair = InboxPeer.pair(from, number);
            parent.report(new InboxSeen(
                    InboxSeen.TAKEN,
                    from,
                    number,
                    verifier.received(pair),
                    verifier.gaps(pair),
                    verifier.digest(pair),
                    0,
                    verifier.duplicated(),
                    verifier.reordered(),
                    verifier.corrupt(),
                    "",
                    System.nanoTime()));
        }
        parent.report(InboxSeen.stage(InboxSeen.ALL, number));
    }
}
