package org.jvmipc.mq;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.spi.Pollable;

/**
 * Receives from a {@link PosixMessageQueue}, the message of the highest priority first and in it the oldest; {@code mq_receive(3)}.
 *
 * <pre>{@code
 * try (PosixMessageReceiver<String> in = queue.openReceiver()) {
 *     String job = in.receive();                                          // waits while there is none
 *     PrioritizedMessage<String> next = in.tryReceivePrioritized();       // null: none there
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits while it is empty</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #receive()}, {@link #receivePrioritized()}</td><td>{@link #tryReceive()}, {@link #tryReceivePrioritized()}: null</td>
 * <td>{@link #tryReceive(Duration)}, {@link #tryReceivePrioritized(Duration)}: null</td></tr>
 * </table>
 *
 * <p><b>Empty:</b> a receive waits. <b>Closed here:</b> {@code ClosedChannelException}, {@code AsynchronousCloseException} in a blocked
 * thread. <b>The other side gone:</b> not told, as a queue has no ends: no receive throws {@link org.jvmipc.PeerGoneException}, and
 * {@link #forEach} goes on until it is interrupted or this end is closed. <b>This process killed:</b> what it had received goes with it;
 * all else waits for the next one who receives.
 *
 * <p><b>Thread safety.</b> Calls from several threads serialise. With {@code Codecs.buffers()} no memory is allocated for a message.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> {@link #receive()} waits in the kernel's own receive, in which those who wait are served in the order in
 * which they came; the form with a time, and virtual threads, {@code poll(2)} the queue, and the others are served first.
 *
 * @param <T> what a message is in Java
 */
public final class PosixMessageReceiver<T> extends PosixQueueEnd implements Receiver<T>, Pollable {
    private static final int NONE = -1;

    private final Codec<T> codec;
    private final NativeBuffer memory;
    private final ByteBuffer view;
    private final Watchers watchers = new Watchers();

    PosixMessageReceiver(Fd queue, Address address, int largestMessageBytes, Codec<T> codec) {
        super(queue, address, largestMessageBytes);
        this.codec = codec;
        this.memory = new NativeBuffer(largestMessageBytes); // the kernel wants room for the largest, whatever comes
        this.view = memory.bytes().asReadOnlyBuffer();
    }

    // ---- receiving

    @Override
    public T receive() throws IOException, InterruptedException {
        return get(Function.identity());
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return tryGet(Function.identity());
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return get(Function.identity(), Deadline.after(timeout));
    }

    /**
     * Receives the next message with its priority, and waits while there is none.
     *
     * @throws InterruptedException if interrupted; no message was taken
     * @throws CorruptDataException if it could not be decoded; it is consumed, the next receive goes on
     * @throws IOException if the operating system failed the call
     */
    public PrioritizedMessage<T> receivePrioritized() throws IOException, InterruptedException {
        return get(this::withPriority);
    }

    /**
     * Receives the next message with its priority if there is one.
     *
     * @return null if there is none, or another thread is receiving
     * @throws IOException as {@link #receivePrioritized()}
     */
    public @Nullable PrioritizedMessage<T> tryReceivePrioritized() throws IOException {
        return tryGet(this::withPriority);
    }

    /**
     * Receives the next message with its priority, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the time passed without a message
     * @throws InterruptedException as {@link #receivePrioritized()}
     * @throws IOException as {@link #receivePrioritized()}
     */
    public @Nullable PrioritizedMessage<T> tryReceivePrioritized(Duration timeout)
            throws IOException, InterruptedException {
        return get(this::withPriority, Deadline.after(timeout));
    }

    private PrioritizedMessage<T> withPriority(T message) {
        return new PrioritizedMessage<>(message, path.priorityRead());
    }

    private <R> R get(Function<T, R> form) throws IOException, InterruptedException {
        R message = get(form, Deadline.NEVER);
        if (message == null) {
            throw new IllegalStateException("a receive without deadline ran out of time");
        }
        return message;
    }

    private <R> @Nullable R tryGet(Function<T, R> form) throws IOException {
        try {
            return get(form, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        }
    }

    private <R> @Nullable R get(Function<T, R> form, Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        if (!takeLock(deadline)) {
            return null;
        }
        try {
            ensureOpen();
            int length = take(deadline);
            return length == NONE ? null : form.apply(decode(length));
        } finally {
            lock.unlock();
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    /** Takes a message into memory: its length, or that none came in time. */
    private int take(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            int result = deadline.isNever()
                    ? polled.readWaiting(memory, 0, memory.capacity())
                    : polled.read(memory, 0, memory.capacity());
            if (result >= 0) {
                return result;
            }
            if (result != PolledFd.WOULD_BLOCK) {
                throw new OsException("mq_timedreceive", -result, "address=" + address());
            }
            if (deadline.isNow() || polled.await(Poll.POLLIN, deadline) < 0) {
                return NONE;
            }
        }
    }

    private T decode(int length) throws CorruptDataException {
        ByteBuffer source = view.limit(length).position(0).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return codec.decode(source);
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address() + ": a message of " + length + " bytes could not be decoded: " + e.getMessage(), e);
        }
    }

    // ---- waiting for several

    @Override
    public int fd() throws IOException {
        return polled.number();
    }

    @Override
    public void arm() {
        // The descriptor of a queue with a message is always readable.
    }

    @Override
    public boolean ready() throws IOException {
        return polled.isReady(Poll.POLLIN);
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    void closing() {
        watchers.closing();
    }
}
