package org.jvmipc.cli.frame;

import java.io.IOException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Interrupts the thread that made it when nobody reads standard output any more: who waits for something to write would not find
 * out, as long as nothing comes. Only a pipe tells; on anything else it does nothing.
 */
public final class StdoutWatch implements AutoCloseable {
    private static final int FD = 1;
    private static final int NO_EVENTS = 0; // an error is told anyway

    private final Thread waiting = Thread.currentThread();
    private volatile boolean gone;
    private volatile boolean closed;
    private volatile boolean begun;
    private Thread watcher = waiting;

    /** One that watches nothing yet. */
    public StdoutWatch() {}

    /** Watches from now on. */
    public void begin() {
        if (!begun) {
            begun = true;
            if (Terminal.isPipe(FD)) {
                watcher = new Thread(this::watch, "ipc-stdout");
                watcher.setDaemon(true);
                watcher.start();
            }
        }
    }

    private void watch() {
        try (PolledFd fd = new PolledFd(OsCalls.duplicate(FD))) {
            fd.await(NO_EVENTS, Deadline.NEVER);
            if (!closed) {
                gone = true;
                waiting.interrupt();
            }
        } catch (IOException | InterruptedException e) {
            // it was closed, or cannot be watched: the next write finds out
        }
    }

    /** Whether this is why the thread was interrupted. */
    public boolean isGone() {
        return gone;
    }

    @Override
    public void close() {
        closed = true;
        if (watcher != waiting) {
            watcher.interrupt();
        }
    }
}
