package org.jvmipc.cli.demo.readerswriters;

import java.util.Map;

/**
 * What a {@link SharedRecord} says when all is over.
 *
 * @param version how often it was changed
 * @param words how many words it has
 * @param sound whether all of them are of this version
 * @param done by member's number: how many changes it has made
 * @param unfinished how many members have begun a change that nobody has finished
 * @param intruders how often a writer was beside anyone
 * @param torn how often a reader saw words of more than one version
 * @param most the most readers at one time
 * @param takings how often a dead one's place was taken
 * @param taker by whom
 * @param takenAtNanos when, on the monotonic clock
 * @param warned how often a reader was told that the record may be half changed
 */
record RecordState(
        long version,
        int words,
        boolean sound,
        Map<Integer, Long> done,
        int unfinished,
        long intruders,
        long torn,
        long most,
        long takings,
        int taker,
        long takenAtNanos,
        long warned) {
    /** How many changes were made, by the members' own counts. */
    long writes() {
        return done.values().stream().mapToLong(Long::longValue).sum();
    }
}
