package org.jvmipc.shm.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.Deadline;
import org.jvmipc.testkit.Worker;

/** One thread at a time, however the bias goes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnTest {
    private volatile boolean over;
    private final Turn turn = new Turn(() -> over);
    private long count;

    @RepeatedTest(20)
    void excludesAllOthers() throws Exception {
        int each = 20_000;
        enter();
        turn.leave(); // biased to this thread
        List<Worker<Boolean>> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            workers.add(Worker.run(() -> countUp(each)));
        }
        countUp(each);
        for (Worker<Boolean> worker : workers) {
            worker.result();
        }
        assertEquals(4L * each, count);
    }

    private void countUp(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            enter();
            count++;
            turn.leave();
        }
    }

    private void enter() throws InterruptedException {
        assertTrue(turn.enter(Deadline.NEVER));
    }

    @Test
    void nobodyWaitsWhenItIsOverButWhoEndsIt() throws Exception {
        for (int i = 0; i < 10; i++) { // biased at first, by lock later
            over = false;
            enter();
            try (Worker<Boolean> waiter =
                    Worker.call(() -> turn.enter(Deadline.NEVER)).awaitBlocked()) {
                over = true;
                assertFalse(waiter.result());
            }
            try (Worker<Boolean> ending = Worker.call(() -> {
                        boolean in = turn.enterToEnd(Deadline.NEVER);
                        turn.leave();
                        return in;
                    })
                    .awaitBlocked()) {
                turn.leave();
                assertTrue(ending.result());
            }
        }
    }

    @Test
    void aThreadThatIsInsideIsToldSo() throws Exception {
        for (int i = 0; i < 3; i++) {
            enter();
            assertTrue(turn.isInsideHere());
            assertThrows(IllegalStateException.class, this::enter);
            turn.leave();
            assertFalse(turn.isInsideHere());
        }
    }

    @Test
    void anotherWaitsUntilTheBiasedOneLeaves() throws Exception {
        for (int i = 0; i < 30; i++) { // more often than the bias may change
            enter();
            turn.leave();
            enter();
            try (Worker<Boolean> tried = Worker.call(() -> turn.enter(Deadline.NOW));
                    Worker<Boolean> timed = Worker.call(() -> turn.enter(Deadline.after(Duration.ofMillis(5))))) {
                assertFalse(tried.result());
                assertFalse(timed.result());
            }
            try (Worker<Boolean> waits = Worker.run(() -> {
                enter();
                turn.leave();
            })) {
                waits.awaitBlocked();
                turn.leave();
                waits.result();
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitAndTheOneInsideStaysThere() throws Exception {
        enter();
        turn.leave();
        enter();
        try (Worker<Boolean> waits = Worker.run(this::enter)) {
            waits.awaitBlocked();
            waits.interrupt();
            waits.failure(InterruptedException.class, Duration.ofSeconds(10));
        }
        assertTrue(turn.isInsideHere());
        turn.leave();
        enter();
        turn.leave();
    }
}
