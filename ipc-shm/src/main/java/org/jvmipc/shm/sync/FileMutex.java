package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.FileLockState;
import org.jvmipc.shm.internal.FileLockState.Answer;
import org.jvmipc.shm.internal.FileLocks;

/**
 * Mutual exclusion by a lock on a file, exclusive or shared, of the whole file or of a range of bytes: between threads, JVMs, and
 * whoever locks with {@code fcntl(2)}: C, Python, {@link java.nio.channels.FileLock}.
 *
 * <pre>{@code
 * try (FileMutex mutex = FileMutex.openOrCreate(Address.of("lock:/tmp/build.lock"));
 *         Hold hold = mutex.lock()) {
 *     ...
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>exclusive</td><td>{@link #lock()}</td><td>{@link #tryLock()}: null</td>
 * <td>{@link #tryLock(Duration)}: null</td></tr>
 * <tr><td>shared</td><td>{@link #lockShared()}</td><td>{@link #tryLockShared()}: null</td>
 * <td>{@link #tryLockShared(Duration)}: null</td></tr>
 * </table>
 *
 * <p>Unlike a {@code FileLock} it is kept when the file is opened and closed elsewhere in this JVM, and it excludes the threads
 * of this JVM from each other: it is a lock of the open file description ({@code F_OFD_SETLK}), of which there is one in a JVM for
 * a file and a range. Its threads are served in the order in which they come; against other processes the first of them tries every
 * 1 to 10 ms, since such a lock cannot be waited for and given up.
 *
 * <p><b>Held by this thread already:</b> {@link AlreadyHeldException}. <b>Closed here:</b> {@link
 * ClosedSynchronizerException}, in blocked threads too; a hold that is out stays valid until it is closed. <b>Holder
 * killed:</b> the kernel gives the lock back when it closes the process's files, and the next holder is told, if the dead one was of
 * this toolkit and of this user and held it exclusively. <b>Holder's thread ended:</b> the same within a second. <b>Holder
 * stopped:</b> it still holds it. <b>File removed:</b> who has it open goes on; who opens the name anew has another lock.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too. A hold is its thread's.
 *
 * <p><b>Memory consistency effects.</b> Between threads of one JVM unlocking happens-before the next locking. Between processes
 * the kernel's lock orders what was written to files and to mapped memory before it.
 *
 * <p><b>Platform notes.</b> Linux 3.15. File systems over a network may or may not exclude other machines.
 */
public final class FileMutex implements Endpoint {
    private final Address address;
    private final FileLockState state;
    private final FileLockState.Handle handle = new FileLockState.Handle();

    private FileMutex(Address address, FileLockState state) {
        this.address = address;
        this.state = state;
    }

    // ---- create, open, remove

    /**
     * Makes an empty file that must not exist, and opens it.
     *
     * @param address {@code lock:/path} or {@code lock:NAME}; the parameters {@code start} and {@code length} are a range
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     */
    public static FileMutex create(Address address) throws IOException {
        return new FileMutex(FileLocks.canonical(address), FileLocks.create(address));
    }

    /**
     * Opens a file that exists, whatever is in it; it is neither read nor written.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     */
    public static FileMutex open(Address address) throws IOException {
        return new FileMutex(FileLocks.canonical(address), FileLocks.open(address));
    }

    /** Opens it, or makes an empty file if there is none, as flock(1) does. */
    public static FileMutex openOrCreate(Address address) throws IOException {
        return new FileMutex(FileLocks.canonical(address), FileLocks.openOrCreate(address));
    }

    /**
     * Removes the file.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return FileLocks.remove(address);
    }

    // ---- locking

    /**
     * Locks it exclusively, and waits as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; it is not held
     * @throws AlreadyHeldException if this thread holds it, shared or not
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the kernel refuses to lock, for want of memory say
     */
    public Hold lock() throws InterruptedException {
        return held(lock(false, Deadline.NEVER));
    }

    /** Locks it exclusively if nobody holds it; null otherwise. */
    public @Nullable Hold tryLock() {
        return tryLockNow(false);
    }

    /** Locks it exclusively, and waits at most the given time; null if it was not to be had. */
    public @Nullable Hold tryLock(Duration timeout) throws InterruptedException {
        return lock(false, Deadline.after(timeout));
    }

    /** Locks it shared, and waits until nobody holds it exclusively; as {@link #lock()}. */
    public Hold lockShared() throws InterruptedException {
        return held(lock(true, Deadline.NEVER));
    }

    /** Locks it shared if nobody holds it exclusively; null otherwise. */
    public @Nullable Hold tryLockShared() {
        return tryLockNow(true);
    }

    /** Locks it shared, and waits at most the given time; null if it was not to be had. */
    public @Nullable Hold tryLockShared(Duration timeout) throws InterruptedException {
        return lock(true, Deadline.after(timeout));
    }

    private @Nullable Hold tryLockNow(boolean shared) {
        boolean interrupted = Thread.interrupted(); // it does not wait, so an interrupt is not for it
        try {
            return lock(shared, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Hold lock(boolean shared, Deadline deadline) throws InterruptedException {
        ensureOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (state.isHeldByThisThread()) {
            throw new AlreadyHeldException(address + " is held by this thread, which would wait for itself");
        }
        Answer answer = state.lock(handle, shared, deadline);
        if (answer == Answer.NOT) {
            ensureOpen();
            return null;
        }
        return new FileHold(this, shared, answer == Answer.LOCKED_AFTER_DEATH);
    }

    private Hold held(@Nullable Hold hold) {
        if (hold == null) {
            throw closed();
        }
        return hold;
    }

    /** Whether the calling thread holds it, shared or not. */
    public boolean isHeldByCurrentThread() {
        return state.isHeldByThisThread();
    }

    private static final class FileHold implements Hold {
        private final FileMutex mutex;
        private final boolean shared;
        private final boolean previousOwnerDied;
        private boolean closed;

        private FileHold(FileMutex mutex, boolean shared, boolean previousOwnerDied) {
            this.mutex = mutex;
            this.shared = shared;
            this.previousOwnerDied = previousOwnerDied;
        }

        @Override
        public boolean previousOwnerDied() {
            return previousOwnerDied;
        }

        @Override
        public void close() {
            if (closed || !mutex.state.unlock(shared)) {
                throw new NotHeldException(mutex.address
                        + (closed ? " was unlocked by this hold already" : " is not held by this thread"));
            }
            closed = true;
        }
    }

    // ---- the endpoint

    private void ensureOpen() {
        if (handle.isClosed()) {
            throw closed();
        }
    }

    private ClosedSynchronizerException closed() {
        return new ClosedSynchronizerException(address + " was closed");
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return !handle.isClosed();
    }

    /** Closes this handle; threads that wait in it leave. A hold that is out stays valid. */
    @Override
    public void close() {
        state.close(handle);
    }

    @Override
    public String toString() {
        return "FileMutex[" + address + (isOpen() ? "]" : ", closed]");
    }
}
