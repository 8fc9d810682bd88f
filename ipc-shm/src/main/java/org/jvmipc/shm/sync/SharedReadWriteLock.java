package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.ReadLockState;
import org.jvmipc.shm.internal.ReadWriteLockState;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * A read-write lock between processes, and between their threads: many read at a time, or one writes. What a killed process held
 * comes back, and the death of a writer is told.
 *
 * <pre>{@code
 * try (SharedReadWriteLock lock = SharedReadWriteLock.openOrCreate(Address.of("rwlock:prices"), false)) {
 *     try (ReadHold hold = lock.readLock()) {
 *         look();
 *     }
 *     try (WriteHold hold = lock.writeLock()) {
 *         change();
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>read</td><td>{@link #readLock()}</td><td>{@link #tryReadLock()}: null</td><td>{@link #tryReadLock(Duration)}: null</td></tr>
 * <tr><td>write</td><td>{@link #writeLock()}</td><td>{@link #tryWriteLock()}: null</td><td>{@link #tryWriteLock(Duration)}: null</td></tr>
 * </table>
 *
 * <p>A reader counts itself in a word of its own process and looks whether a writer is there: one atomic operation and no system call, on
 * memory that no other process writes. A writer looks at the words of all processes that have the lock open.
 *
 * <p><b>Preference</b> is settled when it is made. <em>Of readers</em> (default): who comes while others read reads with them, so that a
 * writer may wait as long as readers keep coming. <em>Of writers</em>: once a writer waits no reader comes before him; a thread that reads
 * already may read once more all the same, as he waits for it anyway. Between two writers the readers who wait may come.
 *
 * <p><b>Held by this thread already:</b> reading nests. To write while one writes or reads, and to read while one writes, would be to wait
 * for oneself: {@link AlreadyHeldException}. <b>Closed here:</b> {@link ClosedSynchronizerException}, in blocked threads too; a
 * hold that is out stays valid until it is closed. <b>Reader killed</b>, or its thread ended: it reads no longer, nobody is told.
 * <b>Writer killed</b>, or its thread ended: it writes no longer, and {@link Hold#previousOwnerDied()} is true for all who read after it
 * and for the next who writes, who alone can repair what was half changed; a writer who died while he still waited is told to nobody.
 * <b>Holder stopped</b> ({@code SIGSTOP}): it still has its hold; others wait, or run out of time. <b>File cut off or overwritten:</b>
 * {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too. A hold is its thread's.
 *
 * <p><b>Memory consistency effects.</b> What a writer did before it closed its hold, in memory that both have mapped as well,
 * happens-before what later holders do, and what a reader did before it closed its hold happens-before what later writers do, in
 * whichever process.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}. As {@code pthread_rwlock_t} with {@code PTHREAD_PROCESS_SHARED}, whose holders
 * however keep it when they are killed.
 */
public final class SharedReadWriteLock extends SegmentSynchronizer {
    private static final SegmentObjects OBJECTS = SegmentObjects.READ_WRITE_LOCK;

    private final ReadWriteLockState state;
    private final ReadLockState reading;

    private SharedReadWriteLock(SegmentHandle.Opened opened, ReadWriteLockState state) {
        super(opened, OBJECTS);
        this.state = state;
        this.reading = state.reading();
    }

    private static SharedReadWriteLock of(SegmentHandle.Opened opened) throws IOException {
        return new SharedReadWriteLock(opened, opened.read(ReadWriteLockState::of));
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code rwlock:NAME} or {@code rwlock:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @param writerPreference whether a writer who waits keeps readers from coming
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedReadWriteLock create(Address address, boolean writerPreference) throws IOException {
        SegmentObjects.Content content = ReadWriteLockState.content(writerPreference);
        return of(OBJECTS.create(address, SegmentOptions.of(address), content));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedReadWriteLock open(Address address) throws IOException {
        return of(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none; the preference is what it was made with. */
    public static SharedReadWriteLock openOrCreate(Address address, boolean writerPreference) throws IOException {
        SegmentObjects.Content content = ReadWriteLockState.content(writerPreference);
        return of(OBJECTS.openOrCreate(address, SegmentOptions.of(address), content));
    }

    /**
     * Makes one inside a segment, where it takes 64 bytes, and 64 for each participant that the segment may have.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedReadWriteLock create(Segment segment, String name, boolean writerPreference)
            throws IOException {
        return of(OBJECTS.create(segment, name, ReadWriteLockState.content(writerPreference)));
    }

    /** Opens one inside a segment. */
    public static SharedReadWriteLock open(Segment segment, String name) throws IOException {
        return of(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedReadWriteLock openOrCreate(Segment segment, String name, boolean writerPreference)
            throws IOException {
        return of(OBJECTS.openOrCreate(segment, name, ReadWriteLockState.content(writerPreference)));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    /** Whether it was made with preference of writers. */
    public boolean hasWriterPreference() {
        return state.prefersWriters();
    }

    // ---- reading

    /**
     * Locks it for reading, and waits as long as a writer is there.
     *
     * @throws InterruptedException if interrupted before or while waiting; it is not held
     * @throws AlreadyHeldException if this thread writes
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public ReadHold readLock() throws InterruptedException {
        await(this::read);
        return read();
    }

    /**
     * Locks it for reading if no writer is there.
     *
     * @return null if one is
     * @throws AlreadyHeldException as {@link #readLock()}
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public @Nullable ReadHold tryReadLock() {
        if (use(reading::tryTake)) {
            return read();
        }
        requireNotWritten();
        ensureOpen();
        return null;
    }

    /**
     * Locks it for reading, and waits at most the given time.
     *
     * @param timeout zero or less: does not wait
     * @return null if a writer was there all that time
     * @throws InterruptedException as {@link #readLock()}
     * @throws AlreadyHeldException as {@link #readLock()}
     * @throws ClosedSynchronizerException as {@link #readLock()}
     * @throws DamagedSegmentException as {@link #readLock()}
     */
    public @Nullable ReadHold tryReadLock(Duration timeout) throws InterruptedException {
        return await(this::read, Deadline.after(timeout)) ? read() : null;
    }

    /** That it is held; what is asked for it is in memory that may be cut off. */
    private ReadHold read() {
        return useThoughClosed(() -> new ReadHold(this));
    }

    private boolean read(Blocked handle, Deadline deadline) throws InterruptedException {
        requireNotWritten();
        return reading.take(handle, deadline);
    }

    private void requireNotWritten() {
        if (state.writer().isHeldByThisThread()) {
            throw new AlreadyHeldException(address() + " is written by this thread, which would wait for itself");
        }
    }

    /** Whether the calling thread has it for reading. */
    public boolean isReadByCurrentThread() {
        return reading.isHeldByThisThread();
    }

    // ---- writing

    /**
     * Locks it for writing, and waits as long as anybody else has it.
     *
     * @throws InterruptedException if interrupted before or while waiting; it is not held
     * @throws AlreadyHeldException if this thread reads or writes
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public WriteHold writeLock() throws InterruptedException {
        await(this::write);
        return written();
    }

    /**
     * Locks it for writing if nobody has it. Readers who come while it looks may be kept for that moment.
     *
     * @return null if somebody has
     * @throws AlreadyHeldException as {@link #writeLock()}
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public @Nullable WriteHold tryWriteLock() {
        ensureOpen();
        requireFree();
        if (use(state::tryWrite)) {
            return written();
        }
        ensureOpen();
        return null;
    }

    /**
     * Locks it for writing, and waits at most the given time.
     *
     * @param timeout zero or less: looks once, and may find a reader who is about to leave as a writer has come
     * @return null if somebody had it all that time
     * @throws InterruptedException as {@link #writeLock()}
     * @throws AlreadyHeldException as {@link #writeLock()}
     * @throws ClosedSynchronizerException as {@link #writeLock()}
     * @throws DamagedSegmentException as {@link #writeLock()}
     */
    public @Nullable WriteHold tryWriteLock(Duration timeout) throws InterruptedException {
        return await(this::write, Deadline.after(timeout)) ? written() : null;
    }

    /**
     * Waits at most the given time until nobody reads or writes, and does not have it then. Whether it is so already is seen by a look,
     * which keeps nobody from anything. Else it queues as {@link #tryWriteLock(Duration)} does: with preference of writers readers who come
     * wait meanwhile, and when its turn has come it keeps readers and writers out for an instant. It writes nothing, so that it is told to
     * nobody if this process is killed meanwhile, and what there is to tell of a dead writer stays for the next one who writes.
     *
     * <p>A look sees the readers of one process after those of the other: where some come while others leave it may miss them all. What
     * is to be alone takes {@link #writeLock()}.
     *
     * <p><b>Memory consistency effects.</b> If it returns true, what was done by those who had it before happens-before what the caller
     * does next.
     *
     * @param timeout zero or less: looks only
     * @return false if somebody had it all that time
     * @throws InterruptedException as {@link #writeLock()}
     * @throws AlreadyHeldException as {@link #writeLock()}
     * @throws ClosedSynchronizerException as {@link #writeLock()}
     * @throws DamagedSegmentException as {@link #writeLock()}
     */
    public boolean tryAwaitFree(Duration timeout) throws InterruptedException {
        return await(this::awaitFree, Deadline.after(timeout));
    }

    private boolean awaitFree(Blocked handle, Deadline deadline) throws InterruptedException {
        requireFree();
        return state.awaitFree(handle, deadline);
    }

    /**
     * Whether the last one who wrote has died with it, and nobody has written since. A look: it takes no hold, keeps nobody from anything,
     * and takes the news from nobody.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public boolean hasWriterDied() {
        return use(reading::hasWriterDied);
    }

    private boolean write(Blocked handle, Deadline deadline) throws InterruptedException {
        requireFree();
        return state.write(handle, deadline);
    }

    private WriteHold written() {
        return useThoughClosed(() -> {
            boolean died = state.writer().takeDeath();
            return new WriteHold(this, state.writer().nextFence(), died);
        });
    }

    private void requireFree() {
        requireNotWritten();
        if (reading.isHeldByThisThread()) {
            throw new AlreadyHeldException(address() + " is read by this thread, which would wait for itself");
        }
    }

    /** Whether the calling thread has it for writing. */
    public boolean isWrittenByCurrentThread() {
        return state.writer().isHeldByThisThread();
    }

    // ---- what the holds ask

    ReadWriteLockState state() {
        return state;
    }

    NotHeldException notHeld(boolean closed, String what) {
        return new NotHeldException(
                address() + (closed ? " was unlocked by this hold already" : " is not " + what + " by this thread"));
    }
}
