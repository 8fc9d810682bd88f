package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DeadlineTest {
    @Test
    void noTimeOrLessIsNow() {
        assertSame(Deadline.NOW, Deadline.after(Duration.ZERO));
        assertSame(Deadline.NOW, Deadline.after(Duration.ofNanos(-1)));
        assertSame(Deadline.NOW, Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)));
        assertTrue(Deadline.NOW.passed());
        assertEquals(0, Deadline.NOW.pollMillis());
    }

    @Test
    void moreThanALongOfNanosecondsIsNever() {
        assertSame(Deadline.NEVER, Deadline.after(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertSame(Deadline.NEVER, Deadline.after(Duration.ofDays(200 * 365)));
        assertFalse(Deadline.NEVER.passed());
        assertEquals(-1, Deadline.NEVER.pollMillis());
    }

    @Test
    void pollMillisIsRoundedUpSoAsNeverToEndEarly() {
        Deadline deadline = Deadline.after(Duration.ofNanos(1_000_000_001L * 3600));
        long nanos = deadline.remainingNanos();
        int millis = deadline.pollMillis();
        assertTrue(millis * 1_000_000L >= nanos - 1_000_000_000L, "a second may have passed between the two");
    }

    @Test
    void pollMillisOfMonthsIsTheMostThatPollTakes() {
        assertEquals(Integer.MAX_VALUE, Deadline.after(Duration.ofDays(100)).pollMillis());
    }

    @Test
    void passesWhenItsTimeHasCome() {
        Deadline deadline = Deadline.after(Duration.ofNanos(1));
        while (!deadline.passed()) {
            Thread.onSpinWait();
        }
        assertEquals(0, deadline.remainingNanos());
    }
}
