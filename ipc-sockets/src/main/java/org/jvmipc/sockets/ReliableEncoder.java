package org.jvmipc.sockets;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;

/**
 * Encodes messages behind each other, into memory of its own.
 *
 * <p><b>Thread safety.</b> None.
 */
final class ReliableEncoder<T> {
    private static final int FIRST_BYTES = 4096;
    private static final int LARGEST_KEPT_BYTES = 1 << 20;

    private final Address address;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private ByteBuffer buffer = allocate(FIRST_BYTES);

    ReliableEncoder(Address address, Codec<T> codec, int maxMessageBytes) {
        this.address = address;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The memory, whose limit the caller sets; it is another one after an encode. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Lets go of memory that is too large to keep; what it held is lost. */
    void trim() {
        if (buffer.capacity() > LARGEST_KEPT_BYTES) {
            buffer = allocate(FIRST_BYTES);
        }
    }

    /**
     * Encodes a message at this place, and keeps what is before it.
     *
     * @return its length in bytes
     */
    int encode(T message, int at) throws LimitException {
        int size = codec.size(message);
        if (size > maxMessageBytes) {
            throw tooLarge("message of " + size + " bytes refused");
        }
        if (size < 0) {
            return encodeGrowing(message, at);
        }
        ensure(at, size);
        buffer.limit(at + size).position(at);
        codec.encode(message, buffer);
        if (buffer.position() != at + size) {
            throw new IllegalStateException(
                    codec + " wrote " + (buffer.position() - at) + " bytes of a message whose size it gave as " + size);
        }
        return size;
    }

    private int encodeGrowing(T message, int at) throws LimitException {
        ensure(at, 0); // what is before it may end at the very end
        while (true) {
            int room = Math.min(maxMessageBytes, buffer.capacity() - at);
            buffer.limit(at + room).position(at);
            try {
                codec.encode(message, buffer);
                return buffer.position() - at;
            } catch (BufferOverflowException e) {
                if (room >= maxMessageBytes) {
                    throw tooLarge("message refused, it is larger than any allowed");
                }
                ensure(at, (int) Math.min(maxMessageBytes, Math.max(FIRST_BYTES, 2L * room)));
            }
        }
    }

    private void ensure(int at, int bytes) {
        long needed = (long) at + bytes;
        if (needed > buffer.capacity()) {
            ByteBuffer larger =
                    allocate((int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * buffer.capacity())));
            buffer.clear();
            larger.put(0, buffer, 0, Math.min(at, buffer.capacity()));
            buffer = larger;
        }
    }

    private LimitException tooLarge(String what) {
        return new LimitException(
                address + ": " + what,
                "maxMessageBytes",
                maxMessageBytes,
                "the smaller one of both sides counts; give a larger one when opening them");
    }
}
