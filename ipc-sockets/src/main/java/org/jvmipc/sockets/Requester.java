package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Connection;
import org.jvmipc.internal.Deadline;

/**
 * Request and reply over a connection whose other side answers each message by one, in order.
 *
 * <pre>{@code
 * try (Requester<String> times = new Requester<>(Tcp.connect(address, Codecs.utf8()))) {
 *     String now = times.request("what time is it?");
 * }
 * }</pre>
 *
 * <p>A reply says by nothing but its turn which request it answers. So a request that was given up, by its time or an interrupt, closes the
 * connection: the late reply would be taken for that of the next. With the reply in hand the next one may go.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>no reply</th><th>closed here</th><th>other side gone</th></tr>
 * <tr><td>{@link #request}</td><td>waits</td><td>{@code ClosedChannelException}</td><td>{@link org.jvmipc.PeerGoneException}</td></tr>
 * <tr><td>{@link #tryRequest}</td><td>{@code null}, after the time</td><td>the same</td><td>the same</td></tr>
 * </table>
 *
 * <p><b>Thread safety.</b> Requests of several threads serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * @param <T> what a message is in Java
 */
public final class Requester<T> implements AutoCloseable {
    private final Connection<T> connection;
    private final ReentrantLock turn = new ReentrantLock();

    /** Over this connection, which it closes, and nobody else uses. */
    public Requester(Connection<T> connection) {
        this.connection = connection;
    }

    /**
     * Sends a request, and waits for its reply.
     *
     * @throws InterruptedException if interrupted; the connection is closed if the request had gone out
     * @throws IOException if the other side has gone, or the operating system failed the call
     */
    public T request(T message) throws IOException, InterruptedException {
        T reply = request(message, Deadline.NEVER);
        if (reply == null) {
            throw new IllegalStateException("a request without deadline ran out of time");
        }
        return reply;
    }

    /**
     * Sends a request, and waits for its reply at most the given time.
     *
     * @param timeout how long to wait, more than zero
     * @return null if the time passed without the reply; the connection is closed if the request had gone out
     * @throws InterruptedException as {@link #request(Object)}
     * @throws IOException as {@link #request(Object)}
     */
    public @Nullable T tryRequest(T message, Duration timeout) throws IOException, InterruptedException {
        return request(message, Deadline.after(timeout));
    }

    private @Nullable T request(T message, Deadline deadline) throws IOException, InterruptedException {
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            if (deadline.isNever()) {
                connection.send(message);
            } else if (!connection.trySend(message, left(deadline))) {
                return null;
            }
            return reply(deadline);
        } finally {
            turn.unlock();
        }
    }

    private @Nullable T reply(Deadline deadline) throws IOException, InterruptedException {
        T reply = null;
        try {
            reply = deadline.isNever() ? connection.receive() : connection.tryReceive(left(deadline));
            return reply;
        } finally {
            if (reply == null) {
                connection.close();
            }
        }
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    /** Whether the next request can go. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
