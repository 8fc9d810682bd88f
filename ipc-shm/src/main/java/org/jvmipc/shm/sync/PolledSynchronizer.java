package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.PollBridge;
import org.jvmipc.internal.Watchers;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.Pollee;
import org.jvmipc.shm.internal.SegmentHandle;

/**
 * What a {@link SynchronizerReceiver} does, without a reference to it: the thread that makes it pollable keeps this.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class PolledSynchronizer {
    private final SegmentHandle segment;
    private final Address address;
    private final Kind kind;
    private final Watchers watchers = new Watchers();

    /** Guarded by this. */
    private @Nullable PollBridge bridge;

    /** Whether no bridge may be made any more; guarded by this. */
    private boolean detached;

    /** How it is waited for. */
    interface Kind {
        /** Whether it would be had now. */
        boolean isReady();

        /** Takes it, and waits for it; false if the deadline passed first, or the handle was closed. */
        boolean take(Blocked handle, Deadline deadline) throws InterruptedException;

        /** The word that shows it. */
        Pollee pollee();
    }

    /** Takes over a handle. */
    PolledSynchronizer(SegmentHandle segment, Address address, Kind kind) {
        this.segment = segment;
        this.address = address;
        this.kind = kind;
    }

    boolean take(Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        try {
            boolean taken = kind.take(segment.blocked(), deadline);
            LateErrors.come(); // what was taken in memory that is lost is nothing
            if (taken) {
                return true;
            }
        } catch (InternalError e) {
            throw corrupt(segment.cutOff(e));
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        return false;
    }

    private static CorruptDataException corrupt(DamagedSegmentException e) {
        return new CorruptDataException(String.valueOf(e.getMessage()), e);
    }

    // ---- in a set

    int fd() throws IOException {
        return bridge().fd();
    }

    private synchronized PollBridge bridge() throws IOException {
        if (detached) {
            throw new ClosedChannelException();
        }
        PollBridge present = bridge;
        if (present == null) {
            present = new PollBridge(new Source(), address.toString());
            bridge = present;
        }
        return present;
    }

    private final class Source implements PollBridge.Source {
        @Override
        public int read() {
            return kind.pollee().sign();
        }

        @Override
        public void await(int signed) throws InterruptedException {
            kind.pollee().awaitSign(segment.blocked(), signed);
        }
    }

    void arm() throws IOException {
        boolean ready = ready();
        try {
            bridge().arm(!ready);
            LateErrors.come(); // here, and not in the set that asks
        } catch (InternalError e) {
            throw corrupt(segment.cutOff(e));
        }
    }

    boolean ready() throws IOException {
        ensureOpen();
        try {
            boolean ready = kind.isReady();
            LateErrors.come(); // here, and not in the set that asks
            return ready;
        } catch (InternalError e) {
            throw corrupt(segment.cutOff(e));
        }
    }

    Watchers watchers() {
        return watchers;
    }

    // ---- the endpoint

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    boolean isOpen() {
        return !segment.blocked().isClosed();
    }

    /** Closes the handle, which gets out who waits; first of all its descriptor is polled no longer. */
    void close() {
        watchers.closing();
        synchronized (this) {
            detached = true;
            if (bridge != null) {
                bridge.close();
            }
        }
        segment.close();
    }
}
