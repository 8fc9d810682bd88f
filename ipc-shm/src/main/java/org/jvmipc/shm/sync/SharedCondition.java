package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.ConditionState;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/**
 * A condition variable between processes: waiting, with a {@link SharedMutex} held, until another one has changed what it guards. The two
 * together are a monitor, as a {@link java.util.concurrent.locks.Condition} with its lock.
 *
 * <pre>{@code
 * try (MutexHold hold = mutex.lock()) {       // who takes
 *     while (buffer.isEmpty()) {
 *         filled.await(hold);                 // the mutex is free meanwhile
 *     }
 *     take();
 * }
 *
 * try (MutexHold hold = mutex.lock()) {       // who brings
 *     put();
 *     filled.signal(hold);                    // wakes when the mutex is free again
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #await(MutexHold)}</td><td>{@link #tryAwait(MutexHold, Duration)}: false</td></tr>
 * </table>
 *
 * <p>What is waited for is in memory that the mutex guards, and is looked at again after each await: it may end without reason, and does
 * whenever a process with the condition open has died. All who wait should use the same mutex. A signal wakes one of those who wait now,
 * or who come to wait at that moment, and is lost if there is none; it needs no mutex. Where some wait for one thing and some for
 * another, {@link #signalAll} or two conditions are needed. A signal that nobody waits for costs one load.
 *
 * <p>A signal with the mutex held wakes somebody only to let him wait for the mutex, which costs two changes of threads. {@link
 * #signal(MutexHold)} and {@link #signalAll(MutexHold)} put the wake-up off until the mutex is given, be that by an await.
 *
 * <p><b>Waiter killed:</b> it takes no wake-up with it: all who wait are woken, and look. <b>Killed while it signals:</b> the same.
 * <b>Killed with the mutex held:</b> told to the next holder, an awaiting one too: after each await {@link
 * MutexHold#previousOwnerDied()} says it of the last time it was locked. <b>Closed here:</b> {@link ClosedSynchronizerException}, in
 * blocked threads too. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>However an await ends,</b> it has the mutex again, and waits for that as long as it takes. It has not if the last handle on the
 * mutex's segment was closed meanwhile, or its memory is lost: then the hold is over, and the exception says so.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too.
 *
 * <p><b>Memory consistency effects.</b> Those of the mutex.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}. As {@code pthread_cond_t} with {@code PTHREAD_PROCESS_SHARED}.
 */
public final class SharedCondition extends SegmentSynchronizer {
    private static final SegmentObjects OBJECTS = SegmentObjects.CONDITION;
    private static final SegmentObjects.Content CONTENT = ConditionState.CONTENT;

    private final ConditionState state;

    private SharedCondition(SegmentHandle.Opened opened) {
        super(opened, OBJECTS);
        this.state = new ConditionState(opened.segment(), opened.entry());
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code cond:NAME} or {@code cond:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedCondition create(Address address) throws IOException {
        return new SharedCondition(OBJECTS.create(address, SegmentOptions.of(address), CONTENT));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedCondition open(Address address) throws IOException {
        return new SharedCondition(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none. */
    public static SharedCondition openOrCreate(Address address) throws IOException {
        return new SharedCondition(OBJECTS.openOrCreate(address, SegmentOptions.of(address), CONTENT));
    }

    /**
     * Makes one inside a segment, which may be another than the mutex's.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedCondition create(Segment segment, String name) throws IOException {
        return new SharedCondition(OBJECTS.create(segment, name, CONTENT));
    }

    /** Opens one inside a segment. */
    public static SharedCondition open(Segment segment, String name) throws IOException {
        return new SharedCondition(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedCondition openOrCreate(Segment segment, String name) throws IOException {
        return new SharedCondition(OBJECTS.openOrCreate(segment, name, CONTENT));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- waiting

    /**
     * Gives the mutex, waits until there is a signal, and takes the mutex again. It may end without a signal.
     *
     * @param hold of this thread; it is over meanwhile, and holds again after it, with another fencing number
     * @throws InterruptedException if interrupted before or while waiting; the mutex is held again
     * @throws NotHeldException if the hold is none of this thread's, or is closed
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting, and the mutex is held again; or if the mutex's
     *     is, and the hold is over
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void await(MutexHold hold) throws InterruptedException {
        await(hold, Deadline.NEVER);
    }

    /**
     * The same, waiting for the signal at most the given time.
     *
     * @param timeout zero or less: does not wait, and keeps the mutex
     * @return false if the time passed first
     * @throws InterruptedException as {@link #await(MutexHold)}
     * @throws NotHeldException as {@link #await(MutexHold)}
     * @throws ClosedSynchronizerException as {@link #await(MutexHold)}
     * @throws DamagedSegmentException as {@link #await(MutexHold)}
     */
    public boolean tryAwait(MutexHold hold, Duration timeout) throws InterruptedException {
        return await(hold, Deadline.after(timeout));
    }

    private boolean await(MutexHold hold, Deadline deadline) throws InterruptedException {
        hold.requireHeld();
        ensureOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (deadline.isNow()) {
            return false;
        }
        int seen = use(state::sign); // with the mutex held: what is changed from here on is signalled after it
        hold.giveMeanwhile();
        boolean interrupted = false;
        try {
            return await((handle, until) -> state.await(seen, handle, until), deadline);
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } finally {
            takeAgain(hold, interrupted);
        }
    }

    /** Who cannot come back has perhaps had the signal that was for another one: it is passed on. */
    private void takeAgain(MutexHold hold, boolean interrupted) {
        boolean taken = false;
        try {
            hold.takeAgain();
            taken = true;
        } finally {
            if (!taken) {
                if (interrupted) {
                    Thread.currentThread().interrupt(); // the error that is thrown does not tell
                }
                useThoughClosed(() -> {
                    state.signalAll();
                    return true;
                });
            }
        }
    }

    // ---- signals

    /**
     * Wakes one of those who wait, if somebody does; at once, whoever has the mutex.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void signal() {
        use(() -> {
            state.signal();
            return true;
        });
    }

    /**
     * Wakes one of those who wait, as soon as the mutex is given: by the close of the hold, by an await, or because this thread or
     * process has ended. To be used where all who wait do so with this mutex.
     *
     * @param hold of this thread
     * @throws NotHeldException if the hold is none of this thread's, or is closed
     * @throws ClosedSynchronizerException if this handle is closed; that it is closed later keeps nobody from being woken
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void signal(MutexHold hold) {
        signalAtGiving(hold, false);
    }

    /**
     * Wakes all who wait now, as soon as the mutex is given.
     *
     * @param hold of this thread
     * @throws NotHeldException as {@link #signal(MutexHold)}
     * @throws ClosedSynchronizerException as {@link #signal(MutexHold)}
     * @throws DamagedSegmentException as {@link #signal(MutexHold)}
     */
    public void signalAll(MutexHold hold) {
        signalAtGiving(hold, true);
    }

    private void signalAtGiving(MutexHold hold, boolean all) {
        hold.requireHeld();
        use(() -> {
            state.signalAtGiving(hold.mutexState(), all);
            return true;
        });
    }

    /**
     * Wakes all who wait; at once, whoever has the mutex.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void signalAll() {
        use(() -> {
            state.signalAll();
            return true;
        });
    }
}
