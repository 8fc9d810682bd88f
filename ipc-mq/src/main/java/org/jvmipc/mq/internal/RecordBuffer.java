package org.jvmipc.mq.internal;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;

/**
 * Records, encoded one behind the other before any lock is taken: envelopes that lack only their index, each at a multiple of
 * 4. Small ones use the same memory again.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class RecordBuffer {
    private static final int FIRST_BYTES = 4096;
    private static final int LARGEST_KEPT_BYTES = 4 << 20;

    private final String name;
    private final int maxMessageBytes;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int end;

    /**
     * An empty one.
     *
     * @param name of the queue, for the errors
     */
    public RecordBuffer(String name, int maxMessageBytes) {
        this.name = name;
        this.maxMessageBytes = maxMessageBytes;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the last record ends, with its padding. */
    public int end() {
        return end;
    }

    /** The length of the record at the place, without padding. */
    public int length(int at) {
        return LittleEndian.getInt(bytes, at + EnvelopeLayout.LENGTH_AT);
    }

    /** What the record at the place takes up, with its padding. */
    public int paddedLength(int at) {
        return (int) EnvelopeLayout.padded(length(at));
    }

    /** Forgets all, and memory that is too large to keep. */
    public void clear() {
        end = 0;
        if (bytes.length > LARGEST_KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    /** Forgets the records before the place. */
    public void removeBefore(int at) {
        System.arraycopy(bytes, at, bytes, 0, end - at);
        end -= at;
    }

    /**
     * Adds a message. If that fails, nothing was added.
     *
     * @throws LimitException if it is larger than the queue takes
     */
    public <T> void add(Envelope envelope, Codec<T> codec, T message) throws LimitException {
        byte[] type = Envelope.utf8(envelope.type());
        byte[] reply = Envelope.utf8(envelope.replyTo());
        int body = end + EnvelopeLayout.HEADER_BYTES + type.length + reply.length;
        int size = codec.size(message);
        refuseOver(size);
        int length = size < 0 ? encodeGrowing(codec, message, body) : encodeSized(codec, message, body, size);
        finish(envelope, type, reply, body + length - end);
    }

    private <T> int encodeSized(Codec<T> codec, T message, int body, int size) {
        ensure((long) body + size);
        ByteBuffer target = view(bytes).position(body).limit(body + size);
        codec.encode(message, target.order(ByteOrder.LITTLE_ENDIAN));
        if (target.position() != body + size) {
            throw new IllegalStateException(codec + " wrote " + (target.position() - body)
                    + " bytes of a message whose size it gave as " + size);
        }
        return size;
    }

    private <T> int encodeGrowing(Codec<T> codec, T message, int body) throws LimitException {
        ensure(body);
        while (true) {
            int limit = (int) Math.min(bytes.length, (long) body + maxMessageBytes);
            ByteBuffer target = view(bytes).position(body).limit(limit);
            try {
                codec.encode(message, target);
                return target.position() - body;
            } catch (BufferOverflowException e) {
                refuseOver(limit - body >= maxMessageBytes ? maxMessageBytes + 1L : 0);
                ensure(Math.min((long) body + maxMessageBytes, 2L * bytes.length));
            }
        }
    }

    private void refuseOver(long size) throws LimitException {
        if (size > maxMessageBytes) {
            throw new LimitException(
                    name + ": message of " + size + " bytes or more refused",
                    "maxMessageBytes",
                    maxMessageBytes,
                    "create the queue for larger ones");
        }
    }

    private void ensure(long wanted) {
        long padded = EnvelopeLayout.padded(wanted) + EnvelopeLayout.HEADER_BYTES;
        if (padded > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(padded, Math.min(2L * bytes.length, 1 << 20))));
        }
    }

    private void finish(Envelope envelope, byte[] type, byte[] reply, int length) {
        int at = end;
        int from = at + EnvelopeLayout.HEADER_BYTES;
        System.arraycopy(type, 0, bytes, from, type.length);
        System.arraycopy(reply, 0, bytes, from + type.length, reply.length);
        LittleEndian.putInt(bytes, at + EnvelopeLayout.MAGIC_AT, EnvelopeLayout.MAGIC);
        LittleEndian.putShort(bytes, at + EnvelopeLayout.VERSION_AT, EnvelopeLayout.VERSION);
        LittleEndian.putShort(bytes, at + EnvelopeLayout.TYPE_BYTES_AT, type.length);
        LittleEndian.putInt(bytes, at + EnvelopeLayout.LENGTH_AT, length);
        LittleEndian.putShort(bytes, at + EnvelopeLayout.REPLY_BYTES_AT, reply.length);
        LittleEndian.putShort(bytes, at + EnvelopeLayout.ZERO_AT, 0);
        LittleEndian.putLong(bytes, at + EnvelopeLayout.TIME_AT, envelope.timeMillis());
        LittleEndian.putLong(bytes, at + EnvelopeLayout.PRODUCER_AT, envelope.producer());
        LittleEndian.putLong(bytes, at + EnvelopeLayout.SEQUENCE_AT, envelope.sequence());
        LittleEndian.putLong(bytes, at + EnvelopeLayout.CORRELATION_AT, envelope.correlation());
        LittleEndian.putInt(
                bytes,
                at + EnvelopeLayout.BODY_CRC_AT,
                Envelope.crc(bytes, from, length - EnvelopeLayout.HEADER_BYTES));
        int padded = (int) EnvelopeLayout.padded(length);
        Arrays.fill(bytes, at + length, at + padded, (byte) 0);
        end = at + padded;
    }

    /** Gives the record its index, under the queue's mutex; with that it is whole. */
    public void stamp(int at, long index) {
        LittleEndian.putLong(bytes, at + EnvelopeLayout.INDEX_AT, index);
        LittleEndian.putInt(
                bytes, at + EnvelopeLayout.HEADER_CRC_AT, Envelope.crc(bytes, at, EnvelopeLayout.HEADER_CRC_AT));
    }
}
