package org.jvmipc.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for something to become true: the one place in the tests that may pause. */
public final class Await {
    /**
     * Long enough for a busy machine with one core; a test that gets here has failed. The system property
     * {@code ipc.test.patience} sets it, in seconds.
     */
    public static final Duration LONG = Duration.ofSeconds(Integer.getInteger("ipc.test.patience", 60));

    private static final long PAUSE_NANOS = 1_000_000;

    private Await() {}

    /** Waits until the condition holds, or fails after {@link #LONG}. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, LONG, condition);
    }

    /** Waits until the condition holds, or fails after the time given. */
    public static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        if (!within(limit, condition)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
        }
    }

    /** Waits until the condition holds; false when it did not within the time given. */
    public static boolean within(Duration limit, Callable<Boolean> condition) throws Exception {
        return within(limit, PAUSE_NANOS, condition);
    }

    /** As {@link #within(Duration, Callable)}, looking only so often. */
    static boolean within(Duration limit, long pauseNanos, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end >= 0) {
                return condition.call();
            }
            pause(pauseNanos);
        }
        return true;
    }

    /** Fails as soon as the condition does not hold any more within the time given. What must <em>not</em> happen. */
    public static void holds(Supplier<String> what, Duration time, Callable<Boolean> condition) throws Exception {
        if (within(time, () -> !condition.call())) {
            throw new AssertionError(what.get());
        }
    }

    private static void pause(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(nanos);
    }
}
