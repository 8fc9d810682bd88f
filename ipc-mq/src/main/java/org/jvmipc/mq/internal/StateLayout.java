package org.jvmipc.mq.internal;

/**
 * What all processes share of a queue: the area {@code queue} in the segment beside its files. It is written under the mutex
 * {@code append}; after a restart of the machine it is made anew from the files. Little-endian.
 *
 * <pre>
 *     0  magic "JVMIPCMQ" (u64), stored last
 *     8  version (u32)                 | 1: the queue was removed (u32)
 *    16  boot id, first half (u64)
 *    24  boot id, second half (u64)
 *    64  tail (u64): bits 63 to 32 the current cycle, bits 31 to 0 where its messages end, in units of 4 bytes
 *   128  first cycle that is kept (u32) | 1: begin a new cycle before the next append (u32)
 *   136  how far the current cycle's file is allocated (u64)
 *   144  when the current cycle was begun, milliseconds since 1970 (u64)
 *   152  bytes of the other cycles that are kept (u64)
 *   160  where the last message of the current cycle begins, 0 none (u64)
 *   168  index of the first message of the second cycle kept; all ones if there is one only (u64)
 *   176  who held the mutex last (u64): bits 63 to 32 count the holds, bits 31 to 0 are his pid
 *   184  1: who held the mutex has died, and what he left is not put in order yet (u32) | 0
 *   192  who held the mutex {@code groups} last (u64), as at 176
 *   200  next index (u64), stored after the tail: messages below it can be read
 *   208  end                                                       256
 * </pre>
 *
 * <p>The tail is alone in its cache line: who polls reads no other word.
 */
final class StateLayout {
    static final String AREA = "queue";
    static final String APPEND_MUTEX = "append";
    static final String GROUPS_MUTEX = "groups";
    static final String ARRIVALS = "arrivals";
    static final String SPACE = "space";

    static final long MAGIC = 0x514d_4350_494d_564aL; // "JVMIPCMQ"
    static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int REMOVED_AT = 12;
    static final int BOOT_AT = 16;
    static final int TAIL_AT = 64;
    static final int FIRST_CYCLE_AT = 128;
    static final int ROLL_AT = 132;
    static final int ALLOCATED_AT = 136;
    static final int CREATED_AT = 144;
    static final int OLD_BYTES_AT = 152;
    static final int LAST_AT = 160;
    static final int SECOND_INDEX_AT = 168;
    static final int HOLDER_AT = 176;
    static final int REPAIR_AT = 184;
    static final int GROUPS_HOLDER_AT = 192;
    static final int NEXT_INDEX_AT = 200;
    static final int BYTES = 256;

    private static final int UNIT_BYTES = 4;

    private StateLayout() {}

    static long tail(int cycle, long offset) {
        return (long) cycle << Integer.SIZE | offset / UNIT_BYTES;
    }

    static int cycle(long tail) {
        return (int) (tail >>> Integer.SIZE);
    }

    static long offset(long tail) {
        return (tail & 0xffff_ffffL) * UNIT_BYTES;
    }
}
