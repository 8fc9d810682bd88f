package org.jvmipc.cli.demo.sem;

import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of the use of a pool of which one user was killed.
 *
 * @param users the last reports of the others, by their numbers
 * @param death how it died
 * @param pool what is there in the end
 * @param processes the others, ended
 * @param nanos how long it took
 */
record PoolDeath(Map<Integer, WorkReport> users, HolderDeath death, PoolState pool, List<Peer> processes, long nanos) {
    long uses() {
        return death.done()
                + users.values().stream().mapToLong(WorkReport::done).sum();
    }

    long waits() {
        return users.values().stream().mapToLong(WorkReport::waits).sum();
    }

    long waitNanos() {
        return users.values().stream().mapToLong(WorkReport::waitNanos).sum();
    }

    long handOverNanos() {
        return pool.takenAtNanos() - death.killNanos();
    }
}
