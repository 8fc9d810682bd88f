package org.jvmipc.shm.internal;

import java.util.HashSet;
import java.util.Set;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The threads that sleep in calls of one handle, so that its close gets them out.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class Blocked {
    private final Set<FutexWait> sleeping = new HashSet<>();
    private final Spin spin = new Spin();
    private volatile boolean closed;

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** What precedes a sleep through this handle. */
    Spin spin() {
        return spin;
    }

    synchronized void add(FutexWait sleep) {
        sleeping.add(sleep);
    }

    synchronized void remove(FutexWait sleep) {
        sleeping.remove(sleep);
    }

    /** Gets all out, and all that come.
     *
     * @return false if that was done before
     */
    public synchronized boolean close() {
        if (closed) {
            return false;
        }
        closed = true; // first: who is added later sees it before it sleeps
        sleeping.forEach(FutexWait::cancel);
        return true;
    }
}
