package org.jvmipc.shm.internal;

/**
 * A mutex: one line of the cache.
 *
 * <pre>
 *    0  word (u32, owned, futex)      | 1: its last holder died with it (u32)
 *    8  fencing number of the last hold (u64)
 *   16  the hold that was seen at the time below (u64, a fencing number)
 *   24  when it was first seen held, milliseconds since 1970 (u64)
 *   32  28 bytes 0                                                  64
 * </pre>
 */
final class MutexLayout {
    static final int BYTES = 64;
    static final int WORD = 0;
    static final int OWNER_DIED = 4;
    static final int FENCE = 8;
    static final int SEEN_FENCE = 16;
    static final int SEEN_MILLIS = 24;

    private MutexLayout() {}
}
