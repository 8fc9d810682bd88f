package org.jvmipc.shm.internal;

/**
 * A barrier: a line of the cache, then a word for each participant.
 *
 * <pre>
 *    0  sequence (u32, futex): bit 31 somebody waits, bits 30 to 0 counts changes of the state
 *    4  parties (u32)
 *    8  state (u64): bit 63 broken, bit 62 whether it was ever reset, bits 61 to 48 how the last generations have ended, the last one
 *       in bit 48: 1 without being complete; bits 47 to 16 generation, bits 15 to 0 arrived
 *   16  pid of the process by whose death it was broken last (u32)
 *   20  44 bytes 0                                                  64
 *   64  for each slot of the segment an owned word (u32): its process takes part
 * </pre>
 */
final class BarrierLayout {
    static final int SEQUENCE = 0;
    static final int PARTIES = 4;
    static final int STATE = 8;
    static final int BROKEN_BY = 16;
    static final int MEMBERS = 64;
    static final int MEMBER_BYTES = Integer.BYTES;

    /** With one slot. */
    static final int BYTES = MEMBERS + MEMBER_BYTES;

    static final int WAITERS = 0x8000_0000;
    static final int COUNT = ~WAITERS;

    static final long BROKEN = 1L << 63;
    static final int ENDINGS_SHIFT = 48;
    static final int ENDINGS = 14;
    private static final long RESET = 1L << (ENDINGS_SHIFT + ENDINGS);
    static final int GENERATION_SHIFT = 16;
    static final int MAX_PARTIES = 0xffff;

    private BarrierLayout() {}

    static boolean isBroken(long state) {
        return state < 0;
    }

    static int arrived(long state) {
        return (int) state & MAX_PARTIES;
    }

    static int generation(long state) {
        return (int) (state >>> GENERATION_SHIFT);
    }

    /** The state of the next generation, where nobody has arrived; how this one has ended is remembered. */
    static long next(long state, boolean complete) {
        long endings = ((state >>> ENDINGS_SHIFT) << 1) | (complete ? 0 : 1);
        long kept = endings & ((1L << ENDINGS) - 1);
        return (complete ? state & RESET : RESET)
                | (kept << ENDINGS_SHIFT)
                | (Integer.toUnsignedLong(generation(state) + 1) << GENERATION_SHIFT);
    }

    /**
     * Whether a generation before this one was complete. Of one that is too long ago that is known only if there was no reset at all;
     * else it was not, as far as is known.
     */
    static boolean wasComplete(long state, int generation) {
        int before = generation(state) - generation;
        if (before > 0 && before <= ENDINGS) {
            return ((state >>> (ENDINGS_SHIFT + before - 1)) & 1) == 0;
        }
        return (state & RESET) == 0;
    }
}
