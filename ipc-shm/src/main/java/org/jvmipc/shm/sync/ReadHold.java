package org.jvmipc.shm.sync;

/**
 * A {@link SharedReadWriteLock} that is held for reading, until {@link #close()}.
 *
 * <p><b>Thread safety.</b> Of the thread that locked, which alone may close it.
 */
public final class ReadHold implements Hold {
    private final SharedReadWriteLock lock;
    private final Thread thread = Thread.currentThread();
    private final boolean previousOwnerDied;
    private boolean closed;

    ReadHold(SharedReadWriteLock lock) {
        this.lock = lock;
        this.previousOwnerDied = lock.state().reading().hasWriterDied();
    }

    /**
     * Whether the last one who wrote died, or its thread ended, while it wrote: what is read may be half changed. Told to all who read
     * until another one writes.
     */
    @Override
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    /**
     * Reads no longer.
     *
     * @throws NotHeldException if it was closed already, or by another thread; nothing is changed
     * @throws org.jvmipc.shm.DamagedSegmentException if the memory is not what it was
     */
    @Override
    public void close() {
        if (closed
                || thread != Thread.currentThread()
                || !lock.useThoughClosed(lock.state().reading()::give)) {
            throw lock.notHeld(closed, "read");
        }
        closed = true;
    }
}
