package org.jvmipc.internal.stream;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * Encodes one message into private memory, with room before and behind it. Small messages reuse one buffer, so that
 * nothing is allocated; larger ones get what they need, and it is kept while it is not huge.
 *
 * <p><b>Thread safety.</b> None: used under the sender's lock.
 */
final class MessageEncoder<T> {
    /** What would raise the limit, where it is a setting of both ends. */
    static final String AN_OPTION = "give a larger one when opening both ends";

    /** What would raise it where a message is one write. */
    static final String A_PACKET = "a FIFO of packets takes no larger one; one with a single receiver does";

    private static final int LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

    /** Of many senders most send little. */
    private static final int FIRST_BYTES = 4096;

    private final Address address;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private final int headroom;
    private final int tailroom;
    private final String remedy;
    private NativeBuffer buffer;

    MessageEncoder(Address address, Codec<T> codec, int maxMessageBytes, int headroom, int tailroom, String remedy) {
        this.remedy = remedy;
        this.address = address;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
        this.headroom = headroom;
        this.tailroom = tailroom;
        this.buffer = new NativeBuffer(FIRST_BYTES);
    }

    /** Where the last message lies, behind the headroom. */
    NativeBuffer buffer() {
        return buffer;
    }

    /** Lets go of a buffer that is too large to keep. */
    void trim() {
        if (buffer.capacity() > LARGEST_KEPT_BYTES) {
            buffer = new NativeBuffer(FrameLayout.MAX_FRAME_BYTES);
        }
    }

    /** Lets go of the buffer, because what it holds is still to be written and the next message must not overwrite it. */
    void abandon() {
        buffer = new NativeBuffer(FrameLayout.MAX_FRAME_BYTES);
    }

    /**
     * Encodes the message.
     *
     * @return its length in bytes
     */
    int encode(T message) throws LimitException {
        int size = codec.size(message);
        if (size < 0) {
            return encodeGrowing(message);
        }
        refuseOver(size);
        ensure(size);
        encodeInto(buffer.bytes(), message, headroom, size);
        return size;
    }

    /** Encodes a message of known size at the place, and nowhere else. */
    void encodeInto(ByteBuffer target, T message, int at, int size) {
        target.limit(at + size).position(at);
        target.order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(message, target);
        if (target.position() != at + size) {
            throw new IllegalStateException(
                    codec + " wrote " + (target.position() - at) + " bytes of a message whose size it gave as " + size);
        }
    }

    /** Throws when a message of this size may not be sent. */
    void refuseOver(long size) throws LimitException {
        if (size > maxMessageBytes) {
            throw new LimitException(
                    address + ": message of " + size + " bytes refused", "maxMessageBytes", maxMessageBytes, remedy);
        }
    }

    private int encodeGrowing(T message) throws LimitException {
        while (true) {
            ByteBuffer target = buffer.bytes();
            int end = (int) Math.min((long) headroom + maxMessageBytes, buffer.capacity() - tailroom);
            target.limit(end).position(headroom);
            target.order(ByteOrder.LITTLE_ENDIAN);
            try {
                codec.encode(message, target);
                return target.position() - headroom;
            } catch (BufferOverflowException e) {
                if (end - headroom >= maxMessageBytes) {
                    throw new LimitException(
                            address + ": message refused, it is larger than any allowed",
                            "maxMessageBytes",
                            maxMessageBytes,
                            remedy);
                }
                ensure(Math.min(maxMessageBytes, 2L * buffer.capacity()));
            }
        }
    }

    private void ensure(long messageBytes) {
        long wanted = messageBytes + headroom + tailroom;
        if (wanted > buffer.capacity()) {
            long doubled = Math.max(wanted, Math.min(2L * buffer.capacity(), LARGEST_KEPT_BYTES));
            buffer = new NativeBuffer((int) doubled);
        }
    }
}
