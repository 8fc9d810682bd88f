package org.jvmipc.cli.demo.sem;

/**
 * What lies where in a {@link Pool}.
 *
 * <pre>
 *   0          8          16         24         32         40                    64         72
 *   +----------+----------+----------+----------+----------+---------------------+----------+----
 *   | holder   | taker    | taken at | takings  | too many |      not used       | used by 1| ...
 *   +----------+----------+----------+----------+----------+---------------------+----------+----
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian, at first 0. Members are numbered from 1.
 */
final class PoolLayout {
    /** The member that has all and is about to die; 0: nobody. */
    static final int HOLDER_OFFSET = 0;

    /** Who was the first to have something of what that one had. */
    static final int TAKER_OFFSET = 8;

    /** When, on the monotonic clock. */
    static final int TAKEN_AT_OFFSET = 16;

    /** How often. */
    static final int TAKINGS_OFFSET = 24;

    /** How often more were used than there are. */
    static final int TOO_MANY_OFFSET = 32;

    /** How many each member uses. */
    static final int USED_OFFSET = 64;

    private PoolLayout() {}
}
