package org.jvmipc.sockets.internal.reliable;

/**
 * How many packets of sessions that are not here are answered, whoever sends them: {@value #MOST} at once, and one more each
 * {@value #EACH_NANOS} ns, as the kernel's ICMP errors are bounded. Who is not answered sends again.
 */
final class ResetBudget {
    static final int MOST = 256;
    static final long EACH_NANOS = 1_000_000;

    /** The time that the answers given so far are worth. */
    private long spent = Long.MIN_VALUE;

    /** Whether there may be one more answer; it counts as given. */
    boolean take(long now) {
        long from = Math.max(spent, now - (MOST - 1) * EACH_NANOS);
        if (from > now) {
            return false;
        }
        spent = from + EACH_NANOS;
        return true;
    }
}
