package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.EventState;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * An event between processes: set or not, and waited for until it is set, as Windows and Python know it.
 *
 * <pre>{@code
 * try (SharedEvent stop = SharedEvent.openOrCreate(Address.of("event:stop"), false)) {
 *     while (!stop.tryAwait(Duration.ofSeconds(1))) {
 *         work();
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #await()}</td><td>{@link #tryAwait()}: false</td><td>{@link #tryAwait(Duration)}: false</td></tr>
 * </table>
 *
 * <table>
 * <caption>Modes, settled at creation</caption>
 * <tr><th></th><th>manual (default)</th><th>automatic</th></tr>
 * <tr><td>set lets through</td><td>all who wait, though it is reset at once, and all who come</td><td>one</td></tr>
 * <tr><td>is reset by</td><td>{@link #reset()}</td><td>the one it lets through, or {@link #reset()}</td></tr>
 * </table>
 *
 * <p>Setting one that is set already does nothing: an event is no count, a {@link SharedSemaphore} is. Set, reset and waiting for one that is
 * set are a compare-and-set or less; a system call is made only where somebody sleeps.
 *
 * <p><b>Another process killed:</b> the event stays as it is, and nobody's wake-up is lost: of one that was woken by an automatic one
 * and is killed before it has taken it, another is let through. One that has taken it and is killed has it. <b>Closed
 * here:</b> {@link ClosedSynchronizerException}, in blocked threads too. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too.
 *
 * <p><b>Memory consistency effects.</b> What was done before a set happens-before what is done by those whom it lets through, in
 * whichever process, in memory that both have mapped as well.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}.
 */
public final class SharedEvent extends SegmentSynchronizer {
    private static final SegmentObjects OBJECTS = SegmentObjects.EVENT;

    private final EventState state;

    private SharedEvent(SegmentHandle.Opened opened, EventState state) {
        super(opened, OBJECTS);
        this.state = state;
    }

    /** Takes over what was opened, or closes it: its mode may be anything. */
    private static SharedEvent of(SegmentHandle.Opened opened) throws IOException {
        boolean good = false;
        try {
            SharedEvent event = new SharedEvent(opened, new EventState(opened.segment(), opened.entry()));
            good = true;
            return event;
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
     * Makes one that must not exist, not set, and opens it.
     *
     * @param address {@code event:NAME} or {@code event:/path}; its parameters are those of {@link SegmentOptions} but size and objects
     * @param automatic the mode
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     * @throws IOException if it cannot be made; nothing is left behind
     */
    public static SharedEvent create(Address address, boolean automatic) throws IOException {
        return of(OBJECTS.create(address, SegmentOptions.of(address), EventState.content(automatic)));
    }

    /**
     * Opens one that exists: of its own, or with the parameter {@code object} one that is embedded in a segment at the path.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if the file is none of ours
     * @throws IOException if it cannot be opened
     */
    public static SharedEvent open(Address address) throws IOException {
        return of(OBJECTS.open(address));
    }

    /** Opens it, or makes it if there is none; the mode is the one it was made with. */
    public static SharedEvent openOrCreate(Address address, boolean automatic) throws IOException {
        return of(OBJECTS.openOrCreate(address, SegmentOptions.of(address), EventState.content(automatic)));
    }

    /**
     * Makes one inside a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedEvent create(Segment segment, String name, boolean automatic) throws IOException {
        return of(OBJECTS.create(segment, name, EventState.content(automatic)));
    }

    /** Opens one inside a segment. */
    public static SharedEvent open(Segment segment, String name) throws IOException {
        return of(OBJECTS.open(segment, name));
    }

    /** Opens one inside a segment, or makes it. */
    public static SharedEvent openOrCreate(Segment segment, String name, boolean automatic) throws IOException {
        return of(OBJECTS.openOrCreate(segment, name, EventState.content(automatic)));
    }

    /**
     * Removes the name. Those who have it open go on with it.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return OBJECTS.remove(address);
    }

    // ---- setting and waiting

    /** Whether who is let through resets it. */
    public boolean isAutomatic() {
        return state.isAutomatic();
    }

    /** Whether it is set at this moment. */
    public boolean isSet() {
        return use(state::isSet);
    }

    /** Sets it, and lets through all who wait, or of an automatic one one of them. */
    public void set() {
        use(() -> {
            state.set();
            return true;
        });
    }

    /**
     * Resets it.
     *
     * @return whether it was set
     */
    public boolean reset() {
        return use(state::reset);
    }

    /**
     * Waits until it is set; an automatic one is reset by that.
     *
     * @throws InterruptedException if interrupted before or while waiting; it is as it was
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void await() throws InterruptedException {
        await(state::await, Deadline.NEVER);
    }

    /** Whether it is set; an automatic one is reset by that. */
    public boolean tryAwait() {
        return use(state::tryAwait);
    }

    /**
     * Waits at most the given time until it is set; an automatic one is reset by that.
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
     * This event as a receiver, to be waited for together with others in a {@link org.jvmipc.ReceiverSet}. A receive is an
     * {@link #await()}: of an automatic one it takes what was set; a manual one is ready until it is reset. It has a handle of its own
     * and is closed for itself: this one may be closed before it.
     *
     * @return a receiver whose every message is this event
     * @throws java.nio.channels.ClosedChannelException if this handle is closed
     * @throws IOException if it cannot be opened
     */
    public Receiver<SharedEvent> openReceiver() throws IOException {
        return receiver(this, new PolledKinds.OfEvent(state));
    }
}
