package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Something done by another thread after a while, so that this one can be blocked meanwhile. */
public final class Later {
    /** What is done. */
    public interface Action {
        void run() throws IOException, InterruptedException;
    }

    private final Future<Boolean> task;

    private Later(Future<Boolean> task) {
        this.task = task;
    }

    /** Does it after so many milliseconds. */
    public static Later after(long millis, Action action) {
        return new Later(start("ipc-demo-later", () -> {
            Thread.sleep(millis);
            action.run();
            return true;
        }));
    }

    /** Does it now, in a thread of that name; {@link #result} is its result. */
    public static <T> Future<T> start(String name, Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Waits until it is done; throws what it threw. */
    public void join() throws IOException, InterruptedException {
        result(task);
    }

    /** The result of a task, or the exception that ended it. */
    public static <T> T result(Future<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(cause);
        }
    }
}
