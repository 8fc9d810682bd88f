package org.jvmipc.shm.internal;

/**
 * An event: one line of the cache.
 *
 * <pre>
 *    0  word (u32, futex): bit 31 somebody waits, bit 30 it is set, bits 29 to 0 how often it was set, of a manual one
 *    4  mode (u32): 1 manual, 2 automatic
 *    8  56 bytes 0                                                   64
 * </pre>
 */
final class EventLayout {
    static final int BYTES = 64;
    static final int WORD = 0;
    static final int MODE = 4;

    static final int MANUAL = 1;
    static final int AUTOMATIC = 2;

    static final int WAITERS = 0x8000_0000;
    static final int SET = 0x4000_0000;
    static final int COUNT = 0x3fff_ffff;

    private EventLayout() {}
}
