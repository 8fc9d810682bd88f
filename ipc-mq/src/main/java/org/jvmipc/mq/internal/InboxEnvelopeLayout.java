package org.jvmipc.mq.internal;

/**
 * A message in an inbox: one record of the ring holds one envelope. Little-endian, offsets in bytes from the envelope's beginning.
 *
 * <pre>
 *     0  +---------------------------------------------------------------+
 *        | kind (u8)    | version (u8) | reply bytes (u16)               |
 *     4  | pid of the sender, as it says; 0 unknown (u32)                |
 *     8  +---------------------------------------------------------------+
 *        | of a request and a reply only:                                |
 *        | correlation (u64)                                             |
 *    16  | address to reply to, UTF-8, reply bytes; of a reply none      |
 *        +---------------------------------------------------------------+
 *        | the message                                                   |
 *        +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Kinds: 1 a message, 2 a request, 3 a reply. The record's length is the envelope's: it is not in it.
 */
final class InboxEnvelopeLayout {
    static final int MESSAGE = 1;
    static final int REQUEST = 2;
    static final int REPLY = 3;

    static final int VERSION = 1;

    static final int KIND_AT = 0;
    static final int VERSION_AT = 1;
    static final int REPLY_BYTES_AT = 2;
    static final int PID_AT = 4;
    static final int HEADER_BYTES = 8;
    static final int CORRELATION_AT = 8;
    static final int REPLY_AT = 16;

    static final int MAX_REPLY_BYTES = 255;

    private static final int VERSION_SHIFT = Byte.SIZE * VERSION_AT;
    private static final int REPLY_BYTES_SHIFT = Byte.SIZE * REPLY_BYTES_AT;
    private static final int PID_SHIFT = Byte.SIZE * PID_AT;

    private InboxEnvelopeLayout() {}

    /** The first eight bytes as one number. */
    static long header(int kind, int replyBytes, int pid) {
        return kind | (VERSION << VERSION_SHIFT) | ((long) replyBytes << REPLY_BYTES_SHIFT) | ((long) pid << PID_SHIFT);
    }

    /** Whether it is of a message, in this version, and all before the pid is as it has to be. */
    static boolean isPlain(long header) {
        return (int) header == (int) header(MESSAGE, 0, 0);
    }

    static int kind(long header) {
        return (int) header & 0xff;
    }

    static int version(long header) {
        return (int) (header >>> VERSION_SHIFT) & 0xff;
    }

    static int replyBytes(long header) {
        return (int) (header >>> REPLY_BYTES_SHIFT) & 0xffff;
    }

    static long pid(long header) {
        return header >>> PID_SHIFT;
    }
}
