package org.jvmipc;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/**
 * A thread that hands the messages of a receiver to a handler, as {@link Receivers#handle} starts it: an event loop over one
 * channel.
 *
 * <pre>{@code
 * try (ReceiveLoop loop = Receivers.handle(orders, this::process, failure -> report(failure))) {
 *     ...                                                       // messages are processed meanwhile
 *     loop.await();                                             // until the other side has said goodbye
 * }
 * }</pre>
 *
 * <p>It ends with the stream, with the first failure of the receiver or the handler, or by {@link #close()}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread, the handler included, which does not wait for its own
 * end.
 *
 * <p><b>Memory consistency effects.</b> What was done before {@link Receivers#handle} is seen by the handler, and what
 * the handler did is seen after {@link #await()} and {@link #close()}.
 */
public final class ReceiveLoop implements Closeable {
    private final StoppableReceive<?> source;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);

    private <T> ReceiveLoop(
            Receiver<T> receiver, Consumer<? super T> handler, Consumer<? super @Nullable Throwable> onEnd) {
        StoppableReceive<T> messages = new StoppableReceive<>(receiver);
        this.source = messages;
        this.thread = new Thread(() -> run(messages, handler, onEnd), "ipc-handler " + receiver.address());
        thread.setDaemon(true);
    }

    static <T> ReceiveLoop start(
            Receiver<T> receiver, Consumer<? super T> handler, Consumer<? super @Nullable Throwable> onEnd) {
        ReceiveLoop loop = new ReceiveLoop(receiver, handler, onEnd);
        loop.thread.start();
        return loop;
    }

    private <T> void run(
            StoppableReceive<T> messages, Consumer<? super T> handler, Consumer<? super @Nullable Throwable> onEnd) {
        try {
            onEnd.accept(handleAll(messages, handler));
        } finally {
            ended.countDown();
        }
    }

    /** Null if it ended in order. */
    private static <T> @Nullable Throwable handleAll(StoppableReceive<T> messages, Consumer<? super T> handler) {
        try {
            T message;
            while ((message = messages.receive()) != null) {
                handler.accept(message);
            }
            return null;
        } catch (PeerGoneException e) {
            return e.reason() == PeerGoneException.Reason.CLOSED ? null : e;
        } catch (Throwable e) { // an Error too: nobody else would learn that the messages are no longer taken
            return e;
        }
    }

    /** Whether it has not ended yet. */
    public boolean isRunning() {
        return ended.getCount() > 0;
    }

    /**
     * Waits until it has ended, and {@code onEnd} has returned.
     *
     * @throws InterruptedException if interrupted before or while it waited; the loop goes on
     */
    public void await() throws InterruptedException {
        ended.await();
    }

    /**
     * Waits until it has ended, at most the given time.
     *
     * @param timeout how long to wait; with zero or less it does not wait
     * @return false if the time passed first
     * @throws InterruptedException as {@link #await()}
     */
    public boolean tryAwait(Duration timeout) throws InterruptedException {
        return ended.await(Deadline.after(timeout).remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends the loop and waits until the message that is being handled, if there is one, has been. Neither interrupts the
     * handler nor closes the receiver, whose next message stays where it is. Called by the handler itself, it returns at
     * once, and the loop ends when the handler returns. The second time it does nothing more.
     */
    @Override
    public void close() {
        source.stop();
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
