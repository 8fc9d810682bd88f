package org.jvmipc.internal;

/**
 * The signals that every thread of this JVM has blocked because they are received as messages. Whoever starts a child
 * has to see to it that the child does not inherit that.
 */
public final class BlockedSignals {
    private static long mask;
    private static long defaults;

    private BlockedSignals() {}

    /** Adds signals, bit n-1 for signal n. */
    public static synchronized void add(long more) {
        mask |= more;
    }

    /**
     * Says of signals among them that a child is to have their default action, whatever they have here at the moment it is
     * started: while they are given back they are ignored for an instant, and a child inherits that.
     */
    public static synchronized void defaultInChildren(long signals) {
        defaults |= signals;
    }

    /** Those of {@link #defaultInChildren}. */
    public static synchronized long defaultsInChildren() {
        return defaults;
    }

    /** Takes signals away. */
    public static synchronized void remove(long fewer) {
        mask &= ~fewer;
        defaults &= ~fewer;
    }

    /** Whether there are any. */
    public static synchronized boolean isAny() {
        return mask != 0;
    }
}
