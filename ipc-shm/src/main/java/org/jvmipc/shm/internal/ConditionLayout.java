package org.jvmipc.shm.internal;

/**
 * A condition: one line of the cache. It is no event count: a signal wakes one of those who wait.
 *
 * <pre>
 *    0  sequence (u32, futex): bit 31 somebody waits, bits 30 to 0 how often it was signalled
 *    4  60 bytes 0                                                   64
 * </pre>
 */
final class ConditionLayout {
    static final int BYTES = 64;
    static final int SEQUENCE = 0;
    static final int WAITERS = 0x8000_0000;
    static final int COUNT = ~WAITERS;

    private ConditionLayout() {}
}
