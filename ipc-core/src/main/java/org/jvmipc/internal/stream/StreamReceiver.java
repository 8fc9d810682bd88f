package org.jvmipc.internal.stream;

import java.io.IOException;
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
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.spi.Pollable;

/**
 * What receivers over a descriptor share: the verbs, reading ahead, and an orderly close. A subclass is a framing.
 *
 * <p>Bytes are read ahead in blocks ({@link ReadAhead}), so many small messages cost one call.
 */
public abstract class StreamReceiver<T> implements Receiver<T>, Pollable {
    private final PolledFd fd;
    private final Address address;
    private final Set<Capability> capabilities;
    private final Codec<T> codec;
    final int maxMessageBytes;
    final ReadAhead ahead;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();

    StreamReceiver(PolledFd fd, Address address, Set<Capability> capabilities, Codec<T> codec, int maxMessageBytes) {
        this.fd = fd;
        this.address = address;
        this.capabilities = capabilities;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
        this.ahead = new ReadAhead(fd, address);
    }

    /**
     * Takes the next message, holding the lock.
     *
     * @return null if the deadline passed first
     */
    abstract @Nullable T take(Deadline deadline) throws IOException, InterruptedException;

    /** What the end of the stream means at this point. */
    abstract PeerGoneException endOfStream();

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            ensureOpen();
            T message = take(Deadline.NEVER);
            if (message == null) {
                throw new IllegalStateException("a receive without deadline ran out of time");
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return null;
        }
        try {
            ensureOpen();
            return takeNow();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow()) {
            return tryReceive();
        }
        ensureOpen();
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            ensureOpen();
            return take(deadline);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T takeNow() throws IOException {
        try {
            return take(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        }
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be at least 1");
        }
        ensureOpen();
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            ensureOpen();
            return drainHere(handler, limit);
        } finally {
            lock.unlock();
        }
    }

    private int drainHere(Consumer<? super T> handler, int limit) throws IOException {
        int count = 0;
        while (count < limit) {
            T message;
            try {
                message = takeNow();
            } catch (PeerGoneException e) {
                if (count > 0) {
                    return count; // the end stays, and is told by the next call
                }
                throw e;
            }
            if (message == null) {
                return count;
            }
            handler.accept(message);
            count++;
        }
        return count;
    }

    @Override
    public void forEach(Consumer<? super T> handler) throws IOException, InterruptedException {
        try {
            while (true) {
                handler.accept(receive());
                takeReadAhead(handler);
            }
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                throw e;
            }
        }
    }

    /** What came along with the last message, at the price of one lock and no call. */
    private void takeReadAhead(Consumer<? super T> handler) throws IOException {
        if (ahead.isEmpty() || !lock.tryLock()) {
            return;
        }
        try {
            while (!ahead.isEmpty() && isOpen()) {
                T message = takeNow();
                if (message == null) {
                    return;
                }
                handler.accept(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads more bytes behind those that are here.
     *
     * @return false if the deadline passed first
     * @throws PeerGoneException at the end of the stream
     */
    final boolean fill(Deadline deadline) throws IOException, InterruptedException {
        return switch (ahead.fill(deadline)) {
            case BYTES -> true;
            case NOTHING -> false;
            case END -> throw endOfStream();
        };
    }

    /** Decodes bytes of the read-ahead, which has been moved behind them. */
    final T decode(int from, int to) throws CorruptDataException {
        return decode(ahead.view(from, to));
    }

    /** Decodes what is between position and limit. */
    final T decode(ByteBuffer source) throws CorruptDataException {
        int length = source.remaining();
        try {
            return codec.decode(source);
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address + ": a message of " + length + " bytes could not be decoded: " + e.getMessage(), e);
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int fd() throws IOException {
        return fd.number();
    }

    @Override
    public void arm() {
        // A descriptor with something to read is always readable.
    }

    @Override
    public boolean ready() throws IOException {
        if (!lock.tryLock()) {
            return fd.isReady(Poll.POLLIN); // somebody is receiving
        }
        try {
            return !ahead.isEmpty() || ahead.hasEnded() || fd.isReady(Poll.POLLIN);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        fd.startClosing();
        lock.lock();
        try {
            fd.close();
        } finally {
            lock.unlock();
        }
    }
}
