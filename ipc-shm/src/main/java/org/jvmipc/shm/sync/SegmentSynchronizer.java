package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * What all have in common that lie in a segment and have a word that is waited for.
 *
 * <p><b>Thread safety.</b> Yes.
 */
abstract class SegmentSynchronizer implements Endpoint {
    private final SegmentHandle segment;
    private final Address address;
    private final Blocked blocked;
    private final SegmentObjects objects;
    private final Runnable closing;

    SegmentSynchronizer(SegmentHandle.Opened opened, SegmentObjects objects) {
        this(opened, objects, opened.segment()::close);
    }

    /**
     * One of which more is to be closed than the segment.
     *
     * @param closing closes all, and does nothing the second time; must not refer to this
     */
    SegmentSynchronizer(SegmentHandle.Opened opened, SegmentObjects objects, Runnable closing) {
        this.segment = opened.segment();
        this.address = opened.address();
        this.blocked = segment.blocked();
        this.objects = objects;
        this.closing = closing;
        SafetyNet.register(this, closing);
    }

    /** A call that may sleep. */
    interface Waiting {
        boolean await(Blocked handle, Deadline deadline) throws InterruptedException;
    }

    /**
     * Waits.
     *
     * @return false if the deadline passed first
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     */
    final boolean await(Waiting waiting, Deadline deadline) throws InterruptedException {
        ensureOpen();
        try {
            boolean done = waiting.await(blocked, deadline);
            segment.membership().settle();
            if (done) {
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

    /** Waits as long as it takes. */
    final void await(Waiting waiting) throws InterruptedException {
        boolean done;
        do {
            done = await(waiting, Deadline.NEVER);
        } while (!done);
    }

    /**
     * This as a receiver, with a handle of its own.
     *
     * @throws java.nio.channels.ClosedChannelException if this is closed
     */
    static <S extends SegmentSynchronizer> Receiver<S> receiver(S synchronizer, PolledSynchronizer.Kind kind)
            throws IOException {
        SegmentHandle handle = ((SegmentSynchronizer) synchronizer).segment.another();
        return new SynchronizerReceiver<>(synchronizer, new PolledSynchronizer(handle, synchronizer.address(), kind));
    }

    /** A call that never sleeps. */
    interface Use<R> {
        R of();
    }

    /** Makes the call; what is cut off is told as that. */
    final <R> R use(Use<R> use) {
        ensureOpen();
        return useThoughClosed(use);
    }

    /** The same for what may be given back after the handle was closed. */
    final <R> R useThoughClosed(Use<R> use) {
        try {
            R result = use.of();
            segment.membership().settle();
            return result;
        } catch (InternalError e) {
            throw segment.cutOff(e);
        }
    }

    final void ensureOpen() {
        if (blocked.isClosed()) {
            throw new ClosedSynchronizerException(address + " was closed");
        }
    }

    @Override
    public final Address address() {
        return address;
    }

    @Override
    public final Set<Capability> capabilities() {
        return objects.capabilities();
    }

    @Override
    public final boolean isOpen() {
        return !blocked.isClosed();
    }

    /** Closes this handle; threads that wait in it leave. */
    @Override
    public final void close() {
        closing.run();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + address + (isOpen() ? "]" : ", closed]");
    }
}
