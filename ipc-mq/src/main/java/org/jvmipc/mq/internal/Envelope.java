package org.jvmipc.mq.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    static int length(byte[] source, int at, int available) {
        if (available < EnvelopeLayout.HEADER_BYTES
                || LittleEndian.getInt(source, at + EnvelopeLayout.MAGIC_AT) != EnvelopeLayout.MAGIC
                || LittleEndian.getShort(source, at + EnvelopeLayout.VERSION_AT) != EnvelopeLayout.VERSION
                || LittleEndian.getInt(source, at + EnvelopeLayout.HEADER_CRC_AT)
                        != crc(source, at, EnvelopeLayout.HEADER_CRC_AT)) {
            return -1;
        }
        int length = LittleEndian.getInt(source, at + EnvelopeLayout.LENGTH_AT);
        return length < bodyOffset(source, at) || length > available ? -1 : length;
    }

    private static int typeBytes(byte[] source, int at) {
        return LittleEndian.getShort(source, at + EnvelopeLayout.TYPE_BYTES_AT);
    }

    private static int replyBytes(byte[] source, int at) {
        return LittleEndian.getShort(source, at + EnvelopeLayout.REPLY_BYTES_AT);
    }

    /** Where the message begins in it. */
    static int bodyOffset(byte[] source, int at) {
        return EnvelopeLayout.HEADER_BYTES + typeBytes(source, at) + replyBytes(source, at);
    }

    /** Whether what follows the header is what it was. */
    static boolean isBodyWhole(byte[] source, int at, int length) {
        int crc = crc(source, at + EnvelopeLayout.HEADER_BYTES, length - EnvelopeLayout.HEADER_BYTES);
        return crc == LittleEndian.getInt(source, at + EnvelopeLayout.BODY_CRC_AT);
    }

    /** The index of one whose header is whole. */
    static long index(byte[] source, int at) {
        return LittleEndian.getLong(source, at + EnvelopeLayout.INDEX_AT);
    }

    /** All of it, of one that is whole. */
    static Envelope read(byte[] source, int at) {
        int type = typeBytes(source, at);
        int reply = replyBytes(source, at);
        int from = at + EnvelopeLayout.HEADER_BYTES;
        return new Envelope(
                index(source, at),
                LittleEndian.getLong(source, at + EnvelopeLayout.TIME_AT),
                LittleEndian.getLong(source, at + EnvelopeLayout.PRODUCER_AT),
                LittleEndian.getLong(source, at + EnvelopeLayout.SEQUENCE_AT),
                LittleEndian.getLong(source, at + EnvelopeLayout.CORRELATION_AT),
                text(source, from, type),
                text(source, from + type, reply));
    }

    /** Whether its type is this one, without making a string of it. */
    static boolean isOfType(byte[] source, int at, byte[] type) {
        if (typeBytes(source, at) != type.length) {
            return false;
        }
        int from = at + EnvelopeLayout.HEADER_BYTES;
        return Arrays.equals(source, from, from + type.length, type, 0, type.length);
    }

    private static String text(byte[] source, int from, int length) {
        return length == 0 ? "" : new String(source, from, length, StandardCharsets.UTF_8);
    }

    /** Text as it stands in an envelope. */
    static byte[] utf8(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
