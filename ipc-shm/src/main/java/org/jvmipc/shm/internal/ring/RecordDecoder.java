package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;

/**
 * Copies messages into private memory, and makes of them what they are.
 *
 * <p><b>Thread safety.</b> None.
 */
final class RecordDecoder<T> {
    private static final int FIRST_BYTES = 4096;
    private static final int LARGEST_KEPT_BYTES = 4 << 20;

    private final Address address;
    private final Codec<T> codec;
    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer view = view(bytes);
    private int length;

    RecordDecoder(Address address, Codec<T> codec) {
        this.address = address;
        this.codec = codec;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Copies a message, whose length was checked. */
    void take(ByteBuffer ring, int at, int messageBytes) {
        length = messageBytes;
        copy(ring, at, messageBytes);
    }

    /** The same without a codec: a view of the copy, valid until the next one. */
    ByteBuffer copied(ByteBuffer ring, int at, int messageBytes) {
        length = messageBytes;
        copy(ring, at, messageBytes);
        return seen();
    }

    private void copy(ByteBuffer ring, int at, int messageBytes) {
        if (messageBytes > bytes.length || bytes.length > LARGEST_KEPT_BYTES) {
            bytes = new byte[Math.max(FIRST_BYTES, messageBytes)];
            view = view(bytes);
        }
        ring.get(at, bytes, 0, messageBytes);
    }

    private ByteBuffer seen() {
        return view.limit(length).position(0).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The message that was taken. */
    T decode() throws CorruptDataException {
        try {
            return codec.decode(seen());
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address + ": a message of " + length + " bytes could not be decoded: " + e.getMessage(), e);
        }
    }
}
