package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The word of a barrier. */
class BarrierLayoutTest {
    @Test
    void theNextGenerationHasNobodyAndIsWhole() {
        long state = BarrierLayout.next(BarrierLayout.BROKEN | 7, false);
        assertEquals(0, BarrierLayout.arrived(state));
        assertEquals(1, BarrierLayout.generation(state));
        assertFalse(BarrierLayout.isBroken(state));
        assertFalse(BarrierLayout.wasComplete(state, 0));
    }

    @Test
    void howTheLastGenerationsEndedIsRemembered() {
        long state = 0;
        for (int i = 0; i < BarrierLayout.ENDINGS; i++) {
            state = BarrierLayout.next(state, i % 3 != 0);
        }
        for (int i = 0; i < BarrierLayout.ENDINGS; i++) {
            assertEquals(i % 3 != 0, BarrierLayout.wasComplete(state, i), "generation " + i);
        }
    }

    @Test
    void allWereCompleteWithoutAReset() {
        long state = 0;
        for (int i = 0; i < 100_000; i++) {
            state = BarrierLayout.next(state, true);
        }
        assertEquals(100_000, BarrierLayout.generation(state));
        assertTrue(BarrierLayout.wasComplete(state, 0));
        assertTrue(BarrierLayout.wasComplete(state, 99_999));
    }

    @Test
    void whatIsTooLongAgoWasNotCompleteOnceThereWasAReset() {
        long state = BarrierLayout.next(0, false);
        for (int i = 0; i < BarrierLayout.ENDINGS; i++) {
            state = BarrierLayout.next(state, true);
        }
        assertFalse(BarrierLayout.wasComplete(state, 0));
        assertTrue(BarrierLayout.wasComplete(state, 1));
    }

    @Test
    void theCountOfGenerationsWraps() {
        long last = 0xffff_ffffL << BarrierLayout.GENERATION_SHIFT;
        long state = BarrierLayout.next(last, true);
        assertEquals(0, state);
        assertTrue(BarrierLayout.wasComplete(state, -1));
    }
}
