package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * The frame in which a message travels over a stream of bytes. Little-endian:
 *
 * <pre>
 *   0               4       5       6       8                       8+n             12+n
 *  +---------------+-------+-------+-------+---------- - - --------+---------------+
 *  | length n (u32)| type  |   0   | magic | payload, n bytes      |  CRC32C (u32) |
 *  +---------------+-------+-------+-------+---------- - - --------+---------------+
 *  |&lt;--------------------- covered by the CRC --------------------&gt;|
 * </pre>
 *
 * <p>A frame has at most {@value #MAX_FRAME_BYTES} bytes. A larger message is cut into {@link #FIRST}, {@link #MIDDLE}...,
 * {@link #LAST}, with nothing between them but {@link #ABORT}, which says that the rest will not come and the parts are to
 * be dropped. A {@link #BATCH} carries any number of whole messages, each as length (u32) and bytes. {@link #END} is the
 * goodbye: nothing follows it.
 *
 * <p>The checksum is CRC-32C (Castagnoli, RFC 3720 appendix B.4). It comes last so that a frame can be taken back while a
 * byte of it has not left: with its last byte complemented the frame is <em>revoked</em>, and the reader drops it and the
 * parts before it. So a sender that gives up midway leaves a stream that goes on, and delivers nothing.
 */
public final class FrameLayout {
    public static final int LENGTH_OFFSET = 0;
    public static final int TYPE_OFFSET = 4;
    public static final int ZERO_OFFSET = 5;
    public static final int MAGIC_OFFSET = 6;
    public static final int HEADER_BYTES = 8;
    /** The checksum, behind the payload. */
    public static final int TRAILER_BYTES = 4;
    /** What a frame adds to its payload. */
    public static final int OVERHEAD_BYTES = HEADER_BYTES + TRAILER_BYTES;
    /** How a revoked frame's checksum differs: the last byte on the wire, the highest of the number. */
    public static final int REVOKED = 0xFF00_0000;

    /** "JI" in the order of the bytes. */
    public static final short MAGIC = 0x494A;

    public static final int MAX_FRAME_BYTES = 64 * 1024;
    public static final int MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - OVERHEAD_BYTES;

    /** A whole message. */
    public static final byte MESSAGE = 1;
    /** The first part of a message. */
    public static final byte FIRST = 2;
    /** A part between the first and the last. */
    public static final byte MIDDLE = 3;
    /** The last part; the message is complete. */
    public static final byte LAST = 4;
    /** Several whole messages. */
    public static final byte BATCH = 5;
    /** The message begun will not be finished; between two of its frames. */
    public static final byte ABORT = 6;
    /** Goodbye. */
    public static final byte END = 7;

    /** Bytes before each message in a {@link #BATCH}: its length. */
    public static final int RECORD_HEADER_BYTES = 4;

    private FrameLayout() {}

    /** Writes header and checksum of a frame whose payload is in place already. */
    static void seal(NativeBuffer buffer, int offset, byte type, int payloadBytes, CRC32C crc) {
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(offset + LENGTH_OFFSET, payloadBytes);
        bytes.put(offset + TYPE_OFFSET, type);
        bytes.put(offset + ZERO_OFFSET, (byte) 0);
        bytes.putShort(offset + MAGIC_OFFSET, MAGIC);
        bytes.putInt(offset + HEADER_BYTES + payloadBytes, checksum(buffer, offset, payloadBytes, crc));
    }

    /** Takes back a sealed frame of which at least the last byte has not been sent. */
    static void revoke(NativeBuffer buffer, int frameEnd) {
        ByteBuffer bytes = buffer.bytes();
        bytes.put(frameEnd - 1, (byte) ~bytes.get(frameEnd - 1));
    }

    /** The checksum that the frame at the offset should have. Moves the buffer's view. */
    static int checksum(NativeBuffer buffer, int offset, int payloadBytes, CRC32C crc) {
        ByteBuffer view = buffer.view();
        view.limit(offset + HEADER_BYTES + payloadBytes).position(offset);
        crc.reset();
        crc.update(view);
        return (int) crc.getValue();
    }

    /** What is wrong with the header at the offset, or null. Says nothing of the payload, which may not be here yet. */
    static @Nullable String fault(ByteBuffer bytes, int offset) {
        if (bytes.getShort(offset + MAGIC_OFFSET) != MAGIC) {
            return "no frame begins here: magic is 0x"
                    + Integer.toHexString(bytes.getShort(offset + MAGIC_OFFSET) & 0xffff) + ", not 0x"
                    + Integer.toHexString(MAGIC);
        }
        int length = bytes.getInt(offset + LENGTH_OFFSET);
        if (length < 0 || length > MAX_PAYLOAD_BYTES) {
            return "frame length is " + Integer.toUnsignedString(length) + "; at most " + MAX_PAYLOAD_BYTES;
        }
        byte type = bytes.get(offset + TYPE_OFFSET);
        if (type < MESSAGE || type > END || bytes.get(offset + ZERO_OFFSET) != 0) {
            return "frame type is " + (type & 0xff) + "; it must be " + MESSAGE + " to " + END
                    + ", and the byte after it 0";
        }
        if ((type == ABORT || type == END) && length != 0) {
            return "frame of type " + type + " has " + length + " bytes; it must be empty";
        }
        return null;
    }
}
