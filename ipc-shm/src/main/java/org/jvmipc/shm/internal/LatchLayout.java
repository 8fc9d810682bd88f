package org.jvmipc.shm.internal;

/**
 * A latch: one line of the cache.
 *
 * <pre>
 *    0  word (u32, futex): bit 31 somebody waits, bits 30 to 0 what is still to be counted
 *    4  count at creation (u32)
 *    8  56 bytes 0                                                   64
 * </pre>
 */
final class LatchLayout {
    static final int BYTES = 64;
    static final int WORD = 0;
    static final int FIRST = 4;
    static final int WAITERS = 0x8000_0000;
    static final int COUNT = ~WAITERS;

    private LatchLayout() {}
}
