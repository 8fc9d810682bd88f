package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.LatchState;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * A latch between processes: closed until it was counted down to 0, and open for ever then, as a {@link
 * java.util.concurrent.CountDownLatch}.
 *
 * <pre>{@code
 * try (SharedLatch ready = SharedLatch.openOrCreate(Address.of("latch:ready"), 3)) {
 *     prepare();
 *     ready.countDown();      // each of three processes
 *     ready.await();          // until all have
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #await()}</td><td>{@link #tryAwait()}: false</td><td>{@link #tryAwait(Duration)}: false</td></tr>
 * </table>
 *
 * <p>Counting is a compare-and-set, and a system call only if it opens the latch and somebody sleeps. It cannot be closed again: make
 * another one, or use a barrier.
 *
 * <p><b>Another process killed:</b> the latch stays as it is; what the dead one was still to count nobody counts for it. Nobody's wake-up
 * is lost, though the one that has opened it dies before it has woken anybody. <b>Closed here:</b> {@link
 * ClosedSynchronizerException}, in blocked threads too. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too.
 *
 * <p><b>Memory consistency effects.</b> What was done before a count-down happens-before what is done after an await that it has
 * ended, in whichever process, in memory that both have mapped as well.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}.
 */
public final class SharedLatch extends SegmentSynchronizer {
    private static final SegmentObjects OBJECTS = SegmentObjects.LATCH;

    private final LatchState state;

    private SharedLatch(SegmentHandle.Opened opened) {
        super(opened, OBJECTS);
        this.state = new LatchState(opened.segment(), opened.entry());
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code latch:NAME} or {@code latch:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @param count how often it is to be counted down, 0 or more
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedLatch create(Address address, int count) throws IOException {
        return new SharedLatch(OBJECTS.create(address, SegmentOptions.of(address), LatchState.content(count)));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedLatch open(Address address) throws IOException {
        return new SharedLatch(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none; the count is what it was made with. */
    public static SharedLatch openOrCreate(Address address, int count) throws IOException {
        return new SharedLatch(OBJECTS.openOrCreate(address, SegmentOptions.of(address), LatchState.content(count)));
    }

    /**
     * Makes one inside a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedLatch create(Segment segment, String name, int count) throws IOException {
        return new SharedLatch(OBJECTS.create(segment, name, LatchState.content(count)));
    }

    /** Opens one inside a segment. */
    public static SharedLatch open(Segment segment, String name) throws IOException {
        return new SharedLatch(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedLatch openOrCreate(Segment segment, String name, int count) throws IOException {
        return new SharedLatch(OBJECTS.openOrCreate(segment, name, LatchState.content(count)));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- counting and waiting

    /** What is still to be counted, 0 if it is open. */
    public int count() {
        return use(state::count);
    }

    /** Counts down by one; wakes all who wait if that opens it. Of an open one it does nothing. */
    public void countDown() {
        countDown(1);
    }

    /**
     * Counts down by several, to 0 at most.
     *
     * @param steps 1 or more
     */
    public void countDown(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + "; it is 1 or more");
        }
        use(() -> {
            state.countDown(steps);
            return true;
        });
    }

    /**
     * Waits until it is open.
     *
     * @throws InterruptedException if interrupted before or while waiting
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void await() throws InterruptedException {
        await(state::await, Deadline.NEVER);
    }

    /** Whether it is open. */
    public boolean tryAwait() {
        return count() == 0;
    }

    /**
     * Waits at most the given time until it is open.
     *
     * @param timeout zero or less: does not wait
     * @return false if the time passed first
     * @throws InterruptedException as {@link #await()}
     */
    public boolean tryAwait(Duration timeout) throws InterruptedException {
        return await(state::await, Deadline.after(timeout));
    }

    // ---- together with others

    /**
     * This latch as a receiver, to be waited for together with others in a {@link org.jvmipc.ReceiverSet}. A receive is an
     * {@link #await()}; once it is open it is ready for ever: take it out of the set then. It has a handle of its own and is closed for
     * itself: this one may be closed before it.
     *
     * @return a receiver whose every message is this latch
     * @throws java.nio.channels.ClosedChannelException if this handle is closed
     * @throws IOException if it cannot be opened
     */
    public Receiver<SharedLatch> openReceiver() throws IOException {
        return receiver(this, new PolledKinds.OfLatch(state));
    }
}
