package org.jvmipc.cli.demo.lock;

import java.util.Map;
import org.jvmipc.cli.demo.shared.Counted;
import org.jvmipc.cli.demo.shared.WorkReport;

/**
 * What came of the demo {@code lock}.
 *
 * @param counted what the writers counted; the last of them is the one with a {@code FileLock}
 * @param readers the last reports of the readers, by their numbers
 * @param refused whether the lock was not to be had alone while the readers shared it
 * @param shared whether it was to be had shared then
 */
record LockCounted(Counted counted, Map<Integer, WorkReport> readers, boolean refused, boolean shared) {
    long reads() {
        return readers.values().stream().mapToLong(WorkReport::done).sum();
    }

    /** How much the one with a {@code FileLock} has counted, who is the last but the parent. */
    long byFileLock() {
        Map<Integer, Long> done = counted.board().done();
        return done.getOrDefault(done.size() - 1, 0L);
    }
}
