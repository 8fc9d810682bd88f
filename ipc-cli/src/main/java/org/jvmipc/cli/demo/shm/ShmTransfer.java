package org.jvmipc.cli.demo.shm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of a transfer, as its processes told and as it stands in the memory.
 *
 * @param writers the last reports of the writers that ended by themselves, by their numbers
 * @param received what the reader has of each writer
 * @param board what is there in the end
 * @param variables what was counted
 * @param times how often each of these writers counted
 * @param areaBytes how large the memory is
 * @param processes those that ended by themselves
 * @param nanos how long the messages took
 * @param countingNanos how long counting took
 * @param death who was killed; null if nobody
 */
record ShmTransfer(
        Map<Integer, WorkReport> writers,
        Map<Integer, TakenReport> received,
        BoardState board,
        Variables variables,
        long times,
        int areaBytes,
        List<Peer> processes,
        long nanos,
        long countingNanos,
        @Nullable HolderDeath death) {
    /**
     * The variables in the end.
     *
     * @param total what was counted with the lock held
     * @param perWriter the same, by number of the writer
     * @param atomic what was counted by atomic additions
     * @param counter what was counted by many at once
     */
    record Variables(long total, Map<Integer, Long> perWriter, long atomic, long counter) {}

    /** How many messages a writer has put there whole. */
    long sent(int writer) {
        WorkReport report = writers.get(writer);
        if (report != null) {
            return report.done();
        }
        return death == null ? 0 : death.done();
    }

    /** One who reads has the same numbers of all writers. */
    TakenReport reader() {
        return received.values().iterator().next();
    }

    Tally tally() {
        long sent = 0;
        long came = 0;
        long lost = 0;
        for (TakenReport each : received.values()) {
            sent += sent(each.sender());
            came += each.received();
            lost += Math.max(0, sent(each.sender()) - each.received());
        }
        TakenReport reader = reader();
        return new Tally(sent, came, lost, reader.duplicated(), reader.reordered(), reader.corrupt());
    }

    long waits() {
        return writers.values().stream().mapToLong(WorkReport::waits).sum();
    }

    long waitNanos() {
        return writers.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }

    /** How often the reader had the lock, by a {@code FileMutex}; the reader is the last member. */
    long holdsOfReader() {
        return board.holdsOf().getOrDefault(board.done().size(), 0L);
    }

    /** From the kill until another had the lock. */
    long recoveryNanos() {
        return death == null ? 0 : board.takenAtNanos() - death.killNanos();
    }
}
