package org.jvmipc.cli.demo.shared;

import org.jvmipc.cli.demo.Stage;

/**
 * What a child tells the parent, more than once as it goes along.
 *
 * @param stage how far it has come, one of the constants here
 * @param done how many turns it has done, by its own count
 * @param digest what stands for the messages of these turns, if they were messages
 * @param waits how often it had to wait for what others held
 * @param waitNanos how long, together
 * @param told how often it was told that the last holder has died
 * @param toldNanos when that was last, on the monotonic clock, which is one for all processes of a machine
 * @param atNanos when this is, on the same clock
 */
public record WorkReport(
        String stage, long done, long digest, long waits, long waitNanos, int told, long toldNanos, long atNanos)
        implements Stage {
    /** It has done its first turn, of those without number. */
    public static final String STARTED = "started";

    /** It holds what it was told to hold, and waits for its death. */
    public static final String HOLDING = "holding";

    /** It has done a turn since it was asked. */
    public static final String WENT_ON = "went on";

    /** It has done all. */
    public static final String DONE = "done";
}
