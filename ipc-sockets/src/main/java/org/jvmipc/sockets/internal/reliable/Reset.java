package org.jvmipc.sockets.internal.reliable;

/**
 * The end of a session that has failed: a RESET, which may be lost, as nobody acknowledges it. So each packet that still comes of the session
 * is answered by one more, though not more often than each {@value #LEAST_NANOS} ns. It is shorter than any packet of a session, and has
 * nothing but the identity that came: who does not know it learns nothing and ends nothing.
 */
final class Reset {
    static final long LEAST_NANOS = 10_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private static final long MOST_KEEP_ALIVE_NANOS = 2_000_000_000;

    /** A question may be lost as well, and a busy machine be late with it. */
    private static final long SLACK_NANOS = 1_000_000_000;

    private long due = NEVER;
    private long next = Long.MIN_VALUE;
    private long until = Long.MIN_VALUE;

    /** It is said now; the other side, if it has not heard it, asks after its keep-alive time, which may be as ours. */
    void say(long now, long keepAliveNanos) {
        due = now;
        until = now + Math.min(MOST_KEEP_ALIVE_NANOS, keepAliveNanos) + SLACK_NANOS;
    }

    /** Something has come from who does not know. */
    void asked(long now) {
        due = Math.min(due, Math.max(now, next));
    }

    /** The other side knows no such session either. */
    void heard() {
        due = NEVER;
        until = Long.MIN_VALUE;
    }

    /** Whether it is to be said now; it counts as said. */
    boolean take(long now) {
        if (now < due) {
            return false;
        }
        due = NEVER;
        next = now + LEAST_NANOS;
        return true;
    }

    /** When it is to be said; {@link Long#MAX_VALUE} if not at all. */
    long deadline() {
        return due;
    }

    /** How long it is worth to be there for an answer. */
    long until() {
        return until;
    }
}
