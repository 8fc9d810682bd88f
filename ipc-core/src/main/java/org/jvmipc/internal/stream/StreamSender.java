package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * What senders over a descriptor share: the verbs, one message at a time, and an orderly close. A subclass is a framing.
 *
 * <p>The lock is held for a whole message, waits included, so messages do not mix. A closer first makes the waiter leave
 * ({@link PolledFd#startClosing()}), then takes the lock, says goodbye and closes.
 */
public abstract class StreamSender<T> extends StreamEndpoint implements Sender<T> {
    /** How long {@link #close()} waits for room to say goodbye. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final AtomicReference<@Nullable NativeBuffer> spareBatchBuffer = new AtomicReference<>();
    private boolean gone;

    StreamSender(PolledFd fd, Address address, Set<Capability> capabilities) {
        super(fd, address, capabilities);
    }

    /**
     * Sends one message, holding the lock.
     *
     * @return false if the deadline passed and nothing will be delivered
     */
    abstract boolean transmit(T message, Deadline deadline) throws IOException, InterruptedException;

    /** Writes what a batch has gathered, holding the lock. */
    abstract void transmit(StreamBatch<T> batch) throws IOException, InterruptedException;

    /** Says goodbye, holding the lock; {@link #writeLingering} bounds its waits. */
    abstract void goodbye() throws IOException;

    @Override
    public abstract StreamBatch<T> batch();

    @Override
    public void send(T message) throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            ensureReady();
            transmit(message, Deadline.NEVER);
        } finally {
            fd.messageEnded();
            lock.unlock();
        }
    }

    @Override
    public boolean trySend(T message) throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return false;
        }
        try {
            ensureReady();
            return transmit(message, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        } finally {
            fd.messageEnded();
            lock.unlock();
        }
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow()) {
            return trySend(message);
        }
        ensureOpen();
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            ensureReady();
            return transmit(message, deadline);
        } finally {
            fd.messageEnded();
            lock.unlock();
        }
    }

    final void flush(StreamBatch<T> batch) throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            ensureReady();
            transmit(batch);
        } finally {
            fd.messageEnded();
            lock.unlock();
        }
    }

    private void ensureReady() throws IOException {
        ensureOpen();
        if (gone) {
            throw peerGone();
        }
    }

    /**
     * Writes the range, waiting as the deadline allows.
     *
     * @return where it stopped: {@code to}, or less when the deadline passed
     * @throws InterruptedException if interrupted while waiting; {@link #stoppedAt} was told how far it came
     */
    final int write(NativeBuffer source, int from, int to, Deadline deadline) throws IOException, InterruptedException {
        int at = from;
        while (at < to) {
            int count = fd.write(source, at, to - at);
            if (count >= 0) {
                at += count;
            } else if (count != PolledFd.WOULD_BLOCK) {
                stoppedAt(at);
                throw failed(count);
            } else if (deadline.isNow() || !awaitRoom(at, deadline)) {
                return at;
            }
        }
        return at;
    }

    private boolean awaitRoom(int at, Deadline deadline) throws IOException, InterruptedException {
        try {
            return fd.await(Poll.POLLOUT, deadline) >= 0;
        } catch (IOException | InterruptedException e) {
            stoppedAt(at);
            throw e;
        }
    }

    /** Told before an exception leaves {@link #write}: the range was written up to here. */
    abstract void stoppedAt(int at);

    /** Writes the range during {@link #close()}, waiting at most until the time; false if it could not. */
    final boolean writeLingering(NativeBuffer source, int from, int to, long untilNanos) throws IOException {
        int at = from;
        while (at < to) {
            int count = fd.write(source, at, to - at);
            if (count >= 0) {
                at += count;
            } else if (count != PolledFd.WOULD_BLOCK || !fd.lingerUntil(Poll.POLLOUT, untilNanos)) {
                return false; // no reader, or one that does not read: it will see an end without goodbye
            }
        }
        return true;
    }

    private IOException failed(int result) throws AsynchronousCloseException {
        ensureNotClosing();
        if (result == -Errno.EPIPE) {
            gone = !comesBack();
            return peerGone();
        }
        if (ConnectionLoss.isLoss(-result)) {
            gone = true;
            return ConnectionLoss.of(-result, address());
        }
        return new OsException("write", -result, "address=" + address());
    }

    /** Whether another reader may come when there is none: the next send tries again. */
    abstract boolean comesBack();

    /** The size of a batch's buffer. */
    int batchBytes() {
        return FrameLayout.MAX_FRAME_BYTES;
    }

    /** What a write without a reader means. */
    abstract PeerGoneException peerGone();

    // ---- the other side, where one may come after the other

    /** Whether a process has the other end open for reading now. */
    public final boolean hasReceiver() throws IOException {
        ensureOpen();
        return !fd.isHungUp();
    }

    /**
     * Waits until a receiver is there.
     *
     * @return false if the deadline passed first
     */
    public final boolean awaitReceiver(Deadline deadline) throws IOException, InterruptedException {
        return whileLocked(deadline, () -> {
            Backoff backoff = new Backoff();
            while (fd.isHungUp()) {
                if (deadline.passed()) {
                    return false;
                }
                fd.pause(backoff.next(deadline)); // nothing tells of a reader that comes
            }
            return true;
        });
    }

    /**
     * Waits until no receiver is there any more.
     *
     * @return false if the deadline passed first
     */
    public final boolean awaitDeparture(Deadline deadline) throws IOException, InterruptedException {
        return whileLocked(deadline, () -> fd.await(0, deadline) >= 0);
    }

    /** The buffer of a batch that was closed, or a new one: batches one after the other share it. */
    final NativeBuffer takeBatchBuffer() {
        NativeBuffer spare = spareBatchBuffer.getAndSet(null);
        return spare != null ? spare : new NativeBuffer(batchBytes());
    }

    final void giveBackBatchBuffer(NativeBuffer buffer) {
        spareBatchBuffer.set(buffer);
    }

    @Override
    public void close() throws IOException {
        close(true);
    }

    /** Closes without goodbye: the other side will see an end without one. */
    public final void abandon() throws IOException {
        close(false);
    }

    private void close(boolean inOrder) throws IOException {
        if (!closed.compareAndSet(false, true)) {
            awaitCloser();
            return;
        }
        fd.startClosing();
        lock.lock();
        try {
            if (inOrder && !gone) {
                goodbye();
            }
        } finally {
            fd.close();
            lock.unlock();
        }
    }

    /** Another thread is saying goodbye: the descriptor is not to be closed before it is done. */
    @SuppressWarnings("LockNotBeforeTry") // nothing is done under it
    private void awaitCloser() {
        lock.lock();
        lock.unlock();
    }

    /** When a goodbye that begins now has to be over. */
    static long lingerEnd() {
        return System.nanoTime() + LINGER_NANOS;
    }
}
