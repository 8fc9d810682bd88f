package org.jvmipc.cli.demo.sem;

/**
 * What a {@link Pool} says when all is over.
 *
 * @param permitsBack how many permits could be had in the end
 * @param taker who was the first to have something of what the dead one had
 * @param takenAtNanos when, on the monotonic clock
 * @param takings how often
 * @param tooMany how often more were used than there are
 */
record PoolState(int permitsBack, int taker, long takenAtNanos, long takings, long tooMany) {}
