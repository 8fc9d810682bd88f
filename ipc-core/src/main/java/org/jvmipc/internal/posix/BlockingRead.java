package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * A reader's wait in the read itself, which is one call where polling is two: on the descriptor, if it blocks, or on a twin
 * of it that does. Who wants the reader to leave calls {@link #wake()}.
 *
 * <p><b>Thread safety.</b> One thread at a time reads: who holds the endpoint's lock. Any may call {@link #wake()}.
 */
final class BlockingRead implements ThreadWaker.Blocked {
    /** A read shorter than this did not wait. */
    private static final long NO_WAIT_NANOS = 2_000;

    private final Fd fd;
    private final DataPath path;

    /** A blocking descriptor of the same pipe, from the first {@link #descriptor} on. */
    private @Nullable Fd twin;

    private boolean twinRefused;

    /** The thread that is in a blocking read, 0 if none is; and which read it is, counted. */
    private volatile long blockedThread;

    private volatile long blockingReads;

    BlockingRead(Fd fd, DataPath path) {
        this.fd = fd;
        this.path = path;
    }

    /** What {@link #read} may use; null if there is nothing that blocks and that a thread could be woken out of. */
    @Nullable
    Fd descriptor() {
        if (path.blocksItself()) {
            return ThreadWaker.AVAILABLE ? fd : null;
        }
        if (twin == null && !twinRefused && ThreadWaker.AVAILABLE) {
            try {
                twin = OsCalls.blockingTwin(fd.number());
            } catch (IOException e) {
                twinRefused = true; // no pipe, or no descriptor left: polling does the same
            }
        }
        return twin;
    }

    /** Reads from the {@link #descriptor}; see {@link PolledFd#readWaiting}. */
    int read(Fd blocking, FdWait waiting, NativeBuffer target, int offset, int count)
            throws IOException, InterruptedException {
        Interruptor leaving = waiting.interruptor();
        long start = System.nanoTime();
        leaving.enter();
        try {
            int result;
            do {
                result = waiting.isNudged() ? PolledFd.NUDGED : readOnce(blocking, waiting, target, offset, count);
            } while (result == -Errno.EINTR && !waiting.isNudged());
            return result;
        } finally {
            leaving.leave();
            Reference.reachabilityFence(target);
            long nanos = System.nanoTime() - start;
            if (nanos > NO_WAIT_NANOS) {
                waiting.waited(nanos);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who holds the endpoint's lock
    private int readOnce(Fd blocking, FdWait waiting, NativeBuffer target, int offset, int count)
            throws IOException, InterruptedException {
        // Whoever wants this thread to leave first says so (closing, the interrupt status), then looks who is blocked;
        // this thread first says that it is, then looks. All are volatile, so one of them sees the other.
        blockingReads = blockingReads + 1;
        blockedThread = ThreadWaker.currentThread();
        try {
            waiting.throwIfAskedToLeave();
            return waiting.isNudged() ? PolledFd.NUDGED : path.readBlocking(blocking.number(), target, offset, count);
        } finally {
            blockedThread = 0;
        }
    }

    /** Gets the reader out of its read, if it is in one. */
    void wake() {
        long read = blockingReads;
        if (blockedThread != 0) {
            ThreadWaker.wake(this, read);
        }
    }

    @Override
    public long threadIn(long callNumber) {
        long thread = blockedThread;
        return blockingReads == callNumber ? thread : 0;
    }

    /** Closes the twin; no read may be under way. */
    void close() {
        if (twin != null) {
            twin.close();
        }
    }
}
