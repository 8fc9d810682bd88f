package org.jvmipc.shm.internal;

/**
 * Where everything lies in a ring. What is written often by one side is alone in its line of the cache, and in the pair of
 * lines that processors fetch together. Offsets are in bytes from the beginning of the object, all little-endian.
 *
 * <pre>
 *     0  version (u32): 1               | kind (u32): 1 one to one, 2 lanes, 3 broadcast
 *     8  capacity of a lane (u32)       | lanes (u32)
 *    16  receivers (u32)                | largest message (u32)
 *    24  when full (u32): 1 block, 2 fail, 3 drop the slowest | 0
 *   128  arrivals (u32, event count, futex): receivers sleep on it
 *   132  changes (u32): counted up whenever somebody joins, leaves or was repaired
 *   256  senders joined (u32)           | senders died (u32)
 *   264  senders joined at the last end (u32) | senders died at the last end (u32)
 *   272  dropped (u64): broadcast: messages that nobody was there for
 *   280  receivers dropped (u32)        | receivers departed (u32)
 *   384  lanes, 256 bytes each
 *        |   0  owner (u32, owned)      | room (u32, event count, futex): its sender sleeps on it
 *        | 128  tail (u64): where the next record will be, behind the last one that is known to be committed
 *   ...  cursors, 256 bytes each: one for each lane, in a broadcast one for each receiver
 *        |   0  head (u64): what is before it may be overwritten
 *        | 128  taken (u64): what is before it was received
 *   ...  receivers, 128 bytes each
 *        |   0  owner (u32, owned)      | state (u32): 0 joining, 1 in, 2 dropped
 *        |   8  how the last one left (u32): 0 it has not, 1 it closed, 2 it died
 *   ...  data: the capacity for each lane
 * </pre>
 *
 * <p>A <b>record</b> begins at a multiple of 8: a header, and its bytes.
 *
 * <pre>
 *     0  header (u64), stored last: 0 nothing is here yet; bits 31 to 0 bytes of the record with its header, bits 63 to 32
 *        type: 1 message, 2 padding up to the end of the lane's data
 *     8  the message
 * </pre>
 *
 * <p>A <b>position</b> counts bytes from the beginning of all time, modulo 2^64; it lies at position modulo capacity. The header
 * behind the last record is 0.
 */
public final class RingLayout {
    static final int VERSION = 1;

    static final int VERSION_AT = 0;
    static final int KIND_AT = 4;
    static final int CAPACITY_AT = 8;
    static final int LANES_AT = 12;
    static final int RECEIVERS_AT = 16;
    static final int MAX_MESSAGE_AT = 20;
    static final int WHEN_FULL_AT = 24;

    static final int ONE_TO_ONE = 1;
    static final int SEVERAL_LANES = 2;
    static final int BROADCAST = 3;
    static final int BLOCK = 1;
    static final int FAIL = 2;
    static final int DROP_SLOWEST = 3;

    public static final int ARRIVALS = 128;
    public static final int CHANGES = 132;

    public static final int SENDERS_JOINED = 256;
    public static final int SENDERS_DIED = 260;
    public static final int ENDED_JOINED = 264;
    public static final int ENDED_DIED = 268;
    public static final int UNHEARD = 272;
    public static final int RECEIVERS_DROPPED = 280;
    public static final int RECEIVERS_DEPARTED = 284;

    static final int LANES = 384;

    static final int LANE_BYTES = 256;
    public static final int LANE_OWNER = 0;
    public static final int LANE_ROOM = 4;
    public static final int LANE_TAIL = 128;

    static final int CURSOR_BYTES = 256;
    public static final int CURSOR_HEAD = 0;
    public static final int CURSOR_TAKEN = 128;

    static final int RECEIVER_BYTES = 128;
    public static final int RECEIVER_OWNER = 0;
    public static final int RECEIVER_STATE = 4;
    public static final int RECEIVER_DEPARTURE = 8;

    public static final int JOINING = 0;
    public static final int IN = 1;
    public static final int DROPPED = 2;

    public static final int CLOSED = 1;
    public static final int DIED = 2;

    public static final int HEADER_BYTES = 8;
    public static final int ALIGNMENT = 8;
    public static final int MESSAGE = 1;
    public static final int PADDING = 2;

    public static final int LEAST_CAPACITY = 1024;
    public static final int MOST_CAPACITY = 1 << 30;
    public static final int MOST_PLACES = 1024;

    private RingLayout() {}

    /** The header of a record. */
    public static long header(int type, int bytes) {
        return (long) type << Integer.SIZE | bytes;
    }

    /** The bytes of a record with its header, as its header says, which anybody may have written. */
    public static int bytes(long header) {
        return (int) header;
    }

    /** The type of a record. */
    public static int type(long header) {
        return (int) (header >>> Integer.SIZE);
    }

    /** What a record of so many bytes with its header takes up. */
    public static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
