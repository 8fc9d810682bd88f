package org.jvmipc.shm.internal;

/**
 * A semaphore, plain or robust; its mode is settled when it is made.
 *
 * <pre>
 *    0  mode (u32): 1 plain, 2 robust | permits at creation (u32)
 *   64  plain: value (u32, futex): bit 31 somebody waits, bit 30 somebody has waited for more than one, bits 29 to 0 permits
 *       robust: sequence (u32, futex): bit 31 somebody waits, the rest counts permits coming back
 *   68  robust: inner word (u32, owned, futex), held while permits are counted and taken
 *  128  robust: one owned word (u32) a permit
 * </pre>
 */
final class SemaphoreLayout {
    static final int BYTES = 128;
    static final int MODE = 0;
    static final int PERMITS = 4;
    static final int VALUE = 64;
    static final int SEQUENCE = 64;
    static final int INNER = 68;
    static final int OWNERS = 128;

    static final int PLAIN = 1;
    static final int ROBUST = 2;

    static final int WAITERS = 0x8000_0000;
    static final int WANTS_SEVERAL = 0x4000_0000;
    static final int MAX_VALUE = 0x3fff_ffff;
    static final int MAX_ROBUST_PERMITS = 4096;

    private SemaphoreLayout() {}
}
