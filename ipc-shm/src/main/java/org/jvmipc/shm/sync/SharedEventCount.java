package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.EventCountState;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * An event count (Reed and Kanodia, 1979) in shared memory: a number that only grows, and a way to sleep until it has. What a
 * condition is for a mutex it is for data that are looked at without one.
 *
 * <pre>{@code
 * int seen = arrivals.read();          // before the look, so that what comes after it is not slept through
 * if (!somethingIsThere()) {
 *     arrivals.await(seen);
 * }
 * ...
 * putSomethingThere();
 * arrivals.advance();                  // in whichever process
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #await(int)}</td><td>{@link #read()}</td><td>{@link #tryAwait(int, Duration)}: false</td></tr>
 * </table>
 *
 * <p>{@link #advance()} is one compare-and-set, and a system call only if somebody sleeps. The count has 31 bits and begins
 * again at 0: who sleeps through exactly 2,147,483,648 events misses them.
 *
 * <p><b>A process attached to the segment killed or closed:</b> the count advances, so that everybody looks again, at what the
 * dead one may have done without telling, or held. <b>Closed here:</b> {@link ClosedSynchronizerException}, in blocked threads
 * too. <b>File cut off or overwritten:</b> {@link DamagedSegmentException}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, virtual ones too.
 *
 * <p><b>Memory consistency effects.</b> What was done before an advance happens-before what is done by who has read the new
 * count, in memory that both have mapped.
 *
 * <p><b>Platform notes.</b> As {@link SharedMutex}.
 */
public final class SharedEventCount implements Endpoint {
    private static final SegmentObjects OBJECTS = SegmentObjects.EVENT_COUNT;

    private final SegmentHandle segment;
    private final Address address;
    private final Blocked blocked;
    private final EventCountState state;

    private SharedEventCount(SegmentHandle.Opened opened) {
        this.segment = opened.segment();
        this.address = opened.address();
        this.blocked = segment.blocked();
        this.state = new EventCountState(segment, opened.entry());
        SafetyNet.register(this, segment::close);
    }

    /**
     * Makes one in a segment.
     *
     * @param name of the object, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IOException if the segment has an object of this name, or no room
     */
    public static SharedEventCount create(Segment segment, String name) throws IOException {
        return new SharedEventCount(OBJECTS.create(segment, name, EventCountState.CONTENT));
    }

    /** Opens one in a segment. */
    public static SharedEventCount open(Segment segment, String name) throws IOException {
        return new SharedEventCount(OBJECTS.open(segment, name));
    }

    /** Opens one in a segment, or makes it. */
    public static SharedEventCount openOrCreate(Segment segment, String name) throws IOException {
        return new SharedEventCount(OBJECTS.openOrCreate(segment, name, EventCountState.CONTENT));
    }

    /** The count now, 0 or more. */
    public int read() {
        ensureOpen();
        try {
            return state.read();
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
    }

    /** Counts up, and wakes all who wait for that. */
    public void advance() {
        ensureOpen();
        try {
            state.advance();
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
    }

    /**
     * Waits until the count is another one.
     *
     * @param seen what {@link #read()} has answered
     * @throws InterruptedException if interrupted before or while waiting
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     */
    public void await(int seen) throws InterruptedException {
        await(seen, Deadline.NEVER);
    }

    /**
     * Waits at most the given time until the count is another one.
     *
     * @return false if the time passed first
     * @throws InterruptedException as {@link #await(int)}
     */
    public boolean tryAwait(int seen, Duration timeout) throws InterruptedException {
        return await(seen, Deadline.after(timeout));
    }

    private boolean await(int seen, Deadline deadline) throws InterruptedException {
        ensureOpen();
        try {
            if (state.await(blocked, seen, deadline)) {
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

    private void ensureOpen() {
        if (blocked.isClosed()) {
            throw new ClosedSynchronizerException(address + " was closed");
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
        return !blocked.isClosed();
    }

    /** Closes this handle; threads that wait in it leave. */
    @Override
    public void close() {
        segment.close();
    }

    @Override
    public String toString() {
        return "SharedEventCount[" + address + (isOpen() ? "]" : ", closed]");
    }
}
