package org.jvmipc.cli.demo.fifo;

import org.jvmipc.cli.demo.Stage;

/**
 * What a reader tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param capacityBytes how much the FIFO holds
 * @param blockedBytes how much was in it when it began to read
 * @param duplicated see {@link org.jvmipc.cli.demo.Tally}
 * @param reordered see {@link org.jvmipc.cli.demo.Tally}
 * @param corrupt see {@link org.jvmipc.cli.demo.Tally}
 * @param turns how often a message was another writer's than the one before
 * @param deaths how many deaths it was told
 * @param deadPid the process of the last one, 0 if none was named
 * @param closed how often it was told that all have closed
 * @param afterEnd how many messages came after that
 * @param readNanos from the order to read to now
 * @param waits how often it waited because the FIFO was empty
 * @param waitNanos how long, together
 * @param atNanos when this was, on the monotonic clock, which is one for all processes of a machine
 */
record ReaderReport(
        String stage,
        int capacityBytes,
        int blockedBytes,
        long duplicated,
        long reordered,
        long corrupt,
        long turns,
        int deaths,
        long deadPid,
        int closed,
        int afterEnd,
        long readNanos,
        long waits,
        long waitNanos,
        long atNanos)
        implements Stage {
    /** It has it open. */
    static final String OPEN = "open";

    /** It has something of every writer. */
    static final String ALL = "all";

    /** It was told a death. */
    static final String DIED = "died";

    /** The first message of another after that. */
    static final String WENT_ON = "went on";

    /** All writers are gone. */
    static final String END = "end";
}
