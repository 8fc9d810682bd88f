package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;

/**
 * The waits of a {@link PolledFd}: {@code poll(2)} on its descriptor together with the {@link Interruptor}, and the reasons to
 * leave one.
 *
 * <p><b>Thread safety.</b> As of {@link PolledFd}: one thread at a time waits, any may make it leave.
 */
final class FdWait {
    private static final int SCRATCH = 2 * Poll.POLLFD_BYTES;
    private static final int REVENTS_OF_FD = Poll.POLLFD_REVENTS;
    private static final int REVENTS_OF_INTERRUPTOR = Poll.POLLFD_BYTES + Poll.POLLFD_REVENTS;

    private final Fd fd;
    private final DataPath path;
    private final BlockingRead blockingRead;

    /** Made for the first wait: most of many connections never wait, as they are looked at by others. */
    private volatile @Nullable Interruptor interruptor;

    /** Two struct pollfd, then 8 bytes to read the eventfd into. */
    private final NativeBuffer polled = new NativeBuffer(SCRATCH + Long.BYTES);

    private volatile boolean closing;
    private volatile boolean nudged;
    private boolean released;
    private volatile boolean cancelled;
    private volatile long waits;
    private volatile long waitedNanos;

    /**
     * Those of this descriptor.
     *
     * @param blockingRead what is to be left as well when a wait is
     */
    FdWait(Fd fd, DataPath path, BlockingRead blockingRead) {
        this.fd = fd;
        this.path = path;
        this.blockingRead = blockingRead;
        polled.bytes().putInt(0, fd.number());
        polled.bytes().putShort(Poll.POLLFD_BYTES + Poll.POLLFD_EVENTS, (short) Poll.POLLIN);
    }

    /** What ends a wait; made by the first. Who asks a waiter to leave says so first, then looks for it. */
    Interruptor interruptor() throws IOException {
        Interruptor made = interruptor;
        return made != null ? made : makeInterruptor();
    }

    private synchronized Interruptor makeInterruptor() throws IOException {
        if (released) {
            throw new AsynchronousCloseException();
        }
        Interruptor made = new Interruptor(blockingRead::wake);
        polled.bytes().putInt(Poll.POLLFD_BYTES, made.fd());
        interruptor = made;
        return made;
    }

    private void wakeup() {
        Interruptor made = interruptor;
        if (made != null) {
            made.wakeup();
        }
    }

    void throwIfAskedToLeave() throws IOException, InterruptedException {
        if (closing) {
            throw new AsynchronousCloseException();
        }
        if (cancelled || Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    // ---- waiting, under the endpoint's lock

    /** See {@link PolledFd#await}. */
    long await(int events, Deadline deadline) throws IOException, InterruptedException {
        polled.bytes().putShort(Poll.POLLFD_EVENTS, (short) events);
        long start = System.nanoTime();
        long nanos = 0;
        boolean ready;
        try {
            ready = VirtualThreads.isCurrent()
                    ? VirtualThreads.onPlatformThread(() -> pollUntil(deadline), this::cancel)
                    : pollUntil(deadline);
        } finally {
            cancelled = false;
            nanos = System.nanoTime() - start;
            waited(nanos);
        }
        return ready ? nanos : -1;
    }

    private boolean pollUntil(Deadline deadline) throws IOException, InterruptedException {
        Interruptor leaving = interruptor();
        leaving.enter();
        try {
            while (true) {
                throwIfAskedToLeave();
                if (nudged) {
                    return true;
                }
                int count = OsCalls.poll(polled.address(), 2, deadline.pollMillis());
                if (count < 0 && count != -Errno.EINTR) {
                    throw new OsException("poll", -count, fd.toString());
                }
                if (count > 0 && polled.bytes().getShort(REVENTS_OF_INTERRUPTOR) != 0) {
                    // A wake-up for an earlier wait may come late, so the reason is looked for again above.
                    leaving.clear(polled.address() + SCRATCH);
                } else if (count > 0 && polled.bytes().getShort(REVENTS_OF_FD) != 0) {
                    return true;
                } else if (count == 0 && deadline.passed()) {
                    return false;
                }
            }
        } finally {
            leaving.leave();
            Reference.reachabilityFence(polled);
        }
    }

    private void cancel() {
        cancelled = true;
        wakeup();
    }

    /** Waits for nothing but the deadline, an interrupt or a close. */
    void pause(Deadline deadline) throws IOException, InterruptedException {
        polled.bytes().putInt(0, -1); // poll passes over it
        try {
            await(0, deadline);
        } finally {
            polled.bytes().putInt(0, fd.number());
        }
    }

    /** Whether the events are there now, in the memory of the waits. */
    boolean isReadyHere(int events) throws IOException {
        return fd.use(number -> {
            polled.bytes().putShort(Poll.POLLFD_EVENTS, (short) events);
            try {
                return OsCalls.poll(polled.address(), 1, 0) > 0;
            } finally {
                Reference.reachabilityFence(polled);
            }
        });
    }

    /** Counts a wait that is over. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who holds the endpoint's lock
    void waited(long nanos) {
        waits = waits + 1;
        waitedNanos = waitedNanos + nanos;
    }

    long waits() {
        return waits;
    }

    long waitedNanos() {
        return waitedNanos;
    }

    // ---- by any thread

    /** Polls the descriptor alone, in memory of the call's own: how many are ready, 0 or 1. */
    int pollAlone(int events, int timeoutMillis) {
        if (!path.hasDescriptor()) {
            return 0;
        }
        NativeBuffer one = new NativeBuffer(Poll.POLLFD_BYTES);
        one.bytes().putInt(0, fd.number());
        one.bytes().putShort(Poll.POLLFD_EVENTS, (short) events);
        try {
            return Math.max(0, OsCalls.poll(one.address(), 1, timeoutMillis));
        } finally {
            Reference.reachabilityFence(one);
        }
    }

    /** Waits for the events during a close: neither interrupt nor {@link #startClosing()} ends it; false if the time passed. */
    boolean lingerUntil(int events, long untilNanos) {
        long nanos;
        while (path.hasDescriptor() && (nanos = untilNanos - System.nanoTime()) > 0) {
            if (pollAlone(events, (int) (nanos / 1_000_000) + 1) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes the present or the next wait end early. Does nothing after {@link #release()}. */
    synchronized void nudge() {
        if (!released) {
            nudged = true;
            wakeup();
        }
    }

    boolean isNudged() {
        return nudged;
    }

    boolean takeNudge() {
        if (!nudged) {
            return false;
        }
        nudged = false;
        return true;
    }

    /** Makes every present and later wait end with {@link AsynchronousCloseException}. */
    void startClosing() {
        closing = true;
        wakeup();
    }

    boolean isClosing() {
        return closing;
    }

    // ---- the end

    /** From here on nobody uses the eventfd, whose number may be another file's. */
    void release() {
        closing = true;
        synchronized (this) {
            released = true;
        }
    }

    /** Closes the eventfd; no wait may be under way. */
    void close() throws IOException {
        Interruptor made = interruptor;
        if (made != null) {
            made.close();
        }
    }
}
