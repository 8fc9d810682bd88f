package org.jvmipc.cli.demo.readerswriters;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of reading and writing a record, as the members told and as it stands there.
 *
 * @param seed what has said who was to be killed
 * @param readers the last reports of the readers that ended by themselves, by their numbers
 * @param writers the same of the writers
 * @param state what is there in the end
 * @param processes all that ended by themselves
 * @param nanos how long it took
 * @param death who was killed; null if nobody
 * @param writerDied whether that was a writer
 */
record Recorded(
        long seed,
        Map<Integer, WorkReport> readers,
        Map<Integer, WorkReport> writers,
        RecordState state,
        List<Peer> processes,
        long nanos,
        @Nullable HolderDeath death,
        boolean writerDied) {
    /** How many turns these have done. */
    static long done(Map<Integer, WorkReport> members) {
        return members.values().stream().mapToLong(WorkReport::done).sum();
    }

    /** How often these were told that the last writer has died. */
    static int told(Map<Integer, WorkReport> members) {
        return members.values().stream().mapToInt(WorkReport::told).sum();
    }

    static long waits(Map<Integer, WorkReport> members) {
        return members.values().stream().mapToLong(WorkReport::waits).sum();
    }

    static long waitNanos(Map<Integer, WorkReport> members) {
        return members.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }

    /** How many reads, of those who ended by themselves and of one that was killed. */
    long reads() {
        return done(readers) + (death == null || writerDied ? 0 : death.done());
    }
}
