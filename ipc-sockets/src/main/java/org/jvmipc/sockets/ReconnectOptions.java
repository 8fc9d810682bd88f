package org.jvmipc.sockets;

import java.time.Duration;

/**
 * How a {@link ReconnectingConnection} comes back.
 *
 * @param firstPause how long it waits after the first attempt that failed; after each further one twice as long
 * @param longestPause how long it waits at most; a random part of up to a half is taken off each pause, so that many who lost
 *     one server do not come back all at once
 */
public record ReconnectOptions(Duration firstPause, Duration longestPause) {
    private static final ReconnectOptions DEFAULTS = new ReconnectOptions(Duration.ofMillis(10), Duration.ofSeconds(1));

    /** Checks the values. */
    public ReconnectOptions {
        if (firstPause.isNegative() || firstPause.isZero()) {
            throw new IllegalArgumentException("firstPause is " + firstPause + "; it must be more than zero");
        }
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "longestPause is " + longestPause + "; it must be at least firstPause, " + firstPause);
        }
    }

    /** From 10 ms to 1 s. */
    public static ReconnectOptions defaults() {
        return DEFAULTS;
    }

    /** The same with other pauses. */
    public ReconnectOptions withPauses(Duration first, Duration longest) {
        return new ReconnectOptions(first, longest);
    }
}
