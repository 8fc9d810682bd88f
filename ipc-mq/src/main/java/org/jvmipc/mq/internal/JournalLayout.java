package org.jvmipc.mq.internal;

/**
 * How far a group is, on disk: the file {@code groups/NAME.acks}, of two halves that are used in turn. Little-endian.
 *
 * <pre>
 *     0  first half, 65,536 bytes
 * 65536  second half, 65,536 bytes
 *
 * of a half:
 *     0  magic "JVMIPCGJ" (u64)
 *     8  generation, the larger one is in use (u64)
 *    16  CRC32C of bytes 0 to 15 (u32) | 12 bytes 0
 *    32  records of 32 bytes each:
 *          0  kind (u32)                     | number of messages (u32)
 *          8  index of the first message (u64)
 *         16  bit i: message i was taken (u64)
 *         24  generation, lower half (u32)   | CRC32C of bytes 0 to 27 (u32)
 * </pre>
 *
 * <p>Records end where one has another generation or a wrong checksum. Kind 1, <em>next</em>: all messages below the index
 * were dealt out in ranges, or taken. Kind 2, <em>range</em>: what is known of a range, instead of an earlier record with the same index and
 * number; it counts as dealt out. Taken are all messages that were dealt out and are in no range, or are marked in one.
 *
 * <p>When a half is full, what holds is written to the other half, and then its header, with the next generation.
 */
final class JournalLayout {
    static final long MAGIC = 0x4a47_4350_494d_564aL; // "JVMIPCGJ"
    static final int HALF_BYTES = 65_536;
    static final int FILE_BYTES = 2 * HALF_BYTES;
    static final int MAGIC_AT = 0;
    static final int GENERATION_AT = 8;
    static final int HEADER_CRC_AT = 16;
    static final int HEADER_BYTES = 32;

    static final int RECORD_BYTES = 32;
    static final int KIND = 0;
    static final int COUNT = 4;
    static final int FIRST = 8;
    static final int TAKEN = 16;
    static final int RECORD_GENERATION = 24;
    static final int RECORD_CRC = 28;

    static final int NEXT = 1;
    static final int RANGE = 2;

    static final int MOST_RECORDS = (HALF_BYTES - HEADER_BYTES) / RECORD_BYTES;

    private JournalLayout() {}

    static int record(int half, int number) {
        return half * HALF_BYTES + HEADER_BYTES + number * RECORD_BYTES;
    }
}
