package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Worker;

/** What passes to waiters when its holder is killed: each of them, how long that took, and whether the death was told. */
final class HandOvers {
    private final String what;
    private final List<Long> nanos = new ArrayList<>();
    private int told;

    /** Of such things. */
    HandOvers(String what) {
        this.what = what;
    }

    /** The wait of one waiter. */
    interface Wait {
        /** Waits for the thing with this number; null if that tells no death, and is not given back here. */
        @Nullable
        Hold take(int number) throws Exception;
    }

    private record HandOver(long at, boolean told) {}

    /** The waiters of one kill, each in a thread of its own, so that all of them sleep when the holder dies. */
    final class Waiters implements AutoCloseable {
        private final List<Worker<HandOver>> waiters = new ArrayList<>();

        private Waiters(int count, Wait wait) throws Exception {
            for (int i = 0; i < count; i++) {
                int number = i;
                waiters.add(Worker.call(() -> {
                    try (Hold hold = wait.take(number)) {
                        return new HandOver(System.nanoTime(), hold != null && hold.previousOwnerDied());
                    }
                }));
            }
            for (Worker<HandOver> waiter : waiters) {
                waiter.awaitBlocked();
            }
        }

        /** All of them have to get what they wait for. */
        void expectAll(long killed) throws Exception {
            for (Worker<HandOver> waiter : waiters) {
                HandOver handOver = waiter.result();
                nanos.add(handOver.at - killed);
                told += handOver.told ? 1 : 0;
            }
        }

        @Override
        public void close() {
            waiters.forEach(Worker::close);
        }
    }

    /** So many waiters, asleep. */
    Waiters waiters(int count, Wait wait) throws Exception {
        return new Waiters(count, wait);
    }

    /** Kills it; when that was. */
    static long kill(ChildJvm child) throws Exception {
        long killed = System.nanoTime();
        child.kill();
        return killed;
    }

    /** How many of those who got it were told. */
    void assertTold(int expected) {
        assertEquals(expected, told, () -> "of " + nanos.size() + " " + what + " the death was told");
    }

    /** Prints the figures: who was stuck would have failed the test. */
    void report() {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        System.out.println(nanos.size() + " " + what + " whose holder was killed: 0 stuck, the death told " + told
                + " times, handed over after " + sorted.get(sorted.size() / 2) / 1_000 + " us (median), "
                + sorted.get(sorted.size() - 1) / 1_000 + " us (most)");
    }
}
