package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.MutexState;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * Mutual exclusion between processes, and between their threads, that survives its holders: a lock in shared memory that comes
 * back when the process that holds it is killed, or the thread ends, and says so to the next one.
 *
 * <pre>{@code
 * try (SharedMutex mutex = SharedMutex.openOrCreate(Address.of("mutex:accounts"));
 *         SharedMutex.MutexHold hold = mutex.lock()) {
 *     if (hold.previousOwnerDied()) {
 *         repair();                                  // what the dead one may have left half done
 *     }
 *     transfer(hold.fence());
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #lock()}</td><td>{@link #tryLock()}: null</td><td>{@link #tryLock(Duration)}: null</td></tr>
 * </table>
 *
 * <p>A free mutex is taken by one compare-and-set and given back by another, without a system call. Who finds it taken looks
 * at it for a moment and then sleeps in the kernel ({@code futex(2)}), at no cost in processor time. It is not fair: who
 * comes when it is free gets it.
 *
 * <p><b>Held by this thread already:</b> {@link AlreadyHeldException}, as it is not reentrant. <b>Closed here:</b> {@link
 * ClosedSynchronizerException}, in blocked threads too; a hold that is out stays valid until it is closed. <b>Holder
 * killed</b> at whatever point: the next one has it some milliseconds after the kernel has buried the process, and {@link
 * MutexHold#previousOwnerDied()} is true. <b>Holder's thread ended:</b> the same within a second. <b>Holder stopped</b>
 * ({@code SIGSTOP}): it still holds it; others wait, or run out of time. <b>File cut off or overwritten</b> by somebody: {@link
 * DamagedSegmentException}.
 *
 * <p><b>Fencing.</b> Each hold has a number larger than all before. A resource that keeps the largest number it has seen can
 * refuse the late write of one who was stopped while he held the lock, and was then killed.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too. A hold is its thread's.
 *
 * <p><b>Memory consistency effects.</b> What a holder did before it closed its hold, in memory that both have mapped as well,
 * happens-before what the next holder does, in whichever process.
 *
 * <p><b>Platform notes.</b> Linux. Processes in different pid namespaces may share one: the death of a process that cannot be seen
 * is noticed by a look every 20 ms. Before Linux 5.16 an interrupt is noticed within 50 ms.
 */
public final class SharedMutex implements Endpoint {
    private static final SegmentObjects OBJECTS = SegmentObjects.MUTEX;
    private static final SegmentObjects.Content CONTENT = MutexState.CONTENT;

    private final SegmentHandle segment;
    private final Address address;
    private final Blocked blocked;
    private final MutexState state;

    private SharedMutex(SegmentHandle.Opened opened) {
        this.segment = opened.segment();
        this.address = opened.address();
        this.blocked = segment.blocked();
        this.state = segment.membership().mutex(opened.entry().offset());
        SafetyNet.register(this, segment::close);
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code mutex:NAME} or {@code mutex:/path}; its parameters are those of {@link SegmentOptions} but its size and objects
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedMutex create(Address address) throws IOException {
        return new SharedMutex(OBJECTS.create(address, SegmentOptions.of(address), CONTENT));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedMutex open(Address address) throws IOException {
        return new SharedMutex(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none. */
    public static SharedMutex openOrCreate(Address address) throws IOException {
        return new SharedMutex(OBJECTS.openOrCreate(address, SegmentOptions.of(address), CONTENT));
    }

    /**
     * Makes one inside a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedMutex create(Segment segment, String name) throws IOException {
        return new SharedMutex(OBJECTS.create(segment, name, CONTENT));
    }

    /** Opens one inside a segment. */
    public static SharedMutex open(Segment segment, String name) throws IOException {
        return new SharedMutex(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedMutex openOrCreate(Segment segment, String name) throws IOException {
        return new SharedMutex(OBJECTS.openOrCreate(segment, name, CONTENT));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- locking

    /**
     * Locks it, and waits as long as it takes.
     *
     * @throws InterruptedException if interrupted before or while waiting; it is not held
     * @throws AlreadyHeldException if this thread holds it
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public MutexHold lock() throws InterruptedException {
        MutexHold hold = lock(Deadline.NEVER);
        if (hold == null) {
            throw closed();
        }
        return hold;
    }

    /**
     * Locks it if it is free.
     *
     * @return null if somebody else holds it
     */
    public @Nullable MutexHold tryLock() {
        ensureOpen();
        try {
            if (state.tryTake()) {
                return hold();
            }
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
        requireNotHeld();
        ensureOpen();
        return null;
    }

    /**
     * Locks it, and waits at most the given time.
     *
     * @param timeout zero or less: does not wait
     * @return null if it was not free in that time
     * @throws InterruptedException as {@link #lock()}
     */
    public @Nullable MutexHold tryLock(Duration timeout) throws InterruptedException {
        return lock(Deadline.after(timeout));
    }

    private @Nullable MutexHold lock(Deadline deadline) throws InterruptedException {
        ensureOpen();
        try {
            requireNotHeld();
            if (state.take(blocked, deadline)) {
                return hold();
            }
        } catch (InternalError e) {
            throw segment.cutOff(e);
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
        ensureOpen();
        return null;
    }

    private MutexHold hold() {
        boolean died = state.takeDeath();
        return new MutexHold(this, state.nextFence(), died);
    }

    private void requireNotHeld() {
        if (state.isHeldByThisThread()) {
            throw new AlreadyHeldException(address + " is held by this thread, which would wait for itself");
        }
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByCurrentThread() {
        return state.isHeldByThisThread();
    }

    // ---- the endpoint

    private void ensureOpen() {
        if (blocked.isClosed()) {
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
        return OBJECTS.capabilities();
    }

    @Override
    public boolean isOpen() {
        return !blocked.isClosed();
    }

    /** Closes this handle; threads that wait in it leave. A hold that is out stays valid. */
    @Override
    public void close() {
        segment.close();
    }

    @Override
    public String toString() {
        return "SharedMutex[" + address + (isOpen() ? "]" : ", closed]");
    }

    /** A mutex that is held, until {@link #close()}. */
    public static final class MutexHold implements Hold {
        private final SharedMutex mutex;
        private long fence;
        private boolean previousOwnerDied;
        private boolean closed;

        private MutexHold(SharedMutex mutex, long fence, boolean previousOwnerDied) {
            this.mutex = mutex;
            this.fence = fence;
            this.previousOwnerDied = previousOwnerDied;
        }

        /** As {@link Hold#previousOwnerDied()}; after {@link SharedCondition#await} of the last time it was locked. */
        @Override
        public boolean previousOwnerDied() {
            return previousOwnerDied;
        }

        /** The number of this hold, larger than that of every hold of this mutex before; another one after an await. */
        public long fence() {
            return fence;
        }

        // ---- for a condition, whose await gives the mutex meanwhile

        void requireHeld() {
            if (closed || !mutex.isHeldByCurrentThread()) {
                throw notHeld();
            }
        }

        private NotHeldException notHeld() {
            return new NotHeldException(
                    mutex.address + (closed ? " was unlocked by this hold already" : " is not held by this thread"));
        }

        MutexState mutexState() {
            return mutex.state;
        }

        void giveMeanwhile() {
            close();
        }

        /** Waits for it again, interrupted or not, and though the handle is closed. */
        void takeAgain() {
            try {
                if (!mutex.state.takeUninterruptibly()) {
                    throw mutex.closed();
                }
                previousOwnerDied = mutex.state.takeDeath();
                fence = mutex.state.nextFence();
                closed = false;
            } catch (InternalError e) {
                throw mutex.segment.cutOff(e);
            }
        }

        /**
         * Unlocks it.
         *
         * @throws NotHeldException if it was unlocked already, or another thread holds it; nothing is changed
         * @throws DamagedSegmentException if the memory is not what it was
         */
        @Override
        public void close() {
            try {
                if (closed || !mutex.state.give()) {
                    throw notHeld();
                }
                closed = true;
            } catch (InternalError e) {
                throw mutex.segment.cutOff(e);
            }
        }
    }
}
