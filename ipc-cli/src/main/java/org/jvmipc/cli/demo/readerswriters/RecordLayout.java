package org.jvmipc.cli.demo.readerswriters;

/**
 * What lies where around a {@link SharedRecord}.
 *
 * <pre>
 *   0          8          16         24         32         40         48         56         64
 *   +----------+----------+----------+----------+----------+----------+----------+----------+
 *   | version  | checksum | writer   | intruders| torn     | most     | takings  | taken at |
 *   +----------+----------+----------+----------+----------+----------+----------+----------+
 *   | taker    | warned   |                        not used                                 |
 *   +----------+----------+----------+------------------------------------------------------+
 *   | inside   | begun    | done     |       not used; one such line for each member         |
 *   +----------+----------+----------+------------------------------------------------------+
 *   | word 0   | word 1   | ...
 *   +----------+----------+----
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian, at first 0. Members, readers and writers, are numbered from 1. Word {@code i} of the
 * record is {@code version * FACTOR + i}; the checksum is the sum of all words.
 */
final class RecordLayout {
    /** How often the record was changed. */
    static final int VERSION_OFFSET = 0;

    static final int CHECKSUM_OFFSET = 8;

    /** The member that changes it; 0: nobody. */
    static final int WRITER_OFFSET = 16;

    /** How often a writer was beside anyone. */
    static final int INTRUDERS_OFFSET = 24;

    /** How often a reader saw the words of more than one version. */
    static final int TORN_OFFSET = 32;

    /** The most readers at one time. */
    static final int MOST_OFFSET = 40;

    /** How often a dead one's place was taken. */
    static final int TAKINGS_OFFSET = 48;

    /** When, on the monotonic clock. */
    static final int TAKEN_AT_OFFSET = 56;

    /** By whom. */
    static final int TAKER_OFFSET = 64;

    /** How often a reader was told, before the record was repaired, that it may be half changed. */
    static final int WARNED_OFFSET = 72;

    /** In a member's line: whether it reads. */
    static final int INSIDE_OFFSET = 0;

    /** In a member's line: the changes that it has begun. */
    static final int BEGUN_OFFSET = 8;

    /** In a member's line: those that are done. */
    static final int DONE_OFFSET = 16;

    private static final int MEMBERS_OFFSET = 128;
    private static final int MEMBER_BYTES = 64;

    private RecordLayout() {}

    static int member(int number) {
        return MEMBERS_OFFSET + (number - 1) * MEMBER_BYTES;
    }

    /** Where the words begin. */
    static int words(int members) {
        return member(members + 1);
    }
}
