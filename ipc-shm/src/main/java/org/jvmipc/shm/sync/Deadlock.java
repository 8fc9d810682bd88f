package org.jvmipc.shm.sync;

import java.time.Instant;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.process.ProcessIdentity;

/**
 * A deadlock: threads, of one process or of several, each of which waits for a lock that the next one holds, and the last one for
 * one that the first one holds. None of them goes on by itself, but those whose wait has a time limit.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param threads each waits for the first of {@link Waiting#holds()} of the next, the last for that of the first
 * @see Deadlocks
 */
public record Deadlock(List<Waiting> threads) {
    /** Keeps a copy of the list. */
    public Deadlock {
        threads = List.copyOf(threads);
    }

    /** How a lock is held or waited for. */
    public enum Mode {
        /** By one thread: a mutex, a read-write lock to write, a file lock. */
        EXCLUSIVE,
        /** With others: a read-write lock to read, a shared file lock. */
        SHARED,
        /** Waited for only: by who is the next to write, until those who read have left. */
        ALONE
    }

    /**
     * A lock that is held or waited for.
     *
     * @param address of the lock; it is what it was opened by, or names the same
     * @param mode how it is held or waited for
     * @param removed whether its name is gone, and the address is what it was
     */
    public record Lock(Address address, Mode mode, boolean removed) {}

    /**
     * A thread that waits.
     *
     * @param process its process
     * @param threadId {@link Thread#getId} of the thread, which thread dumps show as {@code #1}
     * @param since when it was first seen to wait, at most a second after it began
     * @param timed whether its wait has a time limit, and so this deadlock an end
     * @param waitsFor what it waits for
     * @param holds what it holds, at most 10 of them
     */
    public record Waiting(
            ProcessIdentity process, long threadId, Instant since, boolean timed, Lock waitsFor, List<Lock> holds) {
        /** Keeps a copy of the list. */
        public Waiting {
            holds = List.copyOf(holds);
        }
    }
}
