package org.jvmipc.cli.demo.fifo;

import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.Peer;

/**
 * What came of a transfer in which the reader was killed, and another one took its place.
 *
 * @param rest of the writers, and of the second reader
 * @param victim the first reader, ended
 * @param before what it had of each writer, as far as it could tell
 * @param told what the writers told when they were without a reader
 * @param killedAfterNanos from the first data of all writers to the kill
 * @param killNanos when that was, on the monotonic clock
 * @param wentOnNanos when the second reader had something of every writer, from the kill on
 */
record ReaderDeath(
        FifoTransfer rest,
        Peer victim,
        Map<Integer, ReceivedReport> before,
        List<WriterReport> told,
        long killedAfterNanos,
        long killNanos,
        long wentOnNanos) {
    /** When the last of them was told, from the kill on. */
    long toldNanos() {
        return told.stream().mapToLong(WriterReport::atNanos).max().orElse(killNanos) - killNanos;
    }

    /** How many messages the first reader has verified, as far as it could tell. */
    long verifiedBefore() {
        return before.values().stream().mapToLong(ReceivedReport::received).sum();
    }

    /** How many went with it: those between what it could tell of and what the second one began with; a few more at most. */
    long unseen() {
        long sum = 0;
        for (ReceivedReport second : rest.received().values()) {
            ReceivedReport first = before.get(second.writer());
            sum += second.first() - (first == null ? 0 : first.next());
        }
        return sum;
    }
}
