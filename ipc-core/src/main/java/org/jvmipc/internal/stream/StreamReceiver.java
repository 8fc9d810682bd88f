package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.spi.Pollable;

/**
 * What receivers over a descriptor share: the verbs, reading ahead, and an orderly close. A subclass is a framing.
 *
 * <p>Bytes are read ahead in blocks ({@link ReadAhead}), so many small messages cost one call.
 */
public abstract class StreamReceiver<T> extends StreamEndpoint implements Receiver<T>, Pollable {
    /** A try that reads this often, 8 MiB, and finds no message says so; the next one goes on. */
    private static final int READS_OF_A_TRY = 64;

    /** The same of one that reads part by part: what it has begun to take it should not leave half taken. */
    private static final int EXACT_READS = 1024 * READS_OF_A_TRY;

    private static final long LOOK_UP_MILLIS = 20;

    private final Codec<T> codec;
    final int maxMessageBytes;
    final ReadAhead ahead;
    private final SenderPresence senders;
    private final Watchers watchers = new Watchers();

    /** How many bytes had been read when the watchers knew of all that is here. */
    private long known;

    private volatile boolean draining;

    /** What the next call is to tell, because this one had messages to hand over. */
    private @Nullable PeerGoneException postponed;

    /**
     * Takes over the descriptor, a non-blocking read end.
     *
     * @param comesBack whether another writer may come after the end, as into a FIFO
     * @param exact whether nothing is read beyond the message that is received: {@link #wanted()} says how much that is
     */
    StreamReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            boolean comesBack,
            boolean exact) {
        super(fd, address, capabilities);
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
        this.ahead = new ReadAhead(fd, address, comesBack, exact);
        this.senders = new SenderPresence(fd, ahead);
    }

    /**
     * Takes the next message, holding the lock.
     *
     * @return null if the deadline passed first
     */
    abstract @Nullable T take(Deadline deadline) throws IOException, InterruptedException;

    /** Whether a message, a goodbye or a fault is in the read-ahead; asked under the lock. */
    abstract boolean hasMessage();

    /** Whether what shows on the descriptor is something to receive; asked under the lock. */
    boolean hasArrived() throws IOException {
        return true;
    }

    /** How many bytes the next read may take at most: where it is to be exact, no more than the next message surely has. */
    int wanted() {
        return Integer.MAX_VALUE;
    }

    /** What the end of the stream means at this point; null if nothing, and the next writer is waited for. */
    abstract @Nullable PeerGoneException endOfStream();

    @Override
    public T receive() throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            ensureOpen();
            T message = next(Deadline.NEVER);
            if (message == null) {
                throw new IllegalStateException("a receive without deadline ran out of time");
            }
            return message;
        } finally {
            leave();
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
            leave();
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
            return next(deadline);
        } finally {
            leave();
        }
    }

    /** Gives the lock back; what was read and not taken shows on the descriptor no more, so who watches that is told. */
    @Override
    final void leave() {
        boolean more = false;
        if (known != ahead.total()) {
            known = ahead.total();
            more = watchers.isAny() && (postponed != null || hasMessage());
        }
        lock.unlock();
        if (more) {
            watchers.wakeup();
        }
    }

    private @Nullable T next(Deadline deadline) throws IOException, InterruptedException {
        PeerGoneException told = postponed;
        if (told != null) {
            postponed = null;
            throw told;
        }
        return take(deadline);
    }

    private @Nullable T takeNow() throws IOException {
        try {
            return next(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        }
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be at least 1");
        }
        return drain(handler, limit, () -> true);
    }

    /**
     * The same as long as it is to go on, which is asked before each message.
     *
     * @return how many messages the handler was given
     */
    public final int drain(Consumer<? super T> handler, int limit, BooleanSupplier goesOn) throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return 0;
        }
        draining = true;
        try {
            ensureOpen();
            return drainHere(handler, limit, goesOn);
        } finally {
            draining = false;
            leave();
            if (closed.get()) {
                closeDescriptor(); // a closer does not wait for a handler
            }
        }
    }

    private int drainHere(Consumer<? super T> handler, int limit, BooleanSupplier goesOn) throws IOException {
        int count = 0;
        while (count < limit && isOpen() && goesOn.getAsBoolean()) {
            T message;
            try {
                message = takeNow();
            } catch (PeerGoneException e) {
                if (count > 0) {
                    postponed = e;
                    return count;
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

    /**
     * Whether a call whose reads have brought no message yet may read once more: a peer that sends on and on what is no
     * message must hold up neither the deadline nor a close.
     *
     * @param reads how many there were in this call
     */
    final boolean mayReadAgain(Deadline deadline, int reads) throws IOException, InterruptedException {
        if (reads == 0) {
            return true;
        }
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (ahead.isExact() && reads < EXACT_READS) {
            return true;
        }
        if (deadline.isNow()) {
            return reads < READS_OF_A_TRY;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return !deadline.passed();
    }

    /**
     * Reads more bytes behind those that are here.
     *
     * @return false if the deadline passed first
     * @throws PeerGoneException at the end of the stream
     */
    final boolean fill(Deadline deadline) throws IOException, InterruptedException {
        return fill(deadline, wanted());
    }

    /** The same, at most so many; with 0 it waits for them and reads none. */
    final boolean fill(Deadline deadline, int most) throws IOException, InterruptedException {
        return switch (ahead.fill(deadline, most)) {
            case BYTES -> true;
            case NOTHING -> false;
            case NUDGED -> true;
            case END -> {
                ensureNotClosing();
                PeerGoneException end = ahead.lost() == 0 ? endOfStream() : ConnectionLoss.of(ahead.lost(), address());
                if (end != null) {
                    ahead.detach();
                    throw end;
                }
                yield true;
            }
        };
    }

    /** Decodes bytes of the read-ahead, which has been moved behind them. */
    final T decode(int from, int to) throws CorruptDataException {
        return decode(ahead.view(from, to));
    }

    /** Decodes what is between position and limit. */
    final T decode(ByteBuffer source) throws CorruptDataException {
        int length = source.remaining();
        T message;
        try {
            message = codec.decode(source.order(ByteOrder.LITTLE_ENDIAN));
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address() + ": a message of " + length + " bytes could not be decoded: " + e.getMessage(), e);
        }
        if (message == null) { // it would look like no message
            throw new CorruptDataException(address() + ": a message of " + length + " bytes was decoded to null");
        }
        return message;
    }

    /** Asked inside of a codec: how many bytes of the stream there were up to the end of its message. */
    public final long position() {
        return ahead.position();
    }

    // ---- the other side, where one may come after the other

    /**
     * Whether a process has the other end open for writing now. Reads ahead, so as to know, unless it is exact. While another thread is
     * receiving, a sender that has sent nothing yet is not seen.
     */
    public final boolean hasSender() throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return ahead.isAttached() && !fd.isHungUp(); // somebody is receiving
        }
        try {
            ensureOpen();
            return senders.isHere();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a look that never waits was interrupted", e);
        } finally {
            leave();
        }
    }

    /**
     * Waits until a sender is there, or has left something to receive.
     *
     * @return false if the deadline passed first
     */
    public final boolean awaitSender(Deadline deadline) throws IOException, InterruptedException {
        return whileLocked(deadline, () -> senders.awaitArrival(deadline));
    }

    /**
     * Waits until no sender is there any more; messages may still be waiting.
     *
     * @return false if the deadline passed first
     */
    public final boolean awaitDeparture(Deadline deadline) throws IOException, InterruptedException {
        return whileLocked(deadline, () -> senders.awaitDeparture(deadline));
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
        boolean arrived;
        try {
            if (postponed != null || hasMessage() || ahead.hasEnded()) {
                return true;
            }
            arrived = fd.isReadyHere(Poll.POLLIN) && hasArrived();
            known = ahead.total();
        } finally {
            lock.unlock();
        }
        if (arrived) {
            watchers.wakeupSeveral(); // it may be read ahead by now, and show on the descriptor no more
        }
        return arrived;
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Makes who waits for a message look around: there is something to tell that does not show on the descriptor. */
    final void nudge() {
        fd.nudge();
        watchers.wakeup();
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watchers.closing(); // from here on nobody polls the number but this receiver
        fd.startClosing();
        while (!tryCloseDescriptor()) {
            if (draining) {
                return; // its thread closes the descriptor when the handler has returned
            }
        }
    }

    /** Waits for the thread inside, which is leaving, and looks up now and then. */
    private boolean tryCloseDescriptor() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!lock.tryLock(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS)) {
                        return false;
                    }
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            closeHere();
        } finally {
            lock.unlock();
        }
        return true;
    }

    private void closeDescriptor() throws IOException {
        lock.lock();
        try {
            closeHere();
        } finally {
            lock.unlock();
        }
    }

    private void closeHere() throws IOException {
        ahead.close();
        fd.close();
    }
}
