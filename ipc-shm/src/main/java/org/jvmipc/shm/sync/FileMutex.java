package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.process.ProcessIdentity;

/**
 * Mutual exclusion by file lock: a lock on a file, or on a range of its bytes, that one holds alone, or several share; between
 * threads of this JVM, between JVMs, and with every program that uses {@code fcntl(2)} locks, {@link
 * java.nio.channels.FileLock} among them.
 *
 * <pre>{@code
 * try (FileMutex mutex = FileMutex.openOrCreate(Path.of("/tmp/orders.lock"))) {
 *     try (Hold hold = mutex.lock()) {              // waits; the kernel gives back what the dead held
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>alone</th><th>shared</th><th>another one has it</th></tr>
 * <tr><td>waits</td><td>{@link #lock()}</td><td>{@link #lockShared()}</td><td>waits, interruptibly</td></tr>
 * <tr><td>tries</td><td>{@link #tryLock()}</td><td>{@link #tryLockShared()}</td><td>{@code null}, at once</td></tr>
 * <tr><td>waits for a time</td><td>{@link #tryLock(Duration)}</td><td>{@link #tryLockShared(Duration)}</td>
 * <td>{@code null}, after the time</td></tr>
 * </table>
 *
 * <p><b>Held by others.</b> Threads of this JVM that wait for the same range get it in the order in which they came, whether
 * alone or shared; between processes the order is left to chance, since the first waiter of each asks again every 1 to 10 ms.
 *
 * <p><b>Held by oneself.</b> It is not reentrant: a thread that locks a range that it holds, by whichever handle, gets an
 * {@link AlreadyHeldException}. <em>Overlapping</em> ranges that are not the same exclude each other like those of two
 * processes: a thread that waits for one while it holds the other waits for itself.
 *
 * <p><b>Closed here.</b> A thread that waits by this handle leaves with {@link ClosedSynchronizerException} within 100 ms. What
 * is held is held until the {@link Hold} is closed. Closing does not remove the file, and {@link #remove(Path)} is for files
 * that nobody locks any more: who holds the old file and who locks a new one of the same name do not see each other.
 *
 * <p><b>Holder killed.</b> The kernel gives the lock back, and the next waiter has it within some ten milliseconds; {@link
 * Hold#previousOwnerDied()} tells it if the dead one was a {@code FileMutex} of the same user and range that held it alone. A
 * thread that ends with the lock held is noticed within a second, and counts as one that died. A holder that is merely stopped
 * keeps it.
 *
 * <p><b>Errors</b> of the operating system come when it is opened. Afterwards only the kernel's want of memory for a lock is
 * left, an {@link java.io.UncheckedIOException}; nothing is acquired or given back then.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too; a {@link Hold} is of the thread that
 * locked.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before it closed its hold <i>happens before</i> what the next holder
 * does after it got the lock, in this JVM and, for memory and files that both have, in another process.
 *
 * <p><b>Platform notes.</b> {@code F_OFD_SETLK} of {@code fcntl(2)}: the lock belongs to an open file description of its own.
 * So it is kept when the file is opened and closed elsewhere in this JVM. A {@code FileLock} is not: it is lost as soon as this
 * JVM closes <em>any</em> descriptor of that file, and a {@code FileMutex} has one; use one of both on a file in one JVM. The
 * file must be writable for this process, a regular file of this user (or of the one named in {@link
 * FileMutexOptions#owner()}), with one name, and no symbolic link. {@code flock(2)} locks are of another kind, and are not seen.
 */
public final class FileMutex implements Endpoint {
    private static final Cleaner CLEANER = Cleaner.create();

    private final String path;
    private final Address address;
    private final FileMutexOptions options;
    private final RangeHandle handle;
    private final Cleaner.Cleanable cleanable;

    private FileMutex(String path, Address address, FileMutexOptions options, RangeLock lock) {
        this.path = path;
        this.address = address;
        this.options = options;
        this.handle = new RangeHandle(lock, address);
        this.cleanable = CLEANER.register(this, handle);
    }

    // ---- open, create, remove

    /**
     * Opens the file at the path, to lock all of it.
     *
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IOException if what is there is refused, or cannot be opened
     */
    public static FileMutex open(Path path) throws IOException {
        return open(path, FileMutexOptions.defaults());
    }

    /**
     * Opens the file at the path, to lock the range of these options; mode and lifetime are its creator's.
     *
     * @throws IOException as {@link #open(Path)}
     */
    public static FileMutex open(Path path, FileMutexOptions options) throws IOException {
        String canonical = ObjectPaths.canonical(path);
        return attach(canonical, options, LockFiles.open(canonical, options));
    }

    /**
     * Opens the file of an address, {@code lock:/path} or {@code lock:NAME}, to lock the range that its parameters tell.
     *
     * @throws org.jvmipc.AddressException if it is no address of a file lock
     * @throws IOException as {@link #open(Path)}
     */
    public static FileMutex open(Address address) throws IOException {
        ObjectParameters.require(address, LockFiles.SCHEME, LockAddress.parameters());
        return open(LockFiles.OBJECTS.paths().of(address), LockAddress.options(address));
    }

    /**
     * Opens the file at the path, and makes an empty one for this user alone if there is none, as {@code flock(1)} does.
     *
     * @throws IOException if what is there is refused, or it could not be made
     */
    public static FileMutex openOrCreate(Path path) throws IOException {
        return openOrCreate(path, FileMutexOptions.defaults());
    }

    /**
     * Opens the file at the path, and makes an empty one if there is none.
     *
     * @throws IOException as {@link #openOrCreate(Path)}
     */
    public static FileMutex openOrCreate(Path path, FileMutexOptions options) throws IOException {
        String canonical = ObjectPaths.canonical(path);
        return attach(canonical, options, LockFiles.openOrCreate(canonical, options));
    }

    /**
     * Opens the file of an address, and makes an empty one if there is none.
     *
     * @throws IOException as {@link #openOrCreate(Path)}
     */
    public static FileMutex openOrCreate(Address address) throws IOException {
        ObjectParameters.require(address, LockFiles.SCHEME, LockAddress.parameters());
        return openOrCreate(LockFiles.OBJECTS.paths().of(address), LockAddress.options(address));
    }

    /**
     * Makes an empty file where nothing is, for this user alone.
     *
     * @throws OsException {@code EEXIST} if there is anything at the path
     * @throws IOException if it could not be made; nothing is left behind then
     */
    public static FileMutex create(Path path) throws IOException {
        return create(path, FileMutexOptions.defaults());
    }

    /**
     * Makes an empty file where nothing is.
     *
     * @throws IllegalArgumentException if the options name another owner: a file is made by its owner
     * @throws IOException as {@link #create(Path)}
     */
    public static FileMutex create(Path path, FileMutexOptions options) throws IOException {
        String canonical = ObjectPaths.canonical(path);
        return create(canonical, options, ProcessIdentity.self());
    }

    /** The same for another process, to which the file belongs. */
    static FileMutex create(String canonical, FileMutexOptions options, ProcessIdentity owner) throws IOException {
        return attach(canonical, options, LockFiles.create(canonical, options, owner));
    }

    private static FileMutex attach(String path, FileMutexOptions options, RangeLock lock) throws IOException {
        try {
            return new FileMutex(path, LockAddress.of(path, options), options, lock);
        } catch (IOException | RuntimeException e) {
            lock.detach();
            throw e;
        }
    }

    /**
     * Whether there is a file of this user at the path that could be locked.
     *
     * @throws IOException if something else is there, or it cannot be looked at
     */
    public static boolean exists(Path path) throws IOException {
        return LockFiles.exists(path, FileMutexOptions.SELF);
    }

    /**
     * Removes the file. Who has it open goes on with the file that has no name any more, and excludes nobody who opens the
     * name afterwards.
     *
     * @return false if there was none
     * @throws IOException if something else than a file of this user is there, which is left alone; or it could not be removed
     */
    public static boolean remove(Path path) throws IOException {
        return LockFiles.remove(path, FileMutexOptions.SELF);
    }

    /**
     * Where the file of a bare name is: in the runtime directory, {@code /dev/shm/ipc-<euid>} or {@code $IPC_HOME}.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @throws IllegalArgumentException if it is no name
     * @throws IOException if {@code IPC_HOME} is not an absolute path
     */
    public static Path path(String name) throws IOException {
        return LockFiles.OBJECTS.paths().ofName(name);
    }

    /**
     * A further handle, on another range of the file that is now at the path; to be closed by itself.
     *
     * @param start the first byte; the file need not be so long
     * @param length in bytes
     * @throws IOException as {@link #open(Path)}
     */
    public FileMutex range(long start, long length) throws IOException {
        handle.requireOpen();
        return open(Path.of(path), options.withRange(start, length));
    }

    // ---- lock

    /**
     * Locks, and waits until no one else holds any of it.
     *
     * @throws InterruptedException if interrupted before or while it waits; nothing was acquired
     * @throws AlreadyHeldException if this thread holds it
     * @throws ClosedSynchronizerException if this handle is closed, or gets closed meanwhile
     */
    public Hold lock() throws InterruptedException {
        return have(acquire(false, Deadline.NEVER));
    }

    /**
     * Locks if no one else holds any of it, and no thread of this JVM waits for it.
     *
     * @return null if it is not to be had
     * @throws AlreadyHeldException if this thread holds it
     * @throws ClosedSynchronizerException if this handle is closed
     */
    public @Nullable Hold tryLock() {
        try {
            return handle.lock().tryLock(handle, false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Locks, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if it was not to be had in that time
     * @throws InterruptedException as {@link #lock()}
     * @throws AlreadyHeldException if this thread holds it
     * @throws ClosedSynchronizerException as {@link #lock()}
     */
    public @Nullable Hold tryLock(Duration timeout) throws InterruptedException {
        return acquire(false, Deadline.after(timeout));
    }

    /**
     * Locks together with others who share it, and waits until no one holds any of it alone.
     *
     * @throws InterruptedException as {@link #lock()}
     * @throws AlreadyHeldException if this thread holds it, alone or shared
     * @throws ClosedSynchronizerException as {@link #lock()}
     */
    public Hold lockShared() throws InterruptedException {
        return have(acquire(true, Deadline.NEVER));
    }

    /**
     * Locks together with others who share it if no one holds any of it alone, and no thread of this JVM waits for it.
     *
     * @return null if it is not to be had
     * @throws AlreadyHeldException if this thread holds it, alone or shared
     * @throws ClosedSynchronizerException if this handle is closed
     */
    public @Nullable Hold tryLockShared() {
        try {
            return handle.lock().tryLock(handle, true);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Locks together with others who share it, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if it was not to be had in that time
     * @throws InterruptedException as {@link #lock()}
     * @throws AlreadyHeldException if this thread holds it, alone or shared
     * @throws ClosedSynchronizerException as {@link #lock()}
     */
    public @Nullable Hold tryLockShared(Duration timeout) throws InterruptedException {
        return acquire(true, Deadline.after(timeout));
    }

    private @Nullable RangeHold acquire(boolean shared, Deadline deadline) throws InterruptedException {
        try {
            return handle.lock().lock(handle, shared, deadline);
        } finally {
            Reference.reachabilityFence(this); // else a handle that is used for the last time is closed while it waits
        }
    }

    private static Hold have(@Nullable RangeHold hold) {
        if (hold == null) {
            throw new IllegalStateException("a lock without deadline ran out of time");
        }
        return hold;
    }

    // ---- this one

    /**
     * What another process opens it by: {@code lock:/path}, or {@code lock:NAME} in the runtime directory, with its range as
     * parameters unless it is the whole file.
     */
    @Override
    public Address address() {
        return address;
    }

    /** Where the file is; absolute. */
    public Path path() {
        return Path.of(path);
    }

    /** The range, and what a file is made with. */
    public FileMutexOptions options() {
        return options;
    }

    /** None: it carries no messages. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return handle.isOpen();
    }

    /** Closes this handle; the second time it does nothing. A hold that is out stays valid until it is closed. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "FileMutex[" + address + "]";
    }
}
