package org.jvmipc.internal.posix;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Does in a thread of its own what drops interrupts of the thread it runs in. */
final class ApartFromInterrupts {
    private ApartFromInterrupts() {}

    /**
     * Does this, and waits for its end; an interrupt of the caller, from before or meanwhile, is there afterwards.
     *
     * @throws RuntimeException or an {@link Error}, whatever the action threw
     */
    static void run(Runnable action) {
        FutureTask<Boolean> task = new FutureTask<>(action, true);
        Thread thread = new Thread(task, "ipc-apart");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noMoreThreads) {
            task.run(); // here then: an interrupt may be lost, but not the action
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Error rethrow(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException exception) {
            throw exception;
        }
        return cause instanceof Error error ? error : new AssertionError(cause);
    }
}
