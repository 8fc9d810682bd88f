package org.jvmipc.mq;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Sends messages with priorities into a {@link PosixMessageQueue}; {@code mq_send(3)}.
 *
 * <pre>{@code
 * try (PosixMessageSender<String> out = queue.openSender()) {
 *     out.send("when there is time");                          // priority 0
 *     out.send("before all of those", 7);
 *     if (!out.trySend("now or never", 7)) { ... }             // false: the queue is full
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits while it is full</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #send(Object)}, {@link #send(Object, int)}</td><td>{@link #trySend(Object)}, {@link #trySend(Object, int)}: false</td>
 * <td>{@link #trySend(Object, Duration)}, {@link #trySend(Object, int, Duration)}: false</td></tr>
 * </table>
 *
 * <p><b>Full:</b> a send waits; of several who wait, who sends with the higher priority is not preferred here. <b>Closed here:</b>
 * {@code ClosedChannelException}, {@code AsynchronousCloseException} in a blocked thread. <b>The other side gone:</b> not told, as a
 * queue has no ends; a send into a full queue from which nobody receives waits for ever. <b>Too large:</b> {@link
 * org.jvmipc.LimitException}, and nothing was sent.
 *
 * <p><b>A batch</b> saves no calls, as one call carries one message: it sends what is added at once, and holds one message for which
 * there was no room.
 *
 * <p><b>Thread safety.</b> Calls from several threads serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link Sender}.
 *
 * <p><b>Platform notes.</b> Who waits for room polls the queue ({@code poll(2)}). A C program that waits in {@code mq_send} itself is
 * handed room first, so it can keep a waiting Java sender waiting; between Java senders, who comes first has it.
 *
 * @param <T> what a message is in Java
 */
public final class PosixMessageSender<T> extends PosixQueueEnd implements Sender<T> {
    /** The highest priority: {@code MQ_PRIO_MAX - 1} of Linux. */
    public static final int MAX_PRIORITY = MqCalls.MAX_PRIORITY;

    private final PosixMessageEncoder<T> encoder;
    private final Codec<T> codec;
    private final int priority;

    PosixMessageSender(Fd queue, Address address, int largestMessageBytes, Codec<T> codec, int priority) {
        super(queue, address, largestMessageBytes);
        this.encoder = new PosixMessageEncoder<>(address, codec, largestMessageBytes);
        this.codec = codec;
        this.priority = priority;
    }

    /** The priority, if it is one. */
    static int requirePriority(int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority is " + priority + "; it is 0 to " + MAX_PRIORITY + " (MQ_PRIO_MAX - 1)");
        }
        return priority;
    }

    /** The priority of messages that are given none. */
    public int priority() {
        return priority;
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        send(message, priority);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return trySend(message, priority);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return trySend(message, priority, timeout);
    }

    /**
     * Sends one message with a priority, and waits while the queue is full.
     *
     * @param ofMessage 0 to 32,767
     * @throws IllegalArgumentException if it is another
     * @throws InterruptedException if interrupted; nothing was sent
     * @throws org.jvmipc.LimitException if the message is larger than the queue takes; nothing was sent
     * @throws IOException if the operating system failed the call
     */
    public void send(T message, int ofMessage) throws IOException, InterruptedException {
        put(message, requirePriority(ofMessage), Deadline.NEVER);
    }

    /**
     * Sends one message with a priority if that needs no waiting.
     *
     * @return false if the queue is full, or another thread is sending
     * @throws IOException as {@link #send(Object, int)}
     */
    public boolean trySend(T message, int ofMessage) throws IOException {
        try {
            return put(message, requirePriority(ofMessage), Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        }
    }

    /**
     * Sends one message with a priority, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return false if the time passed and the message was not sent
     * @throws InterruptedException as {@link #send(Object, int)}
     * @throws IOException as {@link #send(Object, int)}
     */
    public boolean trySend(T message, int ofMessage, Duration timeout) throws IOException, InterruptedException {
        return put(message, requirePriority(ofMessage), Deadline.after(timeout));
    }

    private boolean put(T message, int ofMessage, Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        if (!takeLock(deadline)) {
            return false;
        }
        try {
            ensureOpen();
            return transmit(encoder.memory(), encoder.encode(message), ofMessage, deadline);
        } finally {
            lock.unlock();
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    /** Sends what a batch has encoded, with the priority of this sender. */
    boolean put(NativeBuffer memory, int length, Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        if (!takeLock(deadline)) {
            return false;
        }
        try {
            ensureOpen();
            return transmit(memory, length, priority, deadline);
        } finally {
            lock.unlock();
            Reference.reachabilityFence(this);
        }
    }

    private boolean transmit(NativeBuffer memory, int length, int ofMessage, Deadline deadline)
            throws IOException, InterruptedException {
        path.setPriority(ofMessage);
        while (true) {
            int result = polled.write(memory, 0, length);
            if (result >= 0) {
                return true;
            }
            if (result != PolledFd.WOULD_BLOCK) {
                throw new OsException("mq_timedsend", -result, "address=" + address());
            }
            if (deadline.isNow() || polled.await(Poll.POLLOUT, deadline) < 0) {
                return false;
            }
        }
    }

    /** Opens a batch, whose messages have the priority of this sender. */
    @Override
    public Batch<T> batch() {
        return new PosixQueueBatch<>(this, new PosixMessageEncoder<>(address(), codec, largestMessageBytes()));
    }
}
