package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.Words;

/**
 * What a {@code RingSender} does.
 *
 * <p><b>Thread safety.</b> Yes; a claim belongs to the thread that has made it.
 */
public final class SendingEnd<T> extends RingEnd {
    /** No claim is open, or it is one that nobody will hear. */
    private static final int NOWHERE = -1;

    private final RingProducer producer;
    private final RingWait wait;
    private final RecordStage<T> stage;
    private final boolean arrays;
    private final boolean buffers;
    private final boolean fails;
    private final int capacity;
    private final long heading;
    private final int headingBytes;

    /** A view of the ring's memory for claims, so that none is made for each. */
    private final ByteBuffer view;

    private ByteBuffer unheard = ByteBuffer.allocate(0);
    private int claimedAt = NOWHERE;

    private SendingEnd(RingMemory memory, Codec<T> codec, Heading heading, RingWaiting waiting) throws IOException {
        super(memory);
        RingShape shape = memory.shape();
        this.heading = heading.value();
        this.headingBytes = heading.bytes();
        if (shape.maxMessage() < headingBytes) {
            throw memory.damaged(
                    "its largest message is " + shape.maxMessage() + " bytes, less than what stands before each");
        }
        this.stage = newStage(codec);
        this.arrays = (Object) codec == Codecs.bytes();
        this.buffers = (Object) codec == Codecs.buffers();
        this.fails = shape.whenFull() == RingFullPolicy.FAIL;
        this.capacity = shape.capacity();
        this.view = memory.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.producer = new RingProducer(memory); // late: what fails before it leaves no lane taken
        this.wait = new RingWait(memory, producer.room(), waiting);
    }

    /** Takes a lane; the handle is the end's from here on. */
    public static <T> SendingEnd<T> open(
            SegmentHandle.Opened opened, RingShape shape, Codec<T> codec, Heading heading, RingWaiting waiting)
            throws IOException {
        return Opening.of(opened, shape, memory -> new SendingEnd<>(memory, codec, heading, waiting));
    }

    /** A stage for a batch. */
    final RecordStage<T> newStage(Codec<T> codec) {
        return new RecordStage<>(
                memory.address(),
                codec,
                new Heading(heading, headingBytes),
                memory.shape().maxMessage());
    }

    // ---- sending

    /**
     * Sends a message.
     *
     * @param mayThrow whether a full ring that fails is an error
     * @return false if there was no room, or another thread inside, until the deadline
     */
    public boolean send(T message, Deadline deadline, boolean mayThrow) throws IOException, InterruptedException {
        if (!enter(deadline)) {
            return false;
        }
        try {
            producer.requirePeer();
            return put(message, deadline, mayThrow);
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            leave();
        }
    }

    /** The same without waiting. */
    public boolean trySend(T message) throws IOException {
        try {
            return send(message, Deadline.NOW, false);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a call that never waits was interrupted", e);
        }
    }

    private boolean put(T message, Deadline deadline, boolean mayThrow) throws IOException, InterruptedException {
        int length = encodedLength(message);
        int at = room(headingBytes + length + RingLayout.HEADER_BYTES, deadline, mayThrow);
        if (at < 0) {
            return isUnheard(at, 1);
        }
        writeHeading(at);
        write(message, at + headingBytes, length);
        producer.commit(headingBytes + length);
        return true;
    }

    /** What is bytes already is copied into the ring at once; other codecs write into memory of this process. */
    private int encodedLength(T message) throws LimitException {
        if (!arrays && !buffers) {
            return stage.encode(message);
        }
        int length = arrays ? ((byte[]) message).length : ((ByteBuffer) message).remaining();
        stage.refuseOver(length);
        return length;
    }

    private void writeHeading(int at) {
        if (headingBytes != 0) {
            Words.setLong(memory.bytes(), at, heading);
        }
    }

    private void write(T message, int at, int length) {
        ByteBuffer bytes = memory.bytes();
        if (arrays) {
            bytes.put(at, (byte[]) message, 0, length);
        } else if (buffers) {
            ByteBuffer from = (ByteBuffer) message;
            bytes.put(at, from, from.position(), length);
        } else {
            bytes.put(at, stage.bytes().array(), RingLayout.HEADER_BYTES + headingBytes, length);
        }
    }

    private boolean isUnheard(int answer, int messages) {
        if (answer == RingProducer.UNHEARD) {
            producer.countUnheard(messages);
            return true;
        }
        return false;
    }

    private int room(int recordBytes, Deadline deadline, boolean mayThrow) throws IOException, InterruptedException {
        int at = producer.reserveRecords(recordBytes, false);
        return at == RingProducer.FULL ? awaitRoom(recordBytes, deadline, mayThrow) : at;
    }

    private int awaitRoom(int recordBytes, Deadline deadline, boolean mayThrow)
            throws IOException, InterruptedException {
        while (true) {
            producer.requirePeer();
            boolean last = fails || deadline.passed();
            int at = producer.reserveRecords(recordBytes, last);
            if (at != RingProducer.FULL) {
                return at;
            }
            if (fails && mayThrow) {
                throw new LimitException(
                        address() + ": the ring is full, " + recordBytes + " bytes are not free",
                        "capacity",
                        capacity,
                        "receive faster, or create it larger or to block");
            }
            if (last) {
                return RingProducer.FULL;
            }
            if (!wait.await(producer, producer.isPeerPresent(), deadline)) {
                ensureStillOpen();
            }
        }
    }

    /**
     * Looks whether anybody receives.
     *
     * @throws PeerGoneException if nobody does
     */
    public void requireReceiver() throws IOException {
        ensureOpen();
        try {
            PeerGoneException.Reason gone = memory.receiversGone();
            LateErrors.come();
            if (gone != null) {
                throw new PeerGoneException(gone, address(), why(gone));
            }
        } catch (InternalError e) {
            throw corrupt(e);
        }
    }

    private static String why(PeerGoneException.Reason gone) {
        return switch (gone) {
            case DIED -> "the receiver died";
            case CLOSED -> "the receiver has closed";
            case UNKNOWN -> "there was no receiver yet";
        };
    }

    // ---- batches

    /** Hands over what a stage has gathered, and removes it from there as far as it was. */
    void flush(RecordStage<T> gathered) throws IOException, InterruptedException {
        if (!enter(Deadline.NEVER)) {
            throw new IllegalStateException("a wait without end has ended");
        }
        try {
            producer.requirePeer();
            while (!gathered.isEmpty()) {
                flushSome(gathered);
            }
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            leave();
        }
    }

    /** So many records as fit in a quarter of the ring go in one copy, and become visible all at once. */
    private void flushSome(RecordStage<T> gathered) throws IOException, InterruptedException {
        int begin = gathered.begin();
        int first = gathered.recordBytes(begin);
        int end = gathered.end();
        int messages = gathered.messages();
        if (end - begin > capacity >> 2) {
            end = begin + RingLayout.aligned(first);
            messages = 1;
            while (end < gathered.end()) {
                int next = end + RingLayout.aligned(gathered.recordBytes(end));
                if (next - begin > capacity >> 2) {
                    break;
                }
                end = next;
                messages++;
            }
        }
        int all = end - begin;
        int at = room(all, Deadline.NEVER, true);
        if (at >= 0) {
            memory.bytes()
                    .put(at, gathered.bytes().array(), begin + RingLayout.HEADER_BYTES, all - RingLayout.HEADER_BYTES);
            producer.commitRecords(first, all);
        } else {
            isUnheard(at, messages);
        }
        gathered.removeBefore(end, messages);
    }

    // ---- claims

    /**
     * Claims room for a message; this thread is inside until it {@linkplain #commit commits} or {@linkplain #abort aborts}.
     *
     * @return the room, its position where the message is to begin; null if there was none until the deadline
     */
    public @Nullable ByteBuffer claim(int length, Deadline deadline, boolean mayThrow)
            throws IOException, InterruptedException {
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length + "; it is 0 or more");
        }
        if (!enter(deadline)) {
            return null;
        }
        boolean claimed = false;
        try {
            producer.requirePeer();
            stage.refuseOver(length);
            int at = room(headingBytes + length + RingLayout.HEADER_BYTES, deadline, mayThrow);
            ByteBuffer room = at == RingProducer.FULL ? null : room(at, length);
            claimed = room != null;
            return room;
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            if (!claimed) {
                leave();
            }
        }
    }

    private ByteBuffer room(int at, int length) {
        if (at >= 0) {
            claimedAt = at;
            writeHeading(at);
            int message = at + headingBytes;
            return view.limit(message + length).position(message).order(ByteOrder.LITTLE_ENDIAN);
        }
        claimedAt = NOWHERE;
        if (unheard.capacity() < length) {
            unheard = ByteBuffer.allocateDirect(length);
        }
        return unheard.clear().limit(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Sends what was written into the room. */
    public void commit(int length) throws IOException {
        try {
            if (claimedAt == NOWHERE) {
                producer.countUnheard(1);
            } else {
                producer.commit(headingBytes + length);
            }
        } catch (InternalError e) {
            throw corrupt(e);
        } catch (DamagedSegmentException e) {
            throw corrupt(e);
        } finally {
            leave();
        }
    }

    /** Gives the room back. Nobody has seen anything of it. */
    public void abort() {
        leave();
    }

    @Override
    void detach() {
        producer.close();
    }

    /** For the safety net: it does not refer to the endpoint, and nobody is inside. */
    public Runnable forgotten() {
        return this::release;
    }
}
