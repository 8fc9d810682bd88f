package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;

/**
 * Looks at a word for a moment before a sleep: across two processors a word that is held for less than a wake-up costs
 * (some 30 us) is free again sooner so. On one processor its holder cannot go on while somebody spins: not at all there.
 */
final class Spin {
    private static final int ROUNDS =
            Runtime.getRuntime().availableProcessors() > 1 ? Integer.getInteger("org.jvmipc.spin", 200) : 0;

    private static final int LOOK = 64;

    private Spin() {}

    /** Whether the word has the value, now or in a moment. */
    static boolean until(ByteBuffer bytes, int offset, int value) {
        for (int i = 0; i < ROUNDS; i++) {
            if (Words.getVolatile(bytes, offset) == value) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** The same for a value, less other bits, that is to be so large at least. */
    static boolean untilAtLeast(ByteBuffer bytes, int offset, int mask, int value) {
        for (int i = 0; i < ROUNDS; i++) {
            if ((Words.getVolatile(bytes, offset) & mask) >= value) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /**
     * Once around in a loop that ends when a compare-and-set succeeds. Of a page that was cut off Java 17 tells a thread only when
     * it next enters the virtual machine, and until then no compare-and-set on it succeeds: so a loop goes there now and
     * then.
     *
     * @param rounds so far
     * @return one more
     */
    static int again(int rounds) {
        if (rounds % LOOK == LOOK - 1) {
            LateErrors.come();
        }
        return rounds + 1;
    }
}
