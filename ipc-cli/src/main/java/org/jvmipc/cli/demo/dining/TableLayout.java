package org.jvmipc.cli.demo.dining;

/**
 * What lies where on a {@link DiningTable}.
 *
 * <pre>
 *   0          8          16         24         32         40                               64
 *   +----------+----------+----------+----------+----------+--------------------------------+
 *   | two users| together | taken off|                     not used                          |
 *   +----------+----------+----------+----------+----------+--------------------------------+
 *   | user     | uses     | takings  | taker    | taken at | wanted at | a line for each fork |
 *   +----------+----------+----------+----------+----------+--------------------------------+
 *   | eating   | begun    | eaten    | contended| longest  |  a line for each philosopher   |
 *   +----------+----------+----------+----------+----------+--------------------------------+
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian, at first 0. Philosophers are numbered from 1, forks from 0.
 */
final class TableLayout {
    /** How often a fork was picked up that had a user. */
    static final int TWO_USERS_OFFSET = 0;

    /** How often somebody ate beside one who ate. */
    static final int TOGETHER_OFFSET = 8;

    /** How often a fork had another user when it was to be put down. */
    static final int TAKEN_OFF_OFFSET = 16;

    /** In a fork's line: who has it; 0: nobody. */
    static final int USER_OFFSET = 0;

    /** In a fork's line: how many meals were eaten with it. */
    static final int USES_OFFSET = 8;

    /** In a fork's line: how often it was taken out of a dead one's hand. */
    static final int TAKINGS_OFFSET = 16;

    /** In a fork's line: who has done that. */
    static final int TAKER_OFFSET = 24;

    /** In a fork's line: when, on the monotonic clock. */
    static final int TAKEN_AT_OFFSET = 32;

    /** In a fork's line: since when that one has waited for it, on the same clock. */
    static final int WANTED_AT_OFFSET = 40;

    /** In a philosopher's line: whether it eats. */
    static final int EATING_OFFSET = 0;

    /** In a philosopher's line: the meals that it has begun. */
    static final int BEGUN_OFFSET = 8;

    /** In a philosopher's line: those that it has eaten up. */
    static final int EATEN_OFFSET = 16;

    /** In a philosopher's line: how often it had to wait for both forks. */
    static final int CONTENDED_OFFSET = 24;

    /** In a philosopher's line: the longest time from being hungry to eating. */
    static final int LONGEST_OFFSET = 32;

    private static final int LINE_BYTES = 64;

    private TableLayout() {}

    static int fork(int fork) {
        return LINE_BYTES * (1 + fork);
    }

    static int philosopher(int number, int philosophers) {
        return LINE_BYTES * (philosophers + number);
    }

    static int bytes(int philosophers) {
        return philosopher(philosophers + 1, philosophers);
    }
}
