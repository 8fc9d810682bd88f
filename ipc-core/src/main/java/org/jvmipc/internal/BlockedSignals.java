package org.jvmipc.internal;

/**
 * The signals that every thread of this JVM has blocked because they are received as messages. Whoever starts a child
 * has to see to it that the child does not inherit that.
 */
public final class BlockedSignals {
    private static long mask;

    private BlockedSignals() {}

    /** Adds signals, bit n-1 for signal n. */
    public static synchronized void add(long more) {
        mask |= more;
    }

    /** Takes signals away. */
    public static synchronized void remove(long fewer) {
        mask &= ~fewer;
    }

    /** Whether there are any. */
    public static synchronized boolean isAny() {
        return mask != 0;
    }
}
