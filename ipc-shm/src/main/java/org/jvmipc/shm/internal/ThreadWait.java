package org.jvmipc.shm.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a lock, from the sleep on until it has the lock or gives up. While it lasts the thread takes and gives no
 * lock. If it lasts, and the thread holds others, {@link ThreadWaits} tells of it.
 *
 * <p><b>Thread safety.</b> Made and ended by its thread; the rest is for {@link ThreadWaits}.
 */
public abstract class ThreadWait {
    private final Thread thread = Thread.currentThread();
    /** When it was first seen, 0 until then: who begins to wait reads no clock. */
    private long sinceMillis;
    /** Whether there is nothing to tell; both are of the one thread that looks at a time. */
    private boolean untold;

    /** Where it was told; null unless it was. */
    private @Nullable BlockedThreads table;

    private int entry;
    private boolean ended;

    /** One of the calling thread. */
    protected ThreadWait() {}

    /** The lock that is waited for. */
    protected abstract LockClaim waitsFor();

    /** Whether there is a time limit. */
    protected abstract boolean isTimed();

    final Thread thread() {
        return thread;
    }

    final long sinceMillis() {
        return sinceMillis;
    }

    /** Whether it was seen before, and there is something to tell: from the second look on. */
    final boolean lasts() {
        if (sinceMillis == 0) {
            sinceMillis = System.currentTimeMillis();
            return false;
        }
        return !untold;
    }

    /** Whether it was told, wherever. */
    final synchronized boolean isTold() {
        return table != null;
    }

    /** Whether it was told there, and nobody has written over it. */
    final synchronized boolean isTold(BlockedThreads here) {
        return table == here && here.tells(entry);
    }

    /**
     * Tells of it, unless it has ended; and no longer where it was told before.
     *
     * @return false if there is no room
     */
    final synchronized boolean tell(BlockedThreads here, List<LockClaim> holds) {
        if (ended) {
            return true;
        }
        clear();
        entry = here.put(this, waitsFor(), holds);
        table = entry >= 0 ? here : null;
        return table != null;
    }

    /** There is nothing to tell: its thread holds no lock, and will take none. */
    final void leaveUntold() {
        untold = true;
    }

    /** It is over. */
    protected final synchronized void ended() {
        ended = true;
        clear();
    }

    private void clear() {
        BlockedThreads there = table;
        if (there != null) {
            there.clear(entry);
            table = null;
        }
    }
}
