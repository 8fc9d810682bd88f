package org.jvmipc.cli.demo.dining;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of a dinner, as the philosophers told and as it stands on the table.
 *
 * @param seed what has said who was to be killed, and when
 * @param philosophers the last reports of those who ended by themselves, by their numbers
 * @param table what is there in the end
 * @param processes all that ended by themselves
 * @param nanos how long they ate
 * @param death who was killed; null if nobody
 * @param forksOfDead how many forks that one had
 */
record Dined(
        long seed,
        Map<Integer, WorkReport> philosophers,
        TableState table,
        List<Peer> processes,
        long nanos,
        @Nullable HolderDeath death,
        int forksOfDead) {
    /** How often somebody was told that the last one who had a fork has died. */
    int told() {
        return philosophers.values().stream().mapToInt(WorkReport::told).sum();
    }

    long waits() {
        return philosophers.values().stream().mapToLong(WorkReport::waits).sum();
    }

    long waitNanos() {
        return philosophers.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }
}
