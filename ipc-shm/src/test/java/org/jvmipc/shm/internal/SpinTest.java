package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long is looked before a sleep follows what came of it. */
class SpinTest {
    /** More than it takes to give up looking. */
    private static final int FAILURES = 100;

    private static final int TRY_EVERY = 64;

    private final Spin spin = new Spin();
    private final ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());

    @BeforeEach
    void needsTwoProcessors() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "on one processor nothing is looked at");
    }

    @Test
    void seesWhatIsThere() {
        assertTrue(spin.until(word, 0, 0));
        assertFalse(spin.until(word, 0, 7));
        Words.set(word, 0, 7);
        assertTrue(spin.until(word, 0, 7));
        assertTrue(spin.untilAtLeast(word, 0, 0xff, 6));
        assertFalse(spin.untilAtLeast(word, 0, 0x3, 4));
    }

    @Test
    void failuresEndTheLookingAndASuccessNowAndThenBringsItBack() {
        fail(FAILURES);

        int seen = 0;
        int calls = 0;
        while (seen == 0) {
            calls++;
            assertTrue(calls <= TRY_EVERY, "it does not look any more");
            seen += spin.until(word, 0, 0) ? 1 : 0; // the word has the value: only who does not look fails
        }
        assertTrue(calls > 1, "it looks each time, though it has never helped");
        assertTrue(spin.until(word, 0, 0), "a success brings the looking back");
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertFalse(spin.until(word, 0, 1));
        }
    }
}
