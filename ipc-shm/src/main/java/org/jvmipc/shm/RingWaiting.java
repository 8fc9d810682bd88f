package org.jvmipc.shm;

/** How an end of a {@link SharedRing} waits. Each end has its own way; who wakes it does not depend on it. */
public enum RingWaiting {
    /**
     * It looks all the time, and so uses a processor: the shortest way, if both sides have one of their own. After a second in
     * which nothing came, while nobody is on the other side, and on a machine of one processor it sleeps all the same.
     */
    SPIN,
    /** It looks for about as long as a wake-up would take, or less where that has turned out to be in vain, then it sleeps. */
    ADAPTIVE,
    /** It sleeps at once. */
    SLEEP
}
