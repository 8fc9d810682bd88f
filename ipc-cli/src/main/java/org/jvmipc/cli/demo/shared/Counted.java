package org.jvmipc.cli.demo.shared;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;

/**
 * What came of counting on a {@link Board}, as the processes told and as it stands there.
 *
 * @param workers the last reports of those who counted and ended by themselves, by their numbers
 * @param board what is there in the end
 * @param toldOthers how often somebody was told a death who does not count: the parent, readers
 * @param processes all that ended by themselves
 * @param nanos how long they counted
 * @param death who was killed; null if nobody
 */
public record Counted(
        Map<Integer, WorkReport> workers,
        BoardState board,
        int toldOthers,
        List<Peer> processes,
        long nanos,
        @Nullable HolderDeath death) {
    /** How often somebody was told that the last holder has died. */
    int told() {
        return toldOthers + workers.values().stream().mapToInt(WorkReport::told).sum();
    }

    long waits() {
        return workers.values().stream().mapToLong(WorkReport::waits).sum();
    }

    long waitNanos() {
        return workers.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }
}
