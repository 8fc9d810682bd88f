package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The second thread of every test tells blocked from busy and from ended. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WorkerTest {
    @Test
    void seesThatACallIsBlocked() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        try (Worker<Boolean> worker = Worker.run(latch::await)) {
            worker.awaitBlocked();
            latch.countDown();
            assertTrue(worker.result());
        }
    }

    @Test
    void doesNotTakeABusyCallForABlockedOne() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Worker<Integer> busy = Worker.call(() -> {
                    int sum = 0;
                    while (!stop.get()) {
                        sum += Long.toString(System.nanoTime()).length();
                    }
                    return sum;
                });
                Worker<Boolean> watcher = Worker.run(busy::awaitBlocked)) {
            assertFalse(Await.within(Duration.ofMillis(300), watcher::isDone));
            stop.set(true);
            watcher.failure(AssertionError.class);
            assertTrue(busy.result() != 0);
        }
    }

    @Test
    void saysHowACallEndedThatShouldBeBlocked() throws Exception {
        IOException failure = new IOException("broken");
        try (Worker<Boolean> worker = Worker.run(() -> {
            throw failure;
        })) {
            AssertionError error = assertThrows(AssertionError.class, worker::awaitBlocked);
            assertTrue(error.getMessage().contains("broken"), error.getMessage());
            assertSame(failure, worker.failure(IOException.class));
            assertThrows(AssertionError.class, () -> worker.failure(IllegalStateException.class));
            assertSame(
                    failure, assertThrows(AssertionError.class, worker::result).getCause());
        }
    }

    @Test
    void aCallThatEndsWellHasNoFailure() throws Exception {
        try (Worker<String> worker = Worker.call(() -> "done")) {
            assertEquals("done", worker.result());
            assertThrows(AssertionError.class, () -> worker.failure(IOException.class));
        }
    }

    @Test
    void aCallThatHangsIsToldWithItsPlace() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        try (Worker<Boolean> worker = Worker.run(latch::await)) {
            worker.awaitBlocked();
            Duration limit = Duration.ofMillis(20);
            AssertionError error = assertThrows(AssertionError.class, () -> worker.result(limit));
            assertTrue(error.getMessage().contains("CountDownLatch"), error.getMessage());
        }
    }
}
