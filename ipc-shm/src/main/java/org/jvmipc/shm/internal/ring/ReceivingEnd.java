package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.PollBridge;
import org.jvmipc.internal.Watchers;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.RingHandler;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;

/**
 * What a {@code RingReceiver} does.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class ReceivingEnd<T> extends RingEnd {
    private final RingConsumer consumer;
    private final RingEvent arrivals;
    private final RingWait wait;
    private final RecordDecoder<T> decoder;
    private final boolean arrays;
    private final Watchers watchers = new Watchers();

    /** A view of the ring's memory for handlers, so that none is made for each message. */
    private final ByteBuffer view;

    /** Guarded by this. */
    private @Nullable PollBridge bridge;

    /** Whether no bridge may be made any more; guarded by this. */
    private boolean detached;

    private ReceivingEnd(RingMemory memory, Codec<T> codec, RingWaiting waiting) throws IOException {
        super(memory);
        this.arrivals = memory.arrivals();
        this.wait = new RingWait(memory, arrivals, waiting);
        this.decoder = new RecordDecoder<>(memory.address(), codec);
        this.arrays = (Object) codec == Codecs.bytes();
        this.view = memory.bytes().asReadOnlyBuffer();
        this.consumer = new RingConsumer(memory); // last: what fails before it leaves no place taken
    }

    /** Takes a receiver's place; the handle is the end's from here on. */
    public static <T> ReceivingEnd<T> open(
            SegmentHandle.Opened opened, RingShape shape, Codec<T> codec, RingWaiting waiting) throws IOException {
        return Opening.of(opened, shape, memory -> new ReceivingEnd<>(memory, codec, waiting));
    }

    // ---- receiving

    /**
     * The next message.
     *
     * @return null if there was none, or another thread inside, until the deadline
     */
    public @Nullable T receive(Deadline deadline) throws IOException, InterruptedException {
        if (!enter(deadline)) {
            return null;
        }
        try {
            return await(deadline);
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            leave();
        }
    }

    /** The next message if there is one. */
    public @Nullable T tryReceive() throws IOException {
        try {
            return receive(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        }
    }

    private @Nullable T await(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            T message = poll();
            if (message != null) {
                return message;
            }
            if (deadline.passed()) {
                rest();
                return null;
            }
            requireNoEnd();
            if (!wait.await(consumer, consumer.isPeerPresent(), deadline)) {
                ensureStillOpen();
            }
        }
    }

    private @Nullable T poll() throws IOException {
        int length = consumer.next();
        if (length < 0) {
            return null;
        }
        if (arrays) {
            byte[] own = new byte[length]; // it is the caller's own in any case
            memory.bytes().get(consumer.message(), own);
            taken();
            return asMessage(own);
        }
        decoder.take(memory.bytes(), consumer.message(), length);
        taken();
        return decoder.decode();
    }

    private void taken() throws LimitException {
        consumer.requireIn();
        consumer.done();
    }

    @SuppressWarnings("unchecked") // the codec is the one of byte[]
    private T asMessage(byte[] own) {
        return (T) own;
    }

    /** There is no message: says so, and looks whether that is the end. */
    private void rest() throws PeerGoneException {
        consumer.idle();
        requireNoEnd();
    }

    private void requireNoEnd() throws PeerGoneException {
        PeerGoneException.Reason reason = consumer.end();
        if (reason != null) {
            consumer.settle(); // for the next sender
            boolean died = reason == PeerGoneException.Reason.DIED;
            throw new PeerGoneException(
                    reason, address(), died ? "a sender died, and all it sent was taken" : "all senders have closed");
        }
    }

    /** Hands what is there to the handler. */
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        return drain(handler, null, limit);
    }

    /** The same without a copy: the handler sees the ring's memory. */
    public int drainInPlace(RingHandler handler, int limit) throws IOException {
        return drain(null, handler, limit);
    }

    private boolean handNext(Consumer<? super T> handler) throws IOException {
        T message = poll();
        if (message == null) {
            return false;
        }
        handler.accept(message);
        return true;
    }

    private boolean showNext(RingHandler handler) throws IOException {
        int length = consumer.next();
        if (length < 0) {
            return false;
        }
        int at = consumer.message();
        if (consumer.mayBeDropped()) {
            ByteBuffer copy = decoder.copied(memory.bytes(), at, length);
            taken();
            handler.accept(copy);
            return true;
        }
        try {
            handler.accept(view.limit(at + length).position(at).order(ByteOrder.LITTLE_ENDIAN));
        } finally {
            consumer.done();
        }
        return true;
    }

    /** With one handler or the other; without an object for each call, as there may be one for each message. */
    private int drain(@Nullable Consumer<? super T> handler, @Nullable RingHandler inPlace, int limit)
            throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it must be at least 1");
        }
        if (!tryEnter()) {
            return 0;
        }
        try {
            int count = 0;
            while (count < limit && (inPlace != null ? showNext(inPlace) : handler != null && handNext(handler))) {
                count++;
                if (!isOpen()) {
                    return count; // by the handler
                }
            }
            if (count == 0) {
                rest();
            }
            return count;
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            leave();
        }
    }

    // ---- in a set

    /** The eventfd that is raised when something has come since it was armed. */
    public int fd() throws IOException {
        return bridge().fd();
    }

    private synchronized PollBridge bridge() throws IOException {
        if (detached) {
            throw new ClosedChannelException();
        }
        PollBridge present = bridge;
        if (present == null) {
            present = new PollBridge(new Arrivals(), address().toString());
            bridge = present;
        }
        return present;
    }

    private final class Arrivals implements PollBridge.Source {
        /** The word as it was when nothing was told for a while, 0 at first; of the bridge's thread. */
        private int settled;

        @Override
        public int read() {
            return RingWait.arm(arrivals);
        }

        @Override
        public void await(int armed) throws InterruptedException {
            if (!RingWait.await(memory, arrivals, armed, armed == settled)) {
                settled = armed;
            }
        }
    }

    /** Has it raised at the next arrival. */
    public void arm() throws IOException {
        try {
            bridge().arm(!ready());
        } catch (InternalError e) {
            throw corrupt(e);
        }
    }

    /** Whether a receive would probably find something. */
    public boolean ready() throws IOException {
        ensureOpen();
        try {
            return consumer.isReady();
        } catch (InternalError e) {
            throw corrupt(e);
        }
    }

    /** Who waits for it together with others. */
    public Watchers watchers() {
        return watchers;
    }

    @Override
    void closing() {
        watchers.closing();
    }

    @Override
    void detach() {
        synchronized (this) {
            detached = true;
            if (bridge != null) {
                bridge.close();
            }
        }
        consumer.close();
    }

    /** For the safety net: it does not refer to the endpoint, and nobody is inside. */
    public Runnable forgotten() {
        return this::release;
    }
}
