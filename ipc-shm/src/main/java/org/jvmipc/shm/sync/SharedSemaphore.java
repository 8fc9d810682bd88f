package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Endpoint;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.internal.Semaphore;
import org.jvmipc.shm.internal.SemaphoreState;

/**
 * A counting semaphore between processes (Dijkstra): {@link #acquire()} is P, {@link #release()} is V.
 *
 * <pre>{@code
 * try (SharedSemaphore items = SharedSemaphore.openOrCreate(Address.of("sem:items"), 0, false)) {
 *     items.acquire();          // P: waits until there is one
 *     ...
 *     items.release();          // V
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms; each also for several permits at once, all or none</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #acquire()}</td><td>{@link #tryAcquire()}: false</td><td>{@link #tryAcquire(Duration)}: false</td></tr>
 * </table>
 *
 * <table>
 * <caption>Modes, settled at creation</caption>
 * <tr><th></th><th>plain (default)</th><th>robust</th></tr>
 * <tr><td>is for</td><td>signalling: items in a buffer</td><td>a resource: connections, places</td></tr>
 * <tr><td>V is done by</td><td>anybody</td><td>a process that holds the permit, else {@link NotHeldException}</td></tr>
 * <tr><td>permits</td><td>0 to 1,073,741,823, grows by V</td><td>1 to 4096, as many as at creation</td></tr>
 * <tr><td>process killed between P and V</td><td>its permits do not come back</td><td>exactly its own come back</td></tr>
 * </table>
 *
 * <p>P with enough permits and V that nobody waits for are a compare-and-set each (four of a robust one), without a system call. Who finds
 * too few looks for a moment and then sleeps in the kernel ({@code futex(2)}). It is not fair; who wants many may wait as
 * long as others come who want few.
 *
 * <p><b>Closed here:</b> {@link ClosedSynchronizerException}, in blocked threads too. What this process holds of a robust
 * one comes back when it closes its last handle on the segment. <b>Another process killed:</b> see above, and nobody's
 * wake-up is lost. <b>Stopped</b> ({@code SIGSTOP}): keeps what it holds. <b>File cut off or overwritten</b>: {@link
 * DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too. Permits belong to the process: one thread may
 * acquire and another release.
 *
 * <p><b>Memory consistency effects.</b> What was done before a release happens-before what is done after an acquire that gets
 * the permit, in whichever process, in memory that both have mapped as well.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}.
 */
public final class SharedSemaphore implements Endpoint {
    private static final SegmentObjects OBJECTS = SegmentObjects.SEMAPHORE;

    private final SegmentHandle segment;
    private final Address address;
    private final Blocked blocked;
    private final Semaphore semaphore;

    private SharedSemaphore(SegmentHandle.Opened opened, Semaphore semaphore) {
        this.segment = opened.segment();
        this.address = opened.address();
        this.blocked = segment.blocked();
        this.semaphore = semaphore;
        SafetyNet.register(this, segment::close);
    }

    /** Takes over what was opened, or closes it: its mode and number of permits may be anything. */
    private static SharedSemaphore of(SegmentHandle.Opened opened) throws IOException {
        boolean good = false;
        try {
            SharedSemaphore semaphore =
                    new SharedSemaphore(opened, SemaphoreState.of(opened.segment(), opened.entry()));
            good = true;
            return semaphore;
        } catch (InternalError e) {
            throw new CorruptDataException(opened.address() + ": its file was cut off", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!good) {
                opened.segment().close();
            }
        }
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code sem:NAME} or {@code sem:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @param permits how many there are at first; of a robust one how many there are at all
     * @param robust the mode
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedSemaphore create(Address address, int permits, boolean robust) throws IOException {
        return of(OBJECTS.create(address, SegmentOptions.of(address), SemaphoreState.content(permits, robust)));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedSemaphore open(Address address) throws IOException {
        return of(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none; the permits and the mode are those it was made with. */
    public static SharedSemaphore openOrCreate(Address address, int permits, boolean robust) throws IOException {
        return of(OBJECTS.openOrCreate(address, SegmentOptions.of(address), SemaphoreState.content(permits, robust)));
    }

    /**
     * Makes one inside a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedSemaphore create(Segment segment, String name, int permits, boolean robust) throws IOException {
        return of(OBJECTS.create(segment, name, SemaphoreState.content(permits, robust)));
    }

    /** Opens one inside a segment. */
    public static SharedSemaphore open(Segment segment, String name) throws IOException {
        return of(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedSemaphore openOrCreate(Segment segment, String name, int permits, boolean robust)
            throws IOException {
        return of(OBJECTS.openOrCreate(segment, name, SemaphoreState.content(permits, robust)));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- P

    /**
     * P: takes a permit, and waits for it.
     *
     * @throws InterruptedException if interrupted before or while waiting; nothing was taken
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * P of several: takes all of them at once, and waits for that.
     *
     * @param permits 1 or more, and at most as many as there can be: of a robust one those it was made with, of a plain one
     *     1,073,741,823
     * @throws IllegalArgumentException if it is less or more
     * @throws InterruptedException as {@link #acquire()}
     */
    public void acquire(int permits) throws InterruptedException {
        if (!take(permits, Deadline.NEVER)) {
            throw closed();
        }
    }

    /** Takes a permit if there is one. */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Takes so many permits if there are so many.
     *
     * @param permits as of {@link #acquire(int)}
     * @return false if there are not; nothing was taken
     */
    public boolean tryAcquire(int permits) {
        ensureOpen();
        requireWanted(permits);
        try {
            if (semaphore.tryTake(permits)) {
                return true;
            }
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
        ensureOpen();
        return false;
    }

    /** Takes a permit, and waits for it at most the given time. */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return tryAcquire(1, timeout);
    }

    /**
     * Takes so many permits at once, and waits for that at most the given time.
     *
     * @param permits as of {@link #acquire(int)}
     * @param timeout zero or less: does not wait
     * @return false if there were not so many in that time; nothing was taken
     * @throws InterruptedException as {@link #acquire()}
     */
    public boolean tryAcquire(int permits, Duration timeout) throws InterruptedException {
        return take(permits, Deadline.after(timeout));
    }

    private boolean take(int permits, Deadline deadline) throws InterruptedException {
        ensureOpen();
        requireWanted(permits);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            if (semaphore.take(blocked, permits, deadline)) {
                return true;
            }
        } catch (InternalError e) {
            throw segment.cutOff(e);
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
        ensureOpen();
        return false;
    }

    // ---- V

    /**
     * V: gives a permit.
     *
     * @throws NotHeldException if it is robust and this process holds none
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws IllegalStateException if it is plain and has as many as it can have
     */
    public void release() {
        release(1);
    }

    /**
     * V of several. Of a robust one it may wait, without regard to an interrupt, for a process that is just counting permits: for
     * a moment, unless that one is stopped.
     *
     * @param permits 1 or more
     * @throws NotHeldException if it is robust and this process holds fewer; none are given
     * @throws IllegalStateException if it is plain and would have more than it can have; none are given
     */
    public void release(int permits) {
        ensureOpen();
        requirePermits(permits);
        try {
            switch (semaphore.give(permits)) {
                case BACK -> {}
                case NOT_HELD -> {
                    ensureOpen(); // what is closed meanwhile holds nothing any more
                    throw new NotHeldException(address + ": this process does not hold " + permits + " of its permits");
                }
                case TOO_MANY -> throw new IllegalStateException(address + " has " + value() + " permits; with "
                        + permits + " more it would have more than it can have");
            }
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
    }

    private static void requirePermits(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits is " + permits + "; it is 1 or more");
        }
    }

    /** More than there can ever be would be waited for without end. */
    private void requireWanted(int permits) {
        requirePermits(permits);
        if (permits > semaphore.most()) {
            throw new IllegalArgumentException(
                    "permits is " + permits + "; " + address + " has at most " + semaphore.most());
        }
    }

    /** How many permits there are at this moment. */
    public int value() {
        ensureOpen();
        try {
            return semaphore.value();
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
    }

    /** Whether the permits of a process that is killed come back. */
    public boolean isRobust() {
        return semaphore.isRobust();
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

    /** Closes this handle; threads that wait in it leave. */
    @Override
    public void close() {
        segment.close();
    }

    @Override
    public String toString() {
        return "SharedSemaphore[" + address + (isOpen() ? "]" : ", closed]");
    }

    // ---- together with others

    /**
     * This semaphore as a receiver, to be waited for together with others in a {@link org.jvmipc.ReceiverSet}. A receive is P: it
     * takes a permit, which belongs to this process as that of {@link #acquire()}. It has a handle of its own and is closed for itself:
     * this one may be closed before it.
     *
     * @return a receiver whose every message is this semaphore
     * @throws java.nio.channels.ClosedChannelException if this handle is closed
     * @throws IOException if it cannot be opened
     */
    public Receiver<SharedSemaphore> openReceiver() throws IOException {
        return new SynchronizerReceiver<>(
                this, new PolledSynchronizer(segment.another(), address, new PolledKinds.OfSemaphore(semaphore)));
    }
}
