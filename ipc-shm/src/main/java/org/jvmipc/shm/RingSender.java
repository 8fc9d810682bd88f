package org.jvmipc.shm;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.SafetyNet;
import org.jvmipc.shm.internal.ring.SendingEnd;
import org.jvmipc.shm.internal.ring.StagedBatch;

/**
 * A sender of a {@link SharedRing}: the producer of a bounded buffer.
 *
 * <pre>{@code
 * try (RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers())) {
 *     out.send(message);                        // one copy, and no system call unless somebody sleeps
 *     try (Claim claim = out.claim(16)) {       // or none
 *         claim.buffer().putLong(1).putLong(2);
 *         claim.commit();
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>send</td><td>{@link #send(Object)}</td><td>{@link #trySend(Object)}: false</td>
 * <td>{@link #trySend(Object, Duration)}: false</td></tr>
 * <tr><td>claim</td><td>{@link #claim(int)}</td><td>{@link #tryClaim(int)}: null</td>
 * <td>{@link #tryClaim(int, Duration)}: null</td></tr>
 * </table>
 *
 * <p><b>Full:</b> as the ring was made: it waits, fails, or drops the slowest receiver. <b>Without a receiver</b> so far: messages stay
 * in the ring for the first one, of a broadcast they are dropped and counted. <b>Receiver closed or killed</b> while this sender was
 * there: {@link org.jvmipc.PeerGoneException}, until another one has come; of a broadcast it is not told. <b>Closed here:</b> what was
 * sent stays; receivers are told of the end when the last sender has gone and all is taken.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; calls serialise. It is fastest while it is always the same thread.
 *
 * <p><b>Memory consistency effects.</b> As {@link Sender}; besides, what was done before a send <em>happens-before</em> what is done after
 * the receive of it, in memory that both processes have mapped.
 *
 * @param <T> what a message is in Java
 */
public final class RingSender<T> implements Sender<T> {
    private final SendingEnd<T> end;
    private final Codec<T> codec;
    private final Set<Capability> capabilities;
    private final Claim claim;

    RingSender(SendingEnd<T> end, Codec<T> codec, Set<Capability> capabilities) {
        this.end = end;
        this.codec = codec;
        this.capabilities = capabilities;
        this.claim = new Claim(this, end);
        SafetyNet.register(this, end.forgotten());
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        try {
            if (!end.send(message, Deadline.NEVER, true)) {
                throw new IllegalStateException(address() + ": a wait without end has ended");
            }
        } finally {
            Reference.reachabilityFence(this); // else the safety net might close it meanwhile
        }
    }

    @Override
    public boolean trySend(T message) throws IOException {
        try {
            return end.trySend(message);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        try {
            return deadline.isNow() ? end.trySend(message) : end.send(message, deadline, false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * A batch: its messages are gathered in memory of this process; some 16 KiB of them at a time, but not more than a quarter of the
     * ring, go into it by one copy, and appear there at once.
     */
    @Override
    public Batch<T> batch() {
        return new StagedBatch<>(this, end, codec);
    }

    // ---- claims

    /**
     * Claims room for a message of so many bytes, and waits for it.
     *
     * @param length in bytes
     * @throws InterruptedException as {@link #send(Object)}
     * @throws org.jvmipc.LimitException if it is larger than the ring takes, or there is no room and the ring fails then
     * @throws IOException as {@link #send(Object)}
     */
    public Claim claim(int length) throws IOException, InterruptedException {
        Claim claimed = claim(length, Deadline.NEVER, true);
        if (claimed == null) {
            throw new IllegalStateException(address() + ": a wait without end has ended");
        }
        return claimed;
    }

    /**
     * Claims room for a message of so many bytes if there is.
     *
     * @return null if there is none, or another thread is sending
     * @throws IOException as {@link #claim(int)}
     */
    public @Nullable Claim tryClaim(int length) throws IOException {
        try {
            return claim(length, Deadline.NOW, false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(address() + ": a call that never waits was interrupted", e);
        }
    }

    /**
     * Claims room for a message of so many bytes, and waits for it at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #tryClaim(int)}
     * @return null if there was none in that time
     * @throws InterruptedException as {@link #claim(int)}
     * @throws IOException as {@link #claim(int)}
     */
    public @Nullable Claim tryClaim(int length, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryClaim(length) : claim(length, deadline, false);
    }

    private @Nullable Claim claim(int length, Deadline deadline, boolean mayThrow)
            throws IOException, InterruptedException {
        try {
            ByteBuffer room = end.claim(length, deadline, mayThrow);
            return room == null ? null : claim.open(room);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- the other side

    /**
     * Looks whether somebody receives, and sends nothing. Never waits, also not for another thread that is sending.
     *
     * @throws org.jvmipc.PeerGoneException if nobody does: {@code CLOSED} or {@code DIED} as the last one has gone, {@code UNKNOWN} if there
     *     was none yet, and of a broadcast
     * @throws IOException as {@link #send(Object)}
     */
    public void requireReceiver() throws IOException {
        try {
            end.requireReceiver();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- the endpoint

    @Override
    public Address address() {
        return end.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOpen() {
        return end.isOpen();
    }

    /** Closes it; threads that wait in it leave. A claim that is open ends by its own commit or close. */
    @Override
    public void close() {
        end.close();
    }

    @Override
    public String toString() {
        return "RingSender[" + address() + (isOpen() ? "]" : ", closed]");
    }
}
