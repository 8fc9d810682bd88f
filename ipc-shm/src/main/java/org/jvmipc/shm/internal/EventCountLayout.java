package org.jvmipc.shm.internal;

/**
 * An event count: one line of the cache.
 *
 * <pre>
 *    0  word (u32, futex): bit 31 somebody waits, bits 30 to 0 the count
 *    4  60 bytes 0                                                   64
 * </pre>
 */
final class EventCountLayout {
    static final int BYTES = 64;
    static final int WORD = 0;
    static final int WAITERS = 0x8000_0000;
    static final int COUNT = ~WAITERS;

    private EventCountLayout() {}
}
