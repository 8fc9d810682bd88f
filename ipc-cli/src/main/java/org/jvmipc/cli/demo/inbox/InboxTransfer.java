package org.jvmipc.cli.demo.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;

/**
 * What the demo {@code inbox} saw.
 *
 * @param peers how many had an inbox from the beginning
 * @param sent what each one alive has sent to each other one
 * @param taken what each one alive has of each other one
 * @param processes those that have ended by themselves
 * @param nanos how long the transfer took
 * @param death how a peer died; null if none did
 */
record InboxTransfer(
        int peers,
        List<InboxSeen> sent,
        List<InboxSeen> taken,
        List<Peer> processes,
        long nanos,
        @Nullable Death death) {
    /**
     * How a peer died.
     *
     * @param victim it, ended
     * @param killedAfterNanos from its first message to the kill
     * @param killNanos when that was, on the monotonic clock
     * @param told what those who send to it were told
     * @param successorPid who had its inbox next
     * @param successorNanos from the kill until that one had its first message
     */
    record Death(
            Peer victim,
            long killedAfterNanos,
            long killNanos,
            List<InboxSeen> told,
            long successorPid,
            long successorNanos) {
        /** From the kill until the last one was told. */
        long toldNanos() {
            return told.stream().mapToLong(InboxSeen::atNanos).max().orElse(killNanos) - killNanos;
        }
    }

    /** Whether the peer was killed. */
    boolean isVictim(int peer) {
        return death != null && peer == 1;
    }

    /** What has come of what was sent; null if nobody alive could tell. */
    @Nullable
    InboxSeen takenOf(InboxSeen each) {
        return taken.stream()
                .filter(one -> one.from() == each.from() && one.to() == each.to())
                .findFirst()
                .orElse(null);
    }

    /** Those that were sent by one alive to one alive. */
    List<InboxSeen> sentToTheLiving() {
        return sent.stream().filter(each -> !isVictim(each.to())).toList();
    }

    /** How many these are. */
    long total() {
        return sentToTheLiving().stream().mapToLong(InboxSeen::count).sum();
    }

    /** How many there was no room for at first. */
    long waits() {
        return sent.stream().mapToLong(InboxSeen::waits).sum();
    }

    /** What became of the messages between those alive. */
    Tally tally() {
        long received = 0;
        long lost = 0;
        for (InboxSeen each : sentToTheLiving()) {
            InboxSeen one = takenOf(each);
            long came = one == null ? 0 : one.count();
            received += came;
            lost += Math.max(0, each.count() - came);
        }
        long duplicated = 0;
        long reordered = 0;
        long corrupt = 0;
        for (int peer = 1; peer <= peers + 1; peer++) {
            int to = peer;
            InboxSeen any =
                    taken.stream().filter(each -> each.to() == to).findFirst().orElse(null);
            duplicated += any == null ? 0 : any.duplicated();
            reordered += any == null ? 0 : any.reordered();
            corrupt += any == null ? 0 : any.corrupt();
        }
        return new Tally(total(), received, lost, duplicated, reordered, corrupt);
    }
}
