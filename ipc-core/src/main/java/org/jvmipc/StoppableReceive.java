package org.jvmipc;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving of one thread of ours, which others can tell to stop. It is interrupted only while it waits for a message, so
 * that whoever handles one is not, and a message that was taken is handed out.
 */
final class StoppableReceive<T> {
    private final Receiver<T> receiver;
    private @Nullable Thread waiting;
    private boolean stopped;

    StoppableReceive(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    /**
     * Receives the next message.
     *
     * @return null once it was told to stop
     * @throws InterruptedException if somebody else interrupted the thread
     */
    @Nullable
    T receive() throws IOException, InterruptedException {
        if (!enter()) {
            return null;
        }
        try {
            return receiver.receive();
        } catch (InterruptedException e) {
            if (isStopped()) {
                return null;
            }
            throw e;
        } finally {
            leave();
        }
    }

    private synchronized boolean enter() {
        waiting = stopped ? null : Thread.currentThread();
        return !stopped;
    }

    private synchronized void leave() {
        waiting = null;
        if (stopped) {
            Thread.interrupted(); // ours, which came when the message was there already
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /** Makes the present and every later {@link #receive} answer null. Any thread may call it. */
    synchronized void stop() {
        stopped = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
