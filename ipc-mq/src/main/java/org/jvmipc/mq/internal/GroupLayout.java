package org.jvmipc.mq.internal;

/**
 * What processes share of a consumer group: the area {@code groupN} in the queue's segment, written under the mutex {@code
 * groupN.lock}. Little-endian.
 *
 * <pre>
 *     0  state: 0 none, 1 in use, stored last (u32) | bytes of the name (u32)
 *     8  name, ASCII, at most 64 bytes
 *    72  next index: messages from it on are in no range (u64)
 *    80  a place in the log where the next message begins, or one before it (u64, as the queue's tail)
 *    88  low-water mark: all messages below it were taken (u64)
 *    96  redeliveries so far (u64)
 *   104  dead letters so far (u64)
 *   112  half of the journal that is in use (u32) | records in it (u32)
 *   120  generation of the journal (u64)
 *   128  who held the mutex last (u64): bits 63 to 32 count the holds, bits 31 to 0 are his pid
 *   136  incarnation: a random number, another one for each group that has its state here (u64)
 *   144  1: who held the mutex has died, and what he left is not put in order yet (u32) | 44 bytes 0
 *   192  ranges, 128 of 192 bytes each:
 *          0  state: 0 free, 1 in use, stored last (u32) | lease: counts the leases of this entry (u32)
 *          8  index of the first message (u64)
 *         16  number of messages, 1 to 64 (u32) | 0
 *         24  a place in the log where the first message begins, or one before it (u64)
 *         32  bit i: message i was taken (u64)
 *         40  end of the lease, nanoseconds of CLOCK_MONOTONIC (u64)
 *         48  consumer that has, or had, the lease: a random number (u64)
 *         64  for each message how often it was handed out, at most 255 (64 times u8)
 *        128  64 bytes 0
 * </pre>
 *
 * <p>Who leases range i holds place i of the table of owners {@code groupN.owners}: free again when he is dead. A range that is
 * in use and has no owner, or whose lease has ended, is there for whoever comes.
 */
final class GroupLayout {
    static final int STATE_AT = 0;
    static final int NAME_BYTES_AT = 4;
    static final int NAME_AT = 8;
    static final int MAX_NAME_BYTES = 64;
    static final int NEXT_AT = 72;
    static final int PLACE_AT = 80;
    static final int LOW_WATER_AT = 88;
    static final int REDELIVERIES_AT = 96;
    static final int DEAD_LETTERS_AT = 104;
    static final int HALF_AT = 112;
    static final int RECORDS_AT = 116;
    static final int GENERATION_AT = 120;
    static final int HOLDER_AT = 128;
    static final int INCARNATION_AT = 136;
    static final int REPAIR_AT = 144;
    static final int RANGES_AT = 192;

    static final int NONE = 0;
    static final int IN_USE = 1;

    static final int RANGES = 128;
    static final int RANGE_BYTES = 192;
    static final int RANGE_STATE = 0;
    static final int RANGE_LEASE = 4;
    static final int RANGE_FIRST = 8;
    static final int RANGE_COUNT = 16;
    static final int RANGE_PLACE = 24;
    static final int RANGE_TAKEN = 32;
    static final int RANGE_END = 40;
    static final int RANGE_CONSUMER = 48;
    static final int RANGE_DELIVERIES = 64;

    /** As many as there are bits in a word. */
    static final int MAX_RANGE_MESSAGES = 64;

    static final int BYTES = RANGES_AT + RANGES * RANGE_BYTES;

    private GroupLayout() {}

    static String area(int slot) {
        return "group" + slot;
    }

    static String mutex(int slot) {
        return area(slot) + ".lock";
    }

    static String owners(int slot) {
        return area(slot) + ".owners";
    }
}
