package org.jvmipc.cli.demo.signal;

/**
 * What a child says of the signals of one part that it has received.
 *
 * @param received different ones; of standard ones, which are all alike, all
 * @param next the place behind the last one
 * @param duplicated those that had come before
 * @param reordered those that came after a later one
 * @param corrupt those with a value that is none of the run's, or without one
 * @param strangers those that were not sent by the parent
 * @param wrongCode those that say of themselves that they came to be otherwise
 * @param nanos from the first to the last
 * @param requeued that hit a thread which had not blocked them, and went to the back of the queue
 */
public record SignalReport(
        long received,
        long next,
        long duplicated,
        long reordered,
        long corrupt,
        long strangers,
        long wrongCode,
        long nanos,
        long requeued) {}
