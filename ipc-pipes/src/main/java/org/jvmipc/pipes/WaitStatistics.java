package org.jvmipc.pipes;

import java.time.Duration;

/**
 * How often and how long an end of a pipe has waited: a writer because the pipe was full, a reader because it was empty.
 *
 * @param count how many waits there were
 * @param total how long they took together, on the monotonic clock
 */
public record WaitStatistics(long count, Duration total) {}
