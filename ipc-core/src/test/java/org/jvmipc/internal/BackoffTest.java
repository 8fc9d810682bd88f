package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackoffTest {
    @Test
    void waitsGrowFromOneToTenMilliseconds() {
        Backoff backoff = new Backoff();
        long longest = 0;
        for (int i = 0; i < 10; i++) {
            longest = backoff.next(Deadline.NEVER).remainingNanos();
            assertTrue(longest <= 10_000_000);
        }
        assertTrue(longest > 0 || backoff.next(Deadline.NEVER).remainingNanos() <= 10_000_000);
    }

    @Test
    void noWaitIsLongerThanTheDeadline() {
        Deadline soon = Deadline.after(Duration.ofNanos(1000));
        assertTrue(new Backoff().next(soon).remainingNanos() <= 1000);
    }

    @Test
    void sleepEndsWithAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> new Backoff().sleep(Deadline.NEVER));
    }
}
