package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Worker;

@Timeout(30)
class ThreadWakerTest {
    private static final int SIGUSR2 = 12;
    private static final int SIGWINCH = 28;

    /** Should a JDK stop installing its handler, waits fall back on poll, and this test says so. */
    @Test
    void theJdksWakeSignalHasItsHandlerWhereDirectCallsAre() {
        assertEquals(DirectCalls.AVAILABLE, ThreadWaker.AVAILABLE);
    }

    @Test
    void handlersAreLookedUpAndNotPresumed() {
        assertFalse(SignalCalls.hasInterruptingHandler(SIGUSR2), "the JVM handles it, and restarts system calls");
        assertFalse(SignalCalls.hasInterruptingHandler(SIGWINCH));
    }

    @Test
    void threadsHaveNumbersOfTheirOwn() throws Exception {
        if (ThreadWaker.AVAILABLE) {
            AtomicLong other = new AtomicLong();
            try (Worker<Boolean> worker = Worker.run(() -> other.set(ThreadWaker.currentThread()))) {
                worker.result();
            }
            assertTrue(other.get() > 0);
            assertNotEquals(other.get(), ThreadWaker.currentThread());
        }
    }
}
