package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.BarrierState;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * A barrier between processes: a number of threads, of whichever processes, wait for each other, all go through when the last one has
 * come, and meet again in the next generation; as a {@link java.util.concurrent.CyclicBarrier}. It breaks for all when a process
 * that takes part dies.
 *
 * <pre>{@code
 * try (SharedBarrier step = SharedBarrier.openOrCreate(Address.of("barrier:step"), 3)) {
 *     while (more()) {
 *         compute();
 *         step.await();       // until all three are here
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #await()}</td><td>{@link #tryAwait(Duration)}: false; {@link #tryPass(Duration)}: null</td></tr>
 * </table>
 *
 * <p>A process <b>takes part</b> as long as it has the barrier open. <b>Killed</b> then, at the barrier or on the way to it, it breaks the
 * barrier: who waits, and who comes from then on, gets a {@link BarrierBrokenException} that names it, until somebody calls {@link
 * #reset()}; once more if the process that was about to put the death in order is killed as well, so who resets looks whether it holds.
 * One that has closed it breaks nothing, and is not waited for any longer than for its number. A JVM that ends without having closed it
 * has died with it.
 *
 * <p><b>Who gives up</b> (time, interrupt, close) takes his arrival back: the others wait on. That is unlike {@code CyclicBarrier}, which
 * breaks. <b>Reset:</b> who waits gets a {@link BarrierBrokenException}, and may come again; so may one who was complete already, if more
 * threads than parties use it and he did not come to look for fourteen generations. <b>Closed here:</b> {@link
 * ClosedSynchronizerException}, in blocked threads too. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too.
 *
 * <p><b>Memory consistency effects.</b> What each did before it came happens-before what each does after it went through, in whichever
 * process, in memory that all have mapped as well.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}. As {@code pthread_barrier_t} with {@code PTHREAD_PROCESS_SHARED}, where however
 * nobody learns of a death.
 */
public final class SharedBarrier extends SegmentSynchronizer {
    private static final SegmentObjects OBJECTS = SegmentObjects.BARRIER;

    private final BarrierState state;

    private SharedBarrier(SegmentHandle.Opened opened, BarrierState state) {
        super(opened, OBJECTS, state::close);
        this.state = state;
    }

    private static SharedBarrier of(SegmentHandle.Opened opened) throws IOException {
        return new SharedBarrier(opened, opened.read(BarrierState::of));
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it.
     *
     * @param address {@code barrier:NAME} or {@code barrier:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @param parties how many meet, 1 to 65,535
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedBarrier create(Address address, int parties) throws IOException {
        return of(OBJECTS.create(address, SegmentOptions.of(address), BarrierState.content(parties)));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedBarrier open(Address address) throws IOException {
        return of(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none; the number of parties is what it was made with. */
    public static SharedBarrier openOrCreate(Address address, int parties) throws IOException {
        return of(OBJECTS.openOrCreate(address, SegmentOptions.of(address), BarrierState.content(parties)));
    }

    /**
     * Makes one inside a segment, where it takes 64 bytes, and 4 for each participant that the segment may have.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedBarrier create(Segment segment, String name, int parties) throws IOException {
        return of(OBJECTS.create(segment, name, BarrierState.content(parties)));
    }

    /** Opens one inside a segment. */
    public static SharedBarrier open(Segment segment, String name) throws IOException {
        return of(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedBarrier openOrCreate(Segment segment, String name, int parties) throws IOException {
        return of(OBJECTS.openOrCreate(segment, name, BarrierState.content(parties)));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- meeting

    /** How many meet. */
    public int parties() {
        return state.parties();
    }

    /**
     * How many have arrived and wait; of one that is broken none does.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public int arrived() {
        return use(() -> state.isBroken() ? 0 : state.arrived());
    }

    /**
     * Whether a process that took part has died since it was made or reset.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public boolean isBroken() {
        return use(state::isBroken);
    }

    /**
     * Arrives, and waits until all have.
     *
     * @return how many were still to come: 0 for the one who came last, one less than there are parties for the first
     * @throws InterruptedException if interrupted before or while waiting; the arrival is taken back
     * @throws BarrierBrokenException if a process that took part has died, or it was reset while waiting
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting; the arrival is taken back
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public int await() throws InterruptedException {
        int[] toCome = new int[1];
        await((handle, deadline) -> {
            toCome[0] = (int) told(state.await(handle, deadline));
            return toCome[0] >= 0;
        });
        return toCome[0];
    }

    /**
     * Arrives, and waits at most the given time until all have.
     *
     * @param timeout zero or less: does not wait, and arrives only if it is the last one
     * @return false if the time passed first; the arrival is taken back
     * @throws InterruptedException as {@link #await()}
     * @throws BarrierBrokenException as {@link #await()}
     * @throws ClosedSynchronizerException as {@link #await()}
     * @throws DamagedSegmentException as {@link #await()}
     */
    public boolean tryAwait(Duration timeout) throws InterruptedException {
        return await((handle, deadline) -> told(state.await(handle, deadline)) >= 0, Deadline.after(timeout));
    }

    /**
     * How somebody went through.
     *
     * @param generation which meeting it was since the barrier was made, from 0; a reset counts as one
     * @param toCome how many were still to come when he came, as {@link #await()} tells
     */
    public record Passage(long generation, int toCome) {}

    /**
     * As {@link #tryAwait(Duration)}, and tells more.
     *
     * @param timeout zero or less: does not wait, and arrives only if it is the last one
     * @return null if the time passed first; the arrival is taken back
     * @throws InterruptedException as {@link #await()}
     * @throws BarrierBrokenException as {@link #await()}
     * @throws ClosedSynchronizerException as {@link #await()}
     * @throws DamagedSegmentException as {@link #await()}
     */
    public @Nullable Passage tryPass(Duration timeout) throws InterruptedException {
        long[] passage = new long[1];
        boolean through = await(
                (handle, deadline) -> {
                    passage[0] = told(state.pass(handle, deadline));
                    return passage[0] >= 0;
                },
                Deadline.after(timeout));
        return through ? new Passage(BarrierState.generation(passage[0]), BarrierState.toCome(passage[0])) : null;
    }

    private long told(long answer) {
        if (answer == BarrierState.BROKEN) {
            throw new BarrierBrokenException(address() + " is broken: process " + state.brokenBy()
                    + ", which took part, has died; reset() makes it as new");
        }
        if (answer == BarrierState.RESET) {
            throw new BarrierBrokenException(address() + " was reset while this thread waited");
        }
        return answer;
    }

    /**
     * Begins anew, with nobody there, and no longer broken. Who waits gets a {@link BarrierBrokenException}.
     *
     * @throws ClosedSynchronizerException if this handle is closed
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void reset() {
        use(() -> {
            state.reset();
            return true;
        });
    }
}
