package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Endpoint;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.internal.OwnersState;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * Numbered places in shared memory, each held by at most one process: what says of records of one's own whose they are, and
 * that he is dead.
 *
 * <pre>{@code
 * SharedOwners owners = SharedOwners.openOrCreate(segment, "leases", 128);
 * if (owners.tryClaim(7)) {
 *     ...                          // record 7 is this process's; it is nobody's again when it is killed
 *     owners.release(7);
 * }
 * }</pre>
 *
 * <p>A place is taken by one compare-and-set, so that at no instant it is held by somebody unknown. It is the process's, not
 * a thread's. There is no waiting: a {@link SharedEventCount} in the same segment advances at every death, after the places of
 * the dead one have become free.
 *
 * <p><b>Holder killed:</b> the place is free as soon as one of those attached has proven the death, within milliseconds.
 * <b>Last handle of the process on the segment closed:</b> the same. <b>Holder stopped</b> ({@code SIGSTOP}): it holds it
 * still; {@link #seize} takes it from him all the same. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Memory consistency effects.</b> What was done before a release happens-before what is done after the next claim.
 */
public final class SharedOwners implements Endpoint {
    private static final SegmentObjects OBJECTS = SegmentObjects.OWNERS;

    private final SegmentHandle segment;
    private final Address address;
    private final OwnersState state;

    private SharedOwners(SegmentHandle.Opened opened) {
        this.segment = opened.segment();
        this.address = opened.address();
        this.state = new OwnersState(segment, opened.entry());
        SafetyNet.register(this, segment::close);
    }

    /**
     * Makes one in a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @param places 1 to 65,536
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedOwners create(Segment segment, String name, int places) throws IOException {
        return opened(OBJECTS.create(segment, name, OwnersState.content(places)));
    }

    /** Opens one in a segment. */
    public static SharedOwners open(Segment segment, String name) throws IOException {
        return opened(OBJECTS.open(segment, name));
    }

    /** Opens one in a segment, or makes it; it has as many places as it was made with. */
    public static SharedOwners openOrCreate(Segment segment, String name, int places) throws IOException {
        return opened(OBJECTS.openOrCreate(segment, name, OwnersState.content(places)));
    }

    private static SharedOwners opened(SegmentHandle.Opened opened) throws CorruptDataException {
        try {
            return new SharedOwners(opened);
        } catch (DamagedSegmentException e) {
            opened.segment().close();
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        }
    }

    /** How many places there are. */
    public int places() {
        return state.places();
    }

    /**
     * Takes the place if nobody has it.
     *
     * @return false if somebody has it, this process included
     */
    public boolean tryClaim(int place) {
        return on(place, () -> state.tryClaim(place));
    }

    /**
     * Takes the place whoever has it, for who knows by other means (a time that has passed) that it is due.
     *
     * @return false if this process is just closing the segment
     */
    public boolean seize(int place) {
        return on(place, () -> state.seize(place));
    }

    /**
     * Gives the place back.
     *
     * @return false if this process does not hold it; nothing was changed
     */
    public boolean release(int place) {
        return on(place, () -> state.release(place));
    }

    /** Whether this process holds the place. */
    public boolean isMine(int place) {
        return on(place, () -> state.isMine(place));
    }

    /** Whether any process holds the place. */
    public boolean isHeld(int place) {
        return on(place, () -> state.isHeld(place));
    }

    private interface Step {
        boolean run();
    }

    private boolean on(int place, Step step) {
        if (place < 0 || place >= state.places()) {
            throw new IndexOutOfBoundsException("place is " + place + "; " + address + " has " + state.places());
        }
        if (!isOpen()) {
            throw new ClosedSynchronizerException(address + " was closed");
        }
        try {
            return step.run();
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
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
        return !segment.blocked().isClosed();
    }

    /** Closes this handle; what this process holds it keeps until it closes the segment. */
    @Override
    public void close() {
        segment.close();
    }

    @Override
    public String toString() {
        return "SharedOwners[" + address + ", " + state.places() + " places" + (isOpen() ? "]" : ", closed]");
    }
}
