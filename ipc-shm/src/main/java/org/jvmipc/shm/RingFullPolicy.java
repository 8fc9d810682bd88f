package org.jvmipc.shm;

/** What a send does that finds a {@link SharedRing} full. Settled when the ring is made. */
public enum RingFullPolicy {
    /** It waits, as long as it may. */
    BLOCK,
    /** It fails: {@code send} with a {@link org.jvmipc.LimitException}, the tries with {@code false}, at once. */
    FAIL,
    /**
     * It drops the slowest receiver, which is counted, and goes on. Of a broadcast only. That one is told by a {@link
     * org.jvmipc.LimitException} of its next receive, and joins again with it.
     */
    DROP_SLOWEST
}
