package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a message.
 *
 * @param index number of the message in its queue
 * @param timeMillis when it was sent
 * @param producer who sent it
 * @param sequence the producer's number of it
 * @param correlation 0 for none
 * @param type empty for none
 * @param replyTo empty for none
 */
public record Envelope(
        long index, long timeMillis, long producer, long sequence, long correlation, String type, String replyTo) {

    /** Nothing but the message. */
    public static final Envelope NONE = new Envelope(0, 0, 0, 0, 0, "", "");

    /** The same with another index. */
    Envelope withIndex(long value) {
        return new Envelope(value, timeMillis, producer, sequence, correlation, type, replyTo);
    }

    /** The checksum of a range. */
    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** The envelope's length by its header, -1 if it is none: looked at where it lies, believed only as far as it checks. */
    static int length(ByteBuffer source, int at, int available) {
        if (available < EnvelopeLayout.HEADER_BYTES
                || source.getInt(at + EnvelopeLayout.MAGIC_AT) != EnvelopeLayout.MAGIC
                || source.getShort(at + EnvelopeLayout.VERSION_AT) != EnvelopeLayout.VERSION
                || source.getInt(at + EnvelopeLayout.HEADER_CRC_AT)
                        != crc(source.array(), at, EnvelopeLayout.HEADER_CRC_AT)) {
            return -1;
        }
        int length = source.getInt(at + EnvelopeLayout.LENGTH_AT);
        return length < bodyOffset(source, at) || length > available ? -1 : length;
    }

    private static int typeBytes(ByteBuffer source, int at) {
        return source.getShort(at + EnvelopeLayout.TYPE_BYTES_AT) & 0xffff;
    }

    private static int replyBytes(ByteBuffer source, int at) {
        return source.getShort(at + EnvelopeLayout.REPLY_BYTES_AT) & 0xffff;
    }

    /** Where the message begins in it. */
    static int bodyOffset(ByteBuffer source, int at) {
        return EnvelopeLayout.HEADER_BYTES + typeBytes(source, at) + replyBytes(source, at);
    }

    /** Whether what follows the header is what it was. */
    static boolean isBodyWhole(ByteBuffer source, int at, int length) {
        int crc = crc(source.array(), at + EnvelopeLayout.HEADER_BYTES, length - EnvelopeLayout.HEADER_BYTES);
        return crc == source.getInt(at + EnvelopeLayout.BODY_CRC_AT);
    }

    /** The index of one whose header is whole. */
    static long index(ByteBuffer source, int at) {
        return source.getLong(at + EnvelopeLayout.INDEX_AT);
    }

    /** All of it, of one that is whole. */
    static Envelope read(ByteBuffer source, int at) {
        int type = typeBytes(source, at);
        int reply = replyBytes(source, at);
        int from = at + EnvelopeLayout.HEADER_BYTES;
        return new Envelope(
                index(source, at),
                source.getLong(at + EnvelopeLayout.TIME_AT),
                source.getLong(at + EnvelopeLayout.PRODUCER_AT),
                source.getLong(at + EnvelopeLayout.SEQUENCE_AT),
                source.getLong(at + EnvelopeLayout.CORRELATION_AT),
                text(source, from, type),
                text(source, from + type, reply));
    }

    /** Whether its type is this one, without making a string of it. */
    static boolean isOfType(ByteBuffer source, int at, byte[] type) {
        if (typeBytes(source, at) != type.length) {
            return false;
        }
        int from = at + EnvelopeLayout.HEADER_BYTES;
        return java.util.Arrays.equals(source.array(), from, from + type.length, type, 0, type.length);
    }

    private static String text(ByteBuffer source, int from, int length) {
        return length == 0 ? "" : new String(source.array(), from, length, StandardCharsets.UTF_8);
    }

    /** Text as it stands in an envelope. */
    static byte[] utf8(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
