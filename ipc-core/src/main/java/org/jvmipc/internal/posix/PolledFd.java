package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;

/**
 * A non-blocking descriptor with waits that obey a deadline, {@link Thread#interrupt()} and a close by another thread.
 *
 * <p>{@link #read} and {@link #write} try once; {@link #await} polls the descriptor together with the {@link Interruptor}.
 *
 * <p><b>Thread safety.</b> One thread at a time may read, write or await: the endpoint above holds its lock. Any thread
 * may call {@link #startClosing()}, after which a waiter leaves within microseconds; the endpoint then takes its lock and
 * calls {@link #close()}, so no call is under way when the number becomes free.
 */
public class PolledFd implements AutoCloseable, ThreadWaker.Blocked {
    /** What {@link #read} and {@link #write} answer when they would have to wait. */
    public static final int WOULD_BLOCK = -Errno.EAGAIN;

    /** What {@link #readWaiting} answers when it was left because of {@link #nudge()}. */
    public static final int NUDGED = -Errno.EINTR;

    /** A read shorter than this did not wait. */
    private static final long NO_WAIT_NANOS = 2_000;

    private static final int SCRATCH = 2 * Poll.POLLFD_BYTES;
    private static final int REVENTS_OF_FD = Poll.POLLFD_REVENTS;
    private static final int REVENTS_OF_INTERRUPTOR = Poll.POLLFD_BYTES + Poll.POLLFD_REVENTS;

    private final Fd fd;
    private final DataPath path;
    private final boolean owner;

    /** Made for the first wait: most of many connections never wait, as they are looked at by others. */
    private volatile @Nullable Interruptor interruptor;

    /** Two struct pollfd, then 8 bytes to read the eventfd into. */
    private final NativeBuffer polled = new NativeBuffer(SCRATCH + Long.BYTES);

    /** Whether a writer has passed since the description was opened, so that poll tells when there is none. */
    private boolean passed;

    /** A blocking descriptor of the same pipe, from the first {@link #readWaiting} on. */
    private @Nullable Fd twin;

    private boolean twinRefused;

    /** The thread that is in a blocking read, 0 if none is; and which read it is, counted. */
    private volatile long blockedThread;

    private volatile long blockingReads;

    private volatile boolean closing;
    private volatile boolean nudged;
    private boolean released;
    private volatile boolean cancelled;
    private volatile long waits;
    private volatile long waitedNanos;

    /** Takes over the descriptor of a pipe, which must be non-blocking. */
    public PolledFd(Fd fd) {
        this(fd, PipePath.INSTANCE, true);
    }

    /**
     * One of another kind.
     *
     * @param owner whether the descriptor is taken over, and closed with this one
     */
    public PolledFd(Fd fd, DataPath path, boolean owner) {
        this.fd = fd;
        this.path = path;
        this.owner = owner;
        polled.bytes().putInt(0, fd.number());
        polled.bytes().putShort(Poll.POLLFD_BYTES + Poll.POLLFD_EVENTS, (short) Poll.POLLIN);
    }

    /** What ends a wait; made by the first. Who asks a waiter to leave says so first, then looks for it. */
    private Interruptor interruptor() throws IOException {
        Interruptor made = interruptor;
        return made != null ? made : makeInterruptor();
    }

    private synchronized Interruptor makeInterruptor() throws IOException {
        if (released) {
            throw new AsynchronousCloseException();
        }
        Interruptor made = new Interruptor(this::wakeBlocked);
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

    /** The descriptor's number, for calls that neither wait nor move data. */
    public int number() throws IOException {
        return fd.ensureOpen();
    }

    /** Reads into the buffer: bytes read, 0 at the end of file, or {@code -errno} such as {@link #WOULD_BLOCK}. */
    public int read(NativeBuffer target, int offset, int count) {
        try {
            return path.read(fd.number(), target, offset, count);
        } finally {
            Reference.reachabilityFence(target);
        }
    }

    /**
     * What a read of a pipe would find, with nothing taken.
     *
     * @return 1 if there are bytes; 0 at the end of file; or {@code -errno} such as {@link #WOULD_BLOCK}, if there is a writer
     */
    public int peek() {
        // Into no memory: the kernel looks for bytes, then for writers, and keeps what it cannot deliver.
        int result = OsCalls.read(fd.number(), 0, 1);
        return result == -Errno.EFAULT ? 1 : result;
    }

    /**
     * What lies in the pipe, with nothing taken.
     *
     * @return how many bytes from its front {@code peek} has seen; 0 if there are none
     */
    public int look(PipePeek peek) throws IOException {
        return fd.use(peek::look);
    }

    /**
     * Reads into the buffer and waits for data as long as it takes; the fastest way to wait, since it is one call.
     *
     * @return bytes read, 0 at the end of file, or {@code -errno}
     * @throws InterruptedException if the thread was interrupted before or while it waited
     * @throws AsynchronousCloseException if {@link #startClosing()} was called
     */
    public int readWaiting(NativeBuffer target, int offset, int count) throws IOException, InterruptedException {
        Fd blocking = VirtualThreads.isCurrent() ? null : blockingTwin();
        if (blocking == null) {
            int result;
            while ((result = read(target, offset, count)) == WOULD_BLOCK) {
                if (nudged) {
                    return NUDGED;
                }
                await(Poll.POLLIN, Deadline.NEVER);
            }
            return result;
        }
        Interruptor leaving = interruptor();
        long start = System.nanoTime();
        leaving.enter();
        try {
            int result;
            do {
                result = nudged ? NUDGED : readBlocking(blocking, target, offset, count);
            } while (result == -Errno.EINTR && !nudged);
            return result;
        } finally {
            leaving.leave();
            Reference.reachabilityFence(target);
            long nanos = System.nanoTime() - start;
            if (nanos > NO_WAIT_NANOS) {
                waited(nanos);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who holds the endpoint's lock
    private int readBlocking(Fd blocking, NativeBuffer target, int offset, int count)
            throws IOException, InterruptedException {
        // Whoever wants this thread to leave first says so (closing, the interrupt status), then looks who is blocked;
        // this thread first says that it is, then looks. All are volatile, so one of them sees the other.
        blockingReads = blockingReads + 1;
        blockedThread = ThreadWaker.currentThread();
        try {
            throwIfAskedToLeave();
            return nudged ? NUDGED : path.readBlocking(blocking.number(), target, offset, count);
        } finally {
            blockedThread = 0;
        }
    }

    private @Nullable Fd blockingTwin() {
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

    private void throwIfAskedToLeave() throws IOException, InterruptedException {
        if (closing) {
            throw new AsynchronousCloseException();
        }
        if (cancelled || Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void wakeBlocked() {
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

    /** Writes from the buffer: bytes written, or {@code -errno} such as {@link #WOULD_BLOCK}. */
    public int write(NativeBuffer source, int offset, int count) {
        try {
            return path.write(fd.number(), source, offset, count);
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    /**
     * Waits until one of the events, or an error or hang-up, is there.
     *
     * @param events {@link Poll#POLLIN}, {@link Poll#POLLOUT}
     * @return the nanoseconds waited, or -1 when the deadline passed first
     * @throws InterruptedException if the thread was interrupted before or while it waited
     * @throws AsynchronousCloseException if {@link #startClosing()} was called
     */
    public long await(int events, Deadline deadline) throws IOException, InterruptedException {
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

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who holds the endpoint's lock
    private void waited(long nanos) {
        waits = waits + 1;
        waitedNanos = waitedNanos + nanos;
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

    /** Whether the events are there now, without waiting. Uses memory of its own, so any thread may ask. */
    public boolean isReady(int events) throws IOException {
        return fd.use(number -> pollAlone(events, 0) > 0);
    }

    /** The same, asked by who holds the endpoint's lock: in the memory of its waits. */
    public boolean isReadyHere(int events) throws IOException {
        return fd.use(number -> {
            polled.bytes().putShort(Poll.POLLFD_EVENTS, (short) events);
            try {
                return OsCalls.poll(polled.address(), 1, 0) > 0;
            } finally {
                Reference.reachabilityFence(polled);
            }
        });
    }

    /** How many bytes the pipe or the socket holds at most, about. Any thread may ask. */
    public int capacity() throws IOException {
        return fd.use(path::capacity);
    }

    /** How many bytes it would take now, about. Any thread may ask. */
    public int room() throws IOException {
        return fd.use(path::room);
    }

    /** Whether a write of so few bytes as {@code PIPE_BUF} is all or nothing. */
    public boolean isAtomic() {
        return path.isAtomic();
    }

    /** How many bytes are asked for in a read. */
    public int readBytes() {
        return path.readBytes();
    }

    /** What is written next is of a message, and not the rest of one before. */
    public void messageBegins() {
        path.messageBegins();
    }

    /** The writing of a message is over, whether it went out or not. */
    public void messageEnded() {
        path.messageEnded();
    }

    /** The pipe's capacity in bytes. Any thread may ask. */
    public int pipeCapacity() throws IOException {
        return fd.use(OsCalls::pipeCapacity);
    }

    /** Sets the pipe's capacity: what the kernel made of it, in bytes. Any thread may call it. */
    public int setPipeCapacity(int bytes) throws IOException {
        return fd.use(number -> OsCalls.setPipeCapacity(number, bytes));
    }

    /** How many bytes lie in the pipe. Any thread may ask. */
    public int bytesWaiting() throws IOException {
        return fd.use(OsCalls::bytesWaiting);
    }

    /**
     * Waits for the events during a close: neither interrupt nor {@link #startClosing()} ends it, only the time does.
     *
     * @param untilNanos on the clock of {@link System#nanoTime()}
     * @return false if the time passed first
     */
    public boolean lingerUntil(int events, long untilNanos) {
        long nanos;
        while (path.hasDescriptor() && (nanos = untilNanos - System.nanoTime()) > 0) {
            if (pollAlone(events, (int) (nanos / 1_000_000) + 1) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Polls the descriptor alone, in memory of the call's own: how many are ready, 0 or 1. */
    private int pollAlone(int events, int timeoutMillis) {
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

    /**
     * Makes the present or the next wait end early, as if there were something: whoever waits is to look around. Any thread
     * may call it, after the close too.
     */
    public synchronized void nudge() {
        if (!released) {
            nudged = true;
            wakeup();
        }
    }

    /** Whether there was a {@link #nudge()} that nobody has taken. */
    public boolean isNudged() {
        return nudged;
    }

    /** Takes the nudge, if there is one. */
    public boolean takeNudge() {
        if (!nudged) {
            return false;
        }
        nudged = false;
        return true;
    }

    /**
     * Waits for nothing but the deadline, an interrupt or a close.
     *
     * @throws InterruptedException as {@link #await}
     */
    public void pause(Deadline deadline) throws IOException, InterruptedException {
        polled.bytes().putInt(0, -1); // poll passes over it
        try {
            await(0, deadline);
        } finally {
            polled.bytes().putInt(0, fd.number());
        }
    }

    /**
     * Puts a new open file description of the same pipe, for reading, in the place of this one, under the same number. One
     * that was opened while there was no writer says so by poll once a writer has come and gone, and not before.
     */
    public void renew() throws IOException {
        passed = false;
        fd.use(number -> {
            OsCalls.renewReading(number);
            return number;
        });
    }

    /** Whether the other side has gone: no writer any more, or no reader. Any thread may ask. */
    public boolean isHungUp() throws IOException {
        return fd.use(number -> pollAlone(0, 0) > 0);
    }

    /**
     * Whether no writer is left of those whose bytes lie in the pipe. Other than {@link #isHungUp} it tells also of those that
     * had left before this description was opened; for it this process passes as a writer for a moment, once. Where that is
     * not allowed the answer is yes.
     */
    public boolean isLeft() throws IOException {
        if (isHungUp()) {
            return true;
        }
        if (passed) {
            return false;
        }
        passed = fd.use(OsCalls::passAsWriter);
        return !passed || isHungUp();
    }

    private void cancel() {
        cancelled = true;
        wakeup();
    }

    /** How often {@link #await} was entered, or {@link #readWaiting} took over 2 us. */
    public long waits() {
        return waits;
    }

    /** How long all of them took together. */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Makes every present and later {@link #await} end with {@link AsynchronousCloseException}. */
    public void startClosing() {
        closing = true;
        wakeup();
    }

    /** Whether {@link #startClosing()} was called. */
    public boolean isClosing() {
        return closing;
    }

    /** Told once by its owner's {@link #close()}, before the descriptor is closed. */
    protected void closing(Fd socket) {}

    /** Closes the descriptor, if it is this one's, and the eventfd; no other call may be under way. */
    @Override
    public final void close() throws IOException {
        closing = true;
        synchronized (this) {
            released = true; // the eventfd's number may be another file's from here on
        }
        if (owner) {
            if (fd.isOpen()) {
                closing(fd);
            }
            fd.close();
        }
        if (twin != null) {
            twin.close();
        }
        Interruptor made = interruptor;
        if (made != null) {
            made.close();
        }
    }
}
