package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.internal.HeldBatch;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * Messages gathered in a buffer of {@value FrameLayout#MAX_FRAME_BYTES} bytes, which goes out in one write when it is full
 * or flushed. What does not fit into an empty one is sent by itself.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}; handing over takes the sender's lock.
 */
public abstract class StreamBatch<T> extends HeldBatch<T> {
    private final StreamSender<T> sender;
    private final Codec<T> codec;
    private final MessageEncoder<T> encoder;
    private final NativeBuffer buffer;
    private final ByteBuffer bytes;
    private final int headroom;
    private final int limit;
    private final int before;
    private final int after;

    private int end;
    private boolean underWay;

    /**
     * A batch for one framing.
     *
     * @param headroom bytes kept free at the start of the buffer
     * @param tailroom bytes kept free at its end
     * @param before bytes kept free before each message
     * @param after bytes kept free behind each message
     */
    StreamBatch(
            StreamSender<T> sender,
            Codec<T> codec,
            MessageEncoder<T> encoder,
            int headroom,
            int tailroom,
            int before,
            int after) {
        this.sender = sender;
        this.codec = codec;
        this.encoder = encoder;
        this.buffer = sender.takeBatchBuffer();
        this.bytes = buffer.bytes();
        this.headroom = headroom;
        this.limit = buffer.capacity() - tailroom;
        this.before = before;
        this.after = after;
        this.end = headroom;
    }

    /** Fills in what is before and behind the message of this length, whose {@code before} bytes begin at {@code from}. */
    abstract void complete(ByteBuffer target, int from, int length);

    final NativeBuffer buffer() {
        return buffer;
    }

    /** Where the gathered bytes end; they begin at 0. */
    final int end() {
        return end;
    }

    /** Whether the sender has written a part of the buffer and keeps the rest for its next call. */
    final boolean underWay() {
        return underWay;
    }

    final void underWay(boolean value) {
        underWay = value;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (underWay) {
            flush();
        }
        if (tryAdd(message)) {
            return;
        }
        if (end > headroom) {
            flush();
            if (tryAdd(message)) {
                return;
            }
        }
        sendAlone(message);
    }

    /**
     * Adds a message if nothing has to be handed over for it.
     *
     * @return false if it does not fit behind those that are gathered
     */
    public boolean tryAdd(T message) throws IOException {
        begin();
        if (underWay) {
            return false;
        }
        int known = codec.size(message);
        int size = known < 0 ? tryEncode(message) : trySized(message, known);
        if (size < 0) {
            return false;
        }
        bytes.limit(buffer.capacity());
        complete(bytes, end, size);
        end += before + size + after;
        return true;
    }

    private void sendAlone(T message) throws IOException, InterruptedException {
        try {
            sender.send(message);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private int trySized(T message, int size) throws LimitException {
        encoder.refuseOver(size);
        if ((long) before + size + after > limit - end) {
            return -1;
        }
        encoder.encodeInto(bytes, message, end + before, size);
        return size;
    }

    /** The message's size once encoded behind the others, or -1 if it does not fit there. */
    private int tryEncode(T message) throws LimitException {
        int start = end + before;
        if (start + after > limit) {
            return -1;
        }
        bytes.limit(limit - after).position(start);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        try {
            codec.encode(message, bytes);
        } catch (BufferOverflowException e) {
            return -1;
        }
        int size = bytes.position() - start;
        encoder.refuseOver(size);
        return size;
    }

    @Override
    protected Address address() {
        return sender.address();
    }

    @Override
    protected void ensureSenderOpen() throws IOException {
        sender.ensureOpen();
    }

    @Override
    public int heldBytes() {
        return end - headroom;
    }

    @Override
    protected int unsentBytes() {
        return underWay ? 0 : heldBytes(); // the sender has the rest
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        sender.flush(this);
        underWay = false;
        end = headroom;
    }

    @Override
    protected void ended() {
        if (failure() == null && !underWay) { // or the sender has still to write from it
            sender.giveBackBatchBuffer(buffer);
        }
    }
}
