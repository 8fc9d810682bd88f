package org.jvmipc.shm.sync;

/**
 * A {@link SharedReadWriteLock} that is held for writing, until {@link #close()}.
 *
 * <p><b>Thread safety.</b> Of the thread that locked, which alone may close it.
 */
public final class WriteHold implements Hold {
    private final SharedReadWriteLock lock;
    private final long fence;
    private final boolean previousOwnerDied;
    private boolean closed;

    WriteHold(SharedReadWriteLock lock, long fence, boolean previousOwnerDied) {
        this.lock = lock;
        this.fence = fence;
        this.previousOwnerDied = previousOwnerDied;
    }

    /**
     * Whether the last one who wrote died, or its thread ended, while it wrote: what the lock guards may be half changed. Told once to one
     * who writes.
     */
    @Override
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    /** The number of this hold, larger than that of every write hold of this lock before. */
    public long fence() {
        return fence;
    }

    /**
     * Writes no longer.
     *
     * @throws NotHeldException if it was closed already, or by another thread; nothing is changed
     * @throws org.jvmipc.shm.DamagedSegmentException if the memory is not what it was
     */
    @Override
    public void close() {
        if (closed || !lock.useThoughClosed(lock.state()::endWrite)) {
            throw lock.notHeld(closed, "written");
        }
        closed = true;
    }
}
