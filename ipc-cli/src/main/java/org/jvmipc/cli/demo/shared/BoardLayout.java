package org.jvmipc.cli.demo.shared;

/**
 * What lies where on a {@link Board}.
 *
 * <pre>
 *   0          8          16         24         32         40         48         56         64
 *   +----------+----------+----------+----------+----------+----------+----------+----------+
 *   | holder   | counter  | copy     | fence    | bad fence| intruders| taker    | taken at |
 *   +----------+----------+----------+----------+----------+----------+----------+----------+
 *   | takings  | torn     |                        not used                                 |
 *   +----------+----------+----------+------------------------------------------------------+
 *   | before   | begun    | done     | holds    |  not used; one such line for each member  |
 *   +----------+----------+----------+------------------------------------------------------+
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian, at first 0. Members are numbered from 1.
 */
final class BoardLayout {
    /** The member that is inside; 0: nobody. */
    static final int HOLDER_OFFSET = 0;

    /** What is guarded. */
    static final int COUNTER_OFFSET = 8;

    /** The same again, so that a reader sees when it looks in between. */
    static final int COPY_OFFSET = 16;

    /** The fencing number of the last one inside. */
    static final int FENCE_OFFSET = 24;

    /** How often that was not larger than the one before. */
    static final int BAD_FENCES_OFFSET = 32;

    /** How often somebody went in while another was there. */
    static final int INTRUDERS_OFFSET = 40;

    /** Who has put in order what a dead one has left. */
    static final int TAKER_OFFSET = 48;

    /** When, on the monotonic clock. */
    static final int TAKEN_AT_OFFSET = 56;

    /** How often. */
    static final int TAKINGS_OFFSET = 64;

    /** How often a reader saw the counter and its copy differ, and nobody inside. */
    static final int TORN_OFFSET = 72;

    static final int MEMBERS_OFFSET = 128;
    static final int MEMBER_BYTES = 64;

    /** In a member's line: the counter before the member's turn. */
    static final int BEFORE_OFFSET = 0;

    /** In a member's line: the turns that it has begun. */
    static final int BEGUN_OFFSET = 8;

    /** In a member's line: those that it has finished. */
    static final int DONE_OFFSET = 16;

    /** In a member's line: how often it went in. */
    static final int HOLDS_OFFSET = 24;

    private BoardLayout() {}

    /** Where a member's line is. */
    static int member(int number) {
        return MEMBERS_OFFSET + (number - 1) * MEMBER_BYTES;
    }
}
