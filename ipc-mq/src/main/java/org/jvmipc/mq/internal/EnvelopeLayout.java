package org.jvmipc.mq.internal;

/**
 * A message in the file: one Chronicle document holds one envelope. Little-endian, offsets in bytes from the envelope's
 * beginning.
 *
 * <pre>
 *     0  +---------------------------------------------------------------+
 *        | magic "MQE1" (u32)            | version (u16) | type bytes (u16) |
 *     8  | length of it all, without padding (u32) | reply bytes (u16) | 0 (u16) |
 *    16  | index: number of the message in its queue (u64)               |
 *    24  | time of sending, milliseconds since 1970 (u64)                |
 *    32  | producer: a random number of each sender (u64)                |
 *    40  | the producer's own number of the message, from 1 (u64)        |
 *    48  | correlation id, 0 none (u64)                                  |
 *    56  | CRC32C of bytes 64 to the end (u32) | CRC32C of bytes 0 to 59 (u32) |
 *    64  +---------------------------------------------------------------+
 *        | type, UTF-8                                                   |
 *        | address to reply to, UTF-8                                    |
 *        | the message                                                   |
 *        | 0 to 3 bytes 0, so that the whole is a multiple of 4          |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The body's checksum is computed before the lock is taken; the header's, which covers the index, under it.
 */
final class EnvelopeLayout {
    static final int MAGIC = 0x3145_514d; // "MQE1"
    static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 4;
    static final int TYPE_BYTES_AT = 6;
    static final int LENGTH_AT = 8;
    static final int REPLY_BYTES_AT = 12;
    static final int ZERO_AT = 14;
    static final int INDEX_AT = 16;
    static final int TIME_AT = 24;
    static final int PRODUCER_AT = 32;
    static final int SEQUENCE_AT = 40;
    static final int CORRELATION_AT = 48;
    static final int BODY_CRC_AT = 56;
    static final int HEADER_CRC_AT = 60;
    static final int HEADER_BYTES = 64;

    static final int MAX_TYPE_BYTES = 255;
    static final int MAX_REPLY_BYTES = 1024;

    private static final int ALIGNMENT = 4;

    private EnvelopeLayout() {}

    /** What a document with so many bytes takes up, its header not counted. */
    static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
