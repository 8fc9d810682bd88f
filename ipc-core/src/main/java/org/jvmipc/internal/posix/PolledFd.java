package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.AsynchronousCloseException;
import org.jvmipc.internal.Deadline;

/**
 * A non-blocking descriptor with waits that obey a deadline, {@link Thread#interrupt()} and a close by another thread.
 *
 * <p>{@link #read} and {@link #write} try once; {@link #await} polls the descriptor together with the {@link Interruptor}
 * ({@link FdWait}), {@link #readWaiting} waits in the kernel's read ({@link BlockingRead}), and what a pipe tells of itself
 * is asked of its {@link PipeState}.
 *
 * <p><b>Thread safety.</b> One thread at a time may read, write or await: the endpoint above holds its lock. Any thread
 * may call {@link #startClosing()}, after which a waiter leaves within microseconds; the endpoint then takes its lock and
 * calls {@link #close()}, so no call is under way when the number becomes free.
 */
public class PolledFd implements AutoCloseable {
    /** What {@link #read} and {@link #write} answer when they would have to wait. */
    public static final int WOULD_BLOCK = -Errno.EAGAIN;

    /** What {@link #readWaiting} answers when it was left because of {@link #nudge()}. */
    public static final int NUDGED = -Errno.EINTR;

    private final Fd fd;
    private final DataPath path;
    private final boolean owner;

    private final BlockingRead blockingRead;
    private final FdWait waiting;
    private final PipeState pipe;

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
        this.blockingRead = new BlockingRead(fd, path);
        this.waiting = new FdWait(fd, path, blockingRead);
        this.pipe = new PipeState(fd, waiting);
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
        return pipe.peek();
    }

    /**
     * What lies in the pipe, with nothing taken.
     *
     * @return how many bytes from its front {@code peek} has seen; 0 if there are none
     */
    public int look(PipePeek peek) throws IOException {
        return pipe.look(peek);
    }

    /**
     * Reads into the buffer and waits for data as long as it takes; the fastest way to wait, since it is one call.
     *
     * @return bytes read, 0 at the end of file, or {@code -errno}
     * @throws InterruptedException if the thread was interrupted before or while it waited
     * @throws AsynchronousCloseException if {@link #startClosing()} was called
     */
    public int readWaiting(NativeBuffer target, int offset, int count) throws IOException, InterruptedException {
        Fd blocking = VirtualThreads.isCurrent() ? null : blockingRead.descriptor();
        if (blocking != null) {
            return blockingRead.read(blocking, waiting, target, offset, count);
        }
        int result;
        while ((result = read(target, offset, count)) == WOULD_BLOCK) {
            if (waiting.isNudged()) {
                return NUDGED;
            }
            waiting.await(Poll.POLLIN, Deadline.NEVER);
        }
        return result;
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
        return waiting.await(events, deadline);
    }

    /** Whether the events are there now, without waiting. Uses memory of its own, so any thread may ask. */
    public boolean isReady(int events) throws IOException {
        return fd.use(number -> waiting.pollAlone(events, 0) > 0);
    }

    /** The same, asked by who holds the endpoint's lock: in the memory of its waits. */
    public boolean isReadyHere(int events) throws IOException {
        return waiting.isReadyHere(events);
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
        return pipe.capacity();
    }

    /** Sets the pipe's capacity: what the kernel made of it, in bytes. Any thread may call it. */
    public int setPipeCapacity(int bytes) throws IOException {
        return pipe.setCapacity(bytes);
    }

    /** How many bytes lie in the pipe. Any thread may ask. */
    public int bytesWaiting() throws IOException {
        return pipe.bytesWaiting();
    }

    /**
     * Waits for the events during a close: neither interrupt nor {@link #startClosing()} ends it, only the time does.
     *
     * @param untilNanos on the clock of {@link System#nanoTime()}
     * @return false if the time passed first
     */
    public boolean lingerUntil(int events, long untilNanos) {
        return waiting.lingerUntil(events, untilNanos);
    }

    /**
     * Makes the present or the next wait end early, as if there were something: whoever waits is to look around. Any thread
     * may call it, after the close too.
     */
    public void nudge() {
        waiting.nudge();
    }

    /** Whether there was a {@link #nudge()} that nobody has taken. */
    public boolean isNudged() {
        return waiting.isNudged();
    }

    /** Takes the nudge, if there is one. */
    public boolean takeNudge() {
        return waiting.takeNudge();
    }

    /**
     * Waits for nothing but the deadline, an interrupt or a close.
     *
     * @throws InterruptedException as {@link #await}
     */
    public void pause(Deadline deadline) throws IOException, InterruptedException {
        waiting.pause(deadline);
    }

    /**
     * Puts a new open file description of the same pipe, for reading, in the place of this one, under the same number. One
     * that was opened while there was no writer says so by poll once a writer has come and gone, and not before.
     */
    public void renew() throws IOException {
        pipe.renew();
    }

    /** Whether the other side has gone: no writer any more, or no reader. Any thread may ask. */
    public boolean isHungUp() throws IOException {
        return pipe.isHungUp();
    }

    /**
     * Whether no writer is left of those whose bytes lie in the pipe. Other than {@link #isHungUp} it tells also of those that
     * had left before this description was opened; for it this process passes as a writer for a moment, once. Where that is
     * not allowed the answer is yes.
     */
    public boolean isLeft() throws IOException {
        return pipe.isLeft();
    }

    /** How often {@link #await} was entered, or {@link #readWaiting} took over 2 us. */
    public long waits() {
        return waiting.waits();
    }

    /** How long all of them took together. */
    public long waitedNanos() {
        return waiting.waitedNanos();
    }

    /** Makes every present and later {@link #await} end with {@link AsynchronousCloseException}. */
    public void startClosing() {
        waiting.startClosing();
    }

    /** Whether {@link #startClosing()} was called. */
    public boolean isClosing() {
        return waiting.isClosing();
    }

    /** Told once by its owner's {@link #close()}, before the descriptor is closed. */
    protected void closing(Fd socket) {}

    /** Closes the descriptor, if it is this one's, and the eventfd; no other call may be under way. */
    @Override
    public final void close() throws IOException {
        waiting.release();
        if (owner) {
            if (fd.isOpen()) {
                closing(fd);
            }
            fd.close();
        }
        blockingRead.close();
        waiting.close();
    }
}
