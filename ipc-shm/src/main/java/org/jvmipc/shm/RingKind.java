package org.jvmipc.shm;

/** Who sends to whom through a {@link SharedRing}. Settled when it is made. */
public enum RingKind {
    /** One sender, one receiver. */
    ONE_TO_ONE,
    /** Several senders, each with a lane of its own, and one receiver, which takes from the lanes in turn. */
    LANES,
    /** One sender; every receiver gets every message from the moment it has joined. */
    BROADCAST
}
