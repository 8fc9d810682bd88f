package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;

/**
 * Looks at a word for a moment before a sleep, through one handle: across two processors a word that is held for less than a
 * wake-up costs (some 30 us) is free again sooner so. Where both sides run on one processor the other cannot go on
 * meanwhile; so how long it looks follows what came of it, as that of glibc's adaptive mutex does: success lengthens, failure
 * shortens it, down to nothing, and then only every so many sleeps are preceded by a look, to see whether that has changed. On a machine of
 * one processor there is none.
 *
 * <p><b>Thread safety.</b> Yes: the length is a guess, and a lost update of it is a guess, too.
 */
public final class Spin {
    private static final int MOST =
            Runtime.getRuntime().availableProcessors() > 1 ? Integer.getInteger("org.jvmipc.spin", 200) : 0;

    /** Below it nothing is gained. */
    private static final int LEAST = 8;

    private static final int TRY_EVERY = 64;
    private static final int LOOK = 64;

    private int length = MOST;
    private int sleeps;

    /** Whether the word has the value, now or in a moment. */
    boolean until(ByteBuffer bytes, int offset, int value) {
        int most = length();
        for (int i = 0; i < most; i++) {
            if (Words.getVolatile(bytes, offset) == value) {
                return succeeded(i);
            }
            Thread.onSpinWait();
        }
        return failed(most);
    }

    /** The same for a value, less other bits, that is to be so large at least. */
    boolean untilAtLeast(ByteBuffer bytes, int offset, int mask, int value) {
        int most = length();
        for (int i = 0; i < most; i++) {
            if ((Words.getVolatile(bytes, offset) & mask) >= value) {
                return succeeded(i);
            }
            Thread.onSpinWait();
        }
        return failed(most);
    }

    /** The same for another value than this one, less other bits. */
    boolean untilNot(ByteBuffer bytes, int offset, int mask, int value) {
        int most = length();
        for (int i = 0; i < most; i++) {
            if ((Words.getVolatile(bytes, offset) & mask) != value) {
                return succeeded(i);
            }
            Thread.onSpinWait();
        }
        return failed(most);
    }

    private int length() {
        if (length >= LEAST) {
            return length;
        }
        sleeps++;
        return sleeps % TRY_EVERY == 0 ? MOST : 0;
    }

    private boolean succeeded(int rounds) {
        length = Math.min(MOST, Math.max(length, 2 * rounds + LEAST));
        return true;
    }

    private boolean failed(int rounds) {
        if (rounds > 0 && length >= LEAST) {
            length -= length / LEAST;
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
    public static int again(int rounds) {
        if (rounds % LOOK == LOOK - 1) {
            LateErrors.come();
        }
        return rounds + 1;
    }
}
