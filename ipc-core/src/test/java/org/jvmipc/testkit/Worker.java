package org.jvmipc.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A second thread in a test: runs one call, can be watched until it is blocked, and gives back its result or failure.
 *
 * <pre>{@code
 * try (Worker<Void> writer = Worker.run(() -> sender.send(message))) {
 *     writer.awaitBlocked();
 *     receiver.receive();
 *     writer.result();
 * }
 * }</pre>
 *
 * <p>{@link #close()} interrupts a call that is still under way, so that a failed test leaves no thread behind.
 */
public final class Worker<R> implements AutoCloseable {
    /** What a worker does that has no result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** How often a thread has to look the same before it counts as blocked. */
    private static final int SAME_SAMPLES = 8;

    private final FutureTask<R> task;
    private final WorkerThread thread;

    private Worker(Callable<R> call) {
        task = new FutureTask<>(call);
        thread = new WorkerThread(task);
        thread.start();
    }

    /** Starts a thread that does this call. */
    public static <R> Worker<R> call(Callable<R> call) {
        return new Worker<>(call);
    }

    /** Starts a thread that does this. */
    public static Worker<Boolean> run(Action action) {
        return new Worker<>(() -> {
            action.run();
            return true;
        });
    }

    /**
     * Waits until the thread stands still: it waits for a monitor, a lock or the kernel and is seen at the same place
     * several times. A native wait is {@code RUNNABLE} for Java, so its stack is looked at too.
     *
     * @throws AssertionError if it ended instead, with its failure as the cause
     */
    public Worker<R> awaitBlocked() throws Exception {
        awaitBlockedOrEnded();
        assertRunning();
        return this;
    }

    /** As {@link #awaitBlocked()}, for a call that may as well end. */
    public void awaitBlockedOrEnded() throws Exception {
        StackTraceElement[][] last = {new StackTraceElement[0]};
        int[] same = {0};
        Await.until(thread.getName() + " blocks", () -> {
            if (task.isDone()) {
                return true;
            }
            StackTraceElement[] now = thread.getStackTrace();
            same[0] = waits(now) && Arrays.equals(now, last[0]) ? same[0] + 1 : 0;
            last[0] = now;
            return same[0] >= SAME_SAMPLES;
        });
    }

    private boolean waits(StackTraceElement[] stack) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> stack.length > 0 && stack[0].isNativeMethod();
            default -> false;
        };
    }

    /** Fails if the call has ended, and says how. */
    public void assertRunning() throws Exception {
        if (task.isDone()) {
            throw new AssertionError("should be blocked but ended with " + outcome());
        }
    }

    /** Whether the call has ended. */
    public boolean isDone() {
        return task.isDone();
    }

    /** Interrupts the thread. */
    public void interrupt() {
        thread.interrupt();
    }

    /** The thread, for its stack and its state. */
    public Thread thread() {
        return thread;
    }

    /** Waits for the call's result; fails with its exception if there is none. */
    public R result() throws Exception {
        return result(Await.LONG);
    }

    /** Waits at most this long for the call's result. */
    public R result(Duration limit) throws Exception {
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the worker failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("still not ended after " + limit.toMillis() + " ms, at " + where(), e);
        }
    }

    /** Waits for the call to fail with this type; anything else fails the test. */
    public <X extends Throwable> X failure(Class<X> type) throws Exception {
        return failure(type, Await.LONG);
    }

    /** Waits at most this long for the call to fail with this type. */
    public <X extends Throwable> X failure(Class<X> type, Duration limit) throws Exception {
        try {
            R result = task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError("should fail with " + type.getSimpleName() + " but answered " + result);
        } catch (ExecutionException e) {
            if (type.isInstance(e.getCause())) {
                return type.cast(e.getCause());
            }
            throw new AssertionError(
                    "should fail with " + type.getSimpleName() + ", not " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("still blocked after " + limit.toMillis() + " ms, at " + where(), e);
        }
    }

    private String outcome() throws InterruptedException {
        try {
            return "the result " + task.get();
        } catch (ExecutionException e) {
            return e.getCause().toString();
        }
    }

    private String where() {
        return Arrays.toString(thread.getStackTrace());
    }

    /** Whether the calling thread is a worker that is to end now: for those that go on after an interrupt. */
    static boolean isToEnd() {
        return Thread.currentThread() instanceof WorkerThread worker && worker.toEnd;
    }

    /** Interrupts the thread if it still runs, and waits for its end. */
    @Override
    public void close() throws InterruptedExceptionAtClose {
        thread.toEnd = true;
        thread.interrupt();
        try {
            thread.join(Await.LONG.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedExceptionAtClose(e);
        }
        if (thread.isAlive()) {
            throw new AssertionError("ignores its interrupt, at " + where());
        }
    }

    private static final class WorkerThread extends Thread {
        private volatile boolean toEnd;

        private WorkerThread(Runnable task) {
            super(task, "test-worker");
            setDaemon(true);
        }
    }

    /** The test's own thread was interrupted (by its time limit) while it waited for a worker to end. */
    public static final class InterruptedExceptionAtClose extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private InterruptedExceptionAtClose(InterruptedException cause) {
            super(cause);
        }
    }
}
