package org.jvmipc.shm.sync;

/**
 * A lock that is held, from its {@code lock()} until {@link #close()}.
 *
 * <pre>{@code
 * try (Hold hold = mutex.lock()) {
 *     if (hold.previousOwnerDied()) {
 *         repair();                        // what the dead one may have left half done
 *     }
 *     ...
 * }
 * }</pre>
 *
 * <p><b>Thread safety.</b> Of the thread that locked, which alone may close it.
 */
public interface Hold extends AutoCloseable {
    /**
     * Whether the last one who held the lock died, or its thread ended, with the lock held: what the lock guards may be
     * half changed. Told to the next holder only, once.
     */
    boolean previousOwnerDied();

    /**
     * Gives the lock back.
     *
     * @throws NotHeldException if it was given back already, or another thread holds it; nothing is changed
     */
    @Override
    void close();
}
