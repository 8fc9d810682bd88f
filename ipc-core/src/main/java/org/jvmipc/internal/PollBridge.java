package org.jvmipc.internal;

import java.io.IOException;
import org.jvmipc.internal.posix.EventFd;

/**
 * Makes an endpoint that sleeps on a futex pollable: a thread that sleeps in its place and raises an eventfd. It sleeps only while
 * somebody has armed it, so that a busy channel does not keep it busy.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class PollBridge implements AutoCloseable {
    private final EventFd event = new EventFd();
    private final Source source;
    private boolean armed;
    private int seen;
    private boolean closed;

    /** What is waited for. */
    public interface Source {
        /** The count now; from here on every arrival counts up. */
        int read();

        /** Sleeps until the count is another, or it is time to look again. Throws when the source is closed. */
        void await(int count) throws InterruptedException;
    }

    /** Starts the thread. */
    public PollBridge(Source source, String name) throws IOException {
        this.source = source;
        Thread thread = new Thread(this::run, "ipc-poll " + name);
        thread.setDaemon(true);
        thread.start();
        event.raise(); // who comes first looks
    }

    /** The eventfd. */
    public int fd() {
        return event.number();
    }

    /**
     * Has the eventfd raised at the next arrival.
     *
     * @param clear whether the sign of an earlier one is taken back
     */
    public synchronized void arm(boolean clear) {
        if (clear) {
            event.clear();
        }
        seen = source.read();
        armed = true;
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                int count = awaitArmed();
                source.await(count);
                event.raise();
            }
        } catch (InterruptedException | RuntimeException | InternalError e) {
            event.raise(); // whoever polls finds out by a receive; the error is that of memory that was cut off
        }
    }

    private synchronized int awaitArmed() throws InterruptedException {
        while (!armed) {
            if (closed) {
                throw new InterruptedException();
            }
            wait();
        }
        armed = false;
        return seen;
    }

    /** Closes the eventfd; the thread ends when its source is closed. */
    @Override
    public synchronized void close() {
        closed = true;
        event.close();
        notifyAll();
    }
}
