package org.jvmipc.shm.sync;

import java.util.List;

/**
 * What a search for deadlocks has come to.
 *
 * @param deadlocks what was found
 * @param locks how many locks were there to be looked at: those with records, and those in segments that have
 * @param problems what could not be looked at: a message each
 */
public record DeadlockSearch(List<Deadlock> deadlocks, int locks, List<String> problems) {
    /** Keeps copies of the lists. */
    public DeadlockSearch {
        deadlocks = List.copyOf(deadlocks);
        problems = List.copyOf(problems);
    }
}
