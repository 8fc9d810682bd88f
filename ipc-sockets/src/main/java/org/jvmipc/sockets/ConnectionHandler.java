package org.jvmipc.sockets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is called when something happens on a connection: messages by handler instead of by a thread that waits for them.
 *
 * <pre>{@code
 * SocketServer server = Tcp.serve(address, Codecs.utf8(), ListenOptions.defaults(),
 *         () -> (connection, message) -> connection.send("got: " + message));
 * }</pre>
 *
 * <p><b>Thread safety.</b> All calls for one connection are made by one thread of ours, an event loop, one at a time; it serves other
 * connections as well, so a handler must not wait: not for another connection, not for a lock that is held long. What it throws ends its
 * connection, and no other.
 *
 * @param <T> what a message is in Java
 */
@FunctionalInterface
public interface ConnectionHandler<T> {
    /** The connection is there; before anything else. */
    default void opened(HandledConnection<T> connection) throws Exception {}

    /** A message has come. With {@link org.jvmipc.Codecs#buffers()} it is valid until this returns. */
    void received(HandledConnection<T> connection, T message) throws Exception;

    /**
     * The other side has said goodbye, or ended its sending, and all it sent was handed over. This one may still send; by
     * default it closes.
     */
    default void ended(HandledConnection<T> connection) throws Exception {
        connection.close();
    }

    /**
     * The connection is closed; once, after everything else.
     *
     * @param cause null if it was closed here; else what has ended it: {@link org.jvmipc.PeerGoneException} if the other side has
     *     died or was silent too long, {@link org.jvmipc.CorruptDataException} or {@link org.jvmipc.LimitException} for what it
     *     sent, or what the handler has thrown, as a cause
     */
    default void closed(HandledConnection<T> connection, @Nullable IOException cause) {}
}
