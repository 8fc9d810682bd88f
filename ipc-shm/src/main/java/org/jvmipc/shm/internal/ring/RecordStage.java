package org.jvmipc.shm.internal.ring;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.shm.internal.RingLayout;

/**
 * Private memory in which messages are encoded as the records that they will be in a ring: a codec never sees what others can
 * change.
 *
 * <p><b>Thread safety.</b> None.
 */
final class RecordStage<T> {
    private static final int FIRST_BYTES = 4096;
    private static final int LARGEST_KEPT_BYTES = 4 << 20;

    private final Address address;
    private final Codec<T> codec;
    private final Heading heading;

    /** From the record's beginning to the message. */
    private final int before;

    private final int maxMessage;
    private final boolean arrays;
    private final boolean buffers;
    private ByteBuffer bytes = allocate(FIRST_BYTES);
    private int begin;
    private int end;
    private int messages;

    /**
     * An empty one.
     *
     * @param largest what may stand in a record: a message with its heading
     */
    RecordStage(Address address, Codec<T> codec, Heading heading, int largest) {
        this.address = address;
        this.codec = codec;
        this.heading = heading;
        this.before = RingLayout.HEADER_BYTES + heading.bytes();
        this.maxMessage = largest - heading.bytes();
        this.arrays = (Object) codec == Codecs.bytes();
        this.buffers = (Object) codec == Codecs.buffers();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The memory; what is not handed over lies between {@link #begin()} and {@link #end()}. */
    ByteBuffer bytes() {
        return bytes;
    }

    int begin() {
        return begin;
    }

    int end() {
        return end;
    }

    boolean isEmpty() {
        return begin == end;
    }

    /** How many there are. */
    int messages() {
        return messages;
    }

    /** Bytes of the record at the place, with its header. */
    int recordBytes(int at) {
        return RingLayout.bytes(bytes.getLong(at));
    }

    /** So many that end there were handed over. */
    void removeBefore(int at, int handedOver) {
        begin = at;
        messages -= handedOver;
        if (begin == end) {
            clear();
        }
    }

    void clear() {
        begin = 0;
        end = 0;
        messages = 0;
        if (bytes.capacity() > LARGEST_KEPT_BYTES) {
            bytes = allocate(FIRST_BYTES);
        }
    }

    /** Encodes a message in the place of all others; its length. */
    int encode(T message) throws LimitException {
        clear();
        return add(message);
    }

    /**
     * Encodes one behind the others. If that fails nothing was added.
     *
     * @return its length
     */
    int add(T message) throws LimitException {
        int length = arrays || buffers ? copy(message) : encodeNext(message);
        int record = before + length;
        bytes.putLong(end, RingLayout.header(RingLayout.MESSAGE, record));
        if (heading.bytes() != 0) {
            bytes.putLong(end + RingLayout.HEADER_BYTES, heading.value());
        }
        end += RingLayout.aligned(record);
        messages++;
        return length;
    }

    /** What is bytes already. */
    private int copy(T message) throws LimitException {
        int length = arrays ? ((byte[]) message).length : ((ByteBuffer) message).remaining();
        refuseOver(length);
        int at = end + before;
        ensure((long) at + length);
        if (arrays) {
            System.arraycopy(message, 0, bytes.array(), at, length);
        } else {
            ByteBuffer from = (ByteBuffer) message;
            from.get(from.position(), bytes.array(), at, length);
        }
        return length;
    }

    private int encodeNext(T message) throws LimitException {
        int size = codec.size(message);
        refuseOver(size);
        int length = size < 0 ? encodeGrowing(message) : encodeSized(message, size);
        bytes.clear();
        return length;
    }

    private int encodeSized(T message, int size) {
        int at = end + before;
        ensure((long) at + size);
        bytes.limit(at + size).position(at).order(ByteOrder.LITTLE_ENDIAN);
        try {
            codec.encode(message, bytes);
        } catch (BufferOverflowException e) {
            throw new IllegalStateException(
                    address + ": " + codec + " wrote more bytes of a message than its size, which it gave as " + size,
                    e);
        }
        if (bytes.position() != at + size) {
            throw new IllegalStateException(address + ": " + codec + " wrote " + (bytes.position() - at)
                    + " bytes of a message whose size it gave as " + size);
        }
        return size;
    }

    private int encodeGrowing(T message) throws LimitException {
        int at = end + before;
        ensure(at);
        while (true) {
            int limit = (int) Math.min(bytes.capacity(), (long) at + maxMessage);
            bytes.limit(limit).position(at).order(ByteOrder.LITTLE_ENDIAN);
            try {
                codec.encode(message, bytes);
                return bytes.position() - at;
            } catch (BufferOverflowException e) {
                if (limit - at >= maxMessage) {
                    throw tooLarge("message of " + (maxMessage + 1L) + " bytes or more");
                }
                ensure(Math.min((long) at + maxMessage, 2L * bytes.capacity()));
            }
        }
    }

    /** Refuses a message of this size, if it is too large. */
    void refuseOver(long size) throws LimitException {
        if (size > maxMessage) {
            throw tooLarge("message of " + size + " bytes");
        }
    }

    private LimitException tooLarge(String what) {
        return new LimitException(
                address + ": " + what + " refused",
                "maxMessageBytes",
                maxMessage,
                "whoever makes it can make it for larger ones");
    }

    private void ensure(long wanted) {
        long aligned = wanted + RingLayout.ALIGNMENT;
        if (aligned > bytes.capacity()) {
            long doubled = Math.max(aligned, Math.min(2L * bytes.capacity(), LARGEST_KEPT_BYTES));
            bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), Math.toIntExact(doubled)))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
