package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Something done by another thread after a while, so that this one can be blocked meanwhile. */
final class Later {
    /** What is done. */
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    private final FutureTask<Boolean> task;

    private Later(FutureTask<Boolean> task) {
        this.task = task;
    }

    /** Does it after so many milliseconds. */
    static Later after(long millis, Action action) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            Thread.sleep(millis);
            action.run();
            return true;
        });
        Thread thread = new Thread(task, "ipc-demo-later");
        thread.setDaemon(true);
        thread.start();
        return new Later(task);
    }

    /** Waits until it is done; throws what it threw. */
    void join() throws IOException, InterruptedException {
        result(task);
    }

    /** The result of a task, or the exception that ended it. */
    static <T> T result(Future<T> task) throws IOException, InterruptedException {
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
