package org.jvmipc.mq;

/** What a queue does with a message that it has no room for. */
public enum FullPolicy {
    /** Its sender waits until room comes back. */
    BLOCK,
    /** It is refused with a {@link org.jvmipc.LimitException}; forms that may answer {@code false} do that. */
    REFUSE
}
