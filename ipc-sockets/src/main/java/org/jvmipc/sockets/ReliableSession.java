package org.jvmipc.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.sockets.internal.reliable.MessageReader;
import org.jvmipc.spi.Pollable;

/**
 * What is given out for a session: messages by a codec, a lock for each direction, and an orderly close.
 */
final class ReliableSession<T> implements ReliableConnection<T>, Pollable {
    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.DUPLEX,
            Capability.PEER_DETECTION,
            Capability.REMOTE);

    private final ReliableEnd end;
    private final InetSocketAddress remote;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock receiving = new ReentrantLock();
    private final ReliableEncoder<T> encoder;
    private final MessageReader reader;
    private final Watchers watchers = new Watchers();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cleaner.Cleanable cleanable;
    private volatile boolean sendingEnded;
    private volatile long received;

    /** The connection of a session that is there. */
    ReliableSession(ReliableEnd end, InetSocketAddress remote, Codec<T> codec, ReliableOptions options) {
        this.end = end;
        this.remote = remote;
        this.codec = codec;
        this.maxMessageBytes = end.mostMessageBytes();
        this.encoder = new ReliableEncoder<>(end.socket.address, codec, maxMessageBytes);
        this.reader = new MessageReader(options.maxMessageBytes());
        this.cleanable = ReliableSocket.CLEANER.register(this, end::startClosing);
    }

    // ---- sending

    @Override
    public void send(T message) throws IOException, InterruptedException {
        send(message, Deadline.NEVER);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        try {
            return send(message, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        }
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return send(message, Deadline.after(timeout));
    }

    private boolean send(T message, Deadline deadline) throws IOException, InterruptedException {
        ensureSending();
        if (!take(sending, deadline)) {
            return false;
        }
        try {
            int length = encoder.encode(message, 0);
            ByteBuffer bytes = encoder.buffer();
            bytes.limit(length).position(0);
            boolean sent = end.outlet.send(session -> session.send(bytes), deadline);
            encoder.trim();
            return sent;
        } finally {
            sending.unlock();
        }
    }

    /** What a batch holds. */
    void put(ReliableOutput output, Deadline deadline) throws IOException, InterruptedException {
        ensureSending();
        if (take(sending, deadline)) {
            try {
                end.outlet.send(output, deadline);
            } finally {
                sending.unlock();
            }
        }
    }

    private static boolean take(ReentrantLock lock, Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            return lock.tryLock();
        }
        if (deadline.isNever()) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    void ensureSending() throws ClosedChannelException {
        if (sendingEnded || closed.get()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public Batch<T> batch() {
        return new ReliableBatch<>(this, codec);
    }

    @Override
    public void endSending() throws IOException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        if (!sendingEnded) {
            sendingEnded = true;
            end.outlet.endSending();
        }
    }

    // ---- receiving

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = receive(Deadline.NEVER);
        if (message == null) {
            throw new IllegalStateException("a receive without deadline ran out of time");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        try {
            return receive(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        }
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return receive(Deadline.after(timeout));
    }

    private @Nullable T receive(Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        if (!take(receiving, deadline)) {
            return null;
        }
        try {
            ByteBuffer bytes = next(deadline);
            return bytes == null ? null : decode(bytes);
        } finally {
            receiving.unlock();
        }
    }

    private @Nullable ByteBuffer next(Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        if (!deadline.isNow() && Thread.interrupted()) {
            throw new InterruptedException();
        }
        ByteBuffer bytes;
        while ((bytes = reader.next()) == null) {
            if (reader.isBroken()) {
                end.broken();
                throw new CorruptDataException(address() + ": what came from " + remote
                        + " is no messages, or larger than " + maxMessageBytes + " bytes");
            }
            if (!end.inlet.read(reader, deadline)) {
                return null;
            }
        }
        return bytes;
    }

    private T decode(ByteBuffer bytes) throws CorruptDataException {
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who has the lock of receiving
        long count = received + 1;
        received = count;
        return DatagramSide.decode(address(), codec, bytes);
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be at least 1");
        }
        ensureOpen();
        if (!receiving.tryLock()) {
            return 0;
        }
        int count = 0;
        try {
            ByteBuffer bytes;
            while (count < limit && (bytes = next(Deadline.NOW)) != null) {
                handler.accept(decode(bytes));
                count++;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        } catch (PeerGoneException e) {
            if (count == 0) {
                throw e;
            } // else told again by the next call
        } finally {
            receiving.unlock();
        }
        return count;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    // ---- waiting for several

    @Override
    public int fd() throws IOException {
        return end.inlet.pollable();
    }

    @Override
    public void arm() {
        end.inlet.arm();
    }

    @Override
    public boolean ready() {
        return end.inlet.isReady()
                || reader.hasMore()
                || reader.isBroken(); // in this order: the lock shows what was read last
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    // ---- what can be said of it

    @Override
    public InetSocketAddress localAddress() {
        return end.socket.local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public int largestMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public ReliableStatistics statistics() {
        return end.statistics(received);
    }

    @Override
    public Address address() {
        return end.socket.address;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    // ---- the end

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watchers.closing(); // from here on nobody polls the number
            cleanable.clean();
            end.awaitClosed();
        }
    }

    @Override
    public void abort() {
        if (closed.compareAndSet(false, true)) {
            watchers.closing();
            end.abort();
            cleanable.clean();
            end.awaitClosed();
        }
    }
}
