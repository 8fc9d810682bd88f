package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * The fragment in which a message, or a part of one, travels through a FIFO. Little-endian:
 *
 * <pre>
 *   0               4       5       6       8               12              16
 *  +---------------+-------+-------+-------+---------------+---------------+
 *  | length n (u32)| type  |   0   | magic | pid (u32)     | sender (u32)  |
 *  +---------------+-------+-------+-------+---------------+---------------+
 *  | start time of the process (u64)       | sequence (u64)                |   16 .. 32
 *  +---------------------------------------+---------------+---------------+
 *  | offset (u32)  | total (u32)           | namespace (u32) |   0 (u32)   |   32 .. 48
 *  +---------------------------------------+---------------+---------------+
 *  | payload, n bytes ...                                  |  CRC32C (u32) |   48 .. 48+n+4
 *  +-------------------------------------------------------+---------------+
 * </pre>
 *
 * <p>Each fragment says all of itself, so that a reader may begin with any: the process that sent it (number, start time in
 * clock ticks since boot, inode of its pid namespace, 0 if unknown), which of that process's senders it was, the message's
 * {@code sequence} at that sender, counted from 0, the payload's {@code offset} in it and its {@code total} length. A new
 * sequence number before the last one is complete means that the rest of that one will not come.
 *
 * <p>Types: {@link #MESSAGE}; {@link #BATCH}, a fragment of several whole messages, each as length (u32) and bytes, which
 * counts as one in the sequence; {@link #HELLO}, the sender is there; {@link #END}, its goodbye. The last two are empty and
 * carry the sequence number that would be next.
 *
 * <p>Where several senders share a FIFO a fragment has at most {@code PIPE_BUF} (4096) bytes, and is written in one piece or
 * not at all ({@code pipe(7)}); a single sender's may have {@value #MAX_FRAGMENT_BYTES}, and may be revoked by
 * complementing the last byte of its checksum, CRC-32C of everything before it, as in {@link FrameLayout}.
 */
public final class FragmentLayout {
    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = 4;
    static final int ZERO_OFFSET = 5;
    static final int MAGIC_OFFSET = 6;
    static final int PID_OFFSET = 8;
    static final int SENDER_OFFSET = 12;
    static final int START_TIME_OFFSET = 16;
    static final int SEQUENCE_OFFSET = 24;
    static final int OFFSET_OFFSET = 32;
    static final int TOTAL_OFFSET = 36;
    static final int NAMESPACE_OFFSET = 40;
    static final int RESERVED_OFFSET = 44;
    public static final int HEADER_BYTES = 48;
    /** What a fragment adds to its payload: header and checksum. */
    public static final int OVERHEAD_BYTES = HEADER_BYTES + FrameFormat.TRAILER_BYTES;

    /** "JF" in the order of the bytes. */
    static final short MAGIC = 0x464A;

    static final int MAX_FRAGMENT_BYTES = 64 * 1024;
    static final int MAX_PAYLOAD_BYTES = MAX_FRAGMENT_BYTES - OVERHEAD_BYTES;
    /** The largest payload of a fragment that is written in one piece: what fits into one packet. */
    public static final int MAX_ATOMIC_PAYLOAD_BYTES = FrameFormat.PIPE_BUF - OVERHEAD_BYTES;

    static final byte MESSAGE = 1;
    static final byte BATCH = 2;
    static final byte HELLO = 3;
    static final byte END = 4;

    private FragmentLayout() {}

    /** The checksum of the fragment at the offset. Moves the buffer's view. */
    static int checksum(NativeBuffer buffer, int offset, int payloadBytes, CRC32C crc) {
        ByteBuffer view = buffer.view();
        view.limit(offset + HEADER_BYTES + payloadBytes).position(offset);
        crc.reset();
        crc.update(view);
        return (int) crc.getValue();
    }

    /** Whether a fragment could begin at the offset; 8 bytes of it must be here. */
    static boolean mayBegin(ByteBuffer bytes, int offset) {
        if (bytes.getShort(offset + MAGIC_OFFSET) != MAGIC || bytes.get(offset + ZERO_OFFSET) != 0) {
            return false;
        }
        int length = bytes.getInt(offset + LENGTH_OFFSET);
        byte type = bytes.get(offset + TYPE_OFFSET);
        return length >= 0 && length <= MAX_PAYLOAD_BYTES && type >= MESSAGE && type <= END;
    }

    /** What is wrong with the header at the offset, all of which is here, or null. */
    static @Nullable String fault(ByteBuffer bytes, int offset) {
        if (!mayBegin(bytes, offset)) {
            return "no fragment begins here";
        }
        long length = bytes.getInt(offset + LENGTH_OFFSET);
        long at = bytes.getInt(offset + OFFSET_OFFSET) & 0xffff_ffffL;
        long total = bytes.getInt(offset + TOTAL_OFFSET) & 0xffff_ffffL;
        if (at + length > total || (length == 0 && total != 0)) {
            return "a fragment of " + length + " bytes at " + at + " is outside of its message of " + total + " bytes";
        }
        byte type = bytes.get(offset + TYPE_OFFSET);
        if (type != MESSAGE && (at != 0 || total != length || (type != BATCH && length != 0))) {
            return "a fragment of type " + type + " has " + length + " bytes at " + at + " of " + total;
        }
        if (bytes.getInt(offset + PID_OFFSET) < 1
                || bytes.getLong(offset + START_TIME_OFFSET) < 0
                || bytes.getLong(offset + SEQUENCE_OFFSET) < 0
                || bytes.getInt(offset + RESERVED_OFFSET) != 0) {
            return "pid, start time, sequence or the reserved field of a fragment is out of range";
        }
        return null;
    }
}
