package org.jvmipc.sockets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Connection;

/**
 * A connection socket: both directions of a stream between two processes, full duplex.
 *
 * <p>Full: a send waits. Empty: a receive waits. Closed here: {@code ClosedChannelException}. Closed there:
 * {@link org.jvmipc.PeerGoneException} {@code CLOSED} once all that came is taken. Peer killed, or its host silent: the same,
 * {@code DIED}, where messages are framed; lines and raw bytes have no goodbye, so there an end of the stream is
 * {@code CLOSED}, and {@code DIED} is a connection that was reset.
 *
 * <p>{@link #endSending()} is {@code shutdown(2)} with {@code SHUT_WR}: the other side reads an end, and this one goes on
 * receiving.
 *
 * <p>{@link #close()} says goodbye, and waits up to the linger time for the other side's kernel to take what was sent: TCP
 * would throw it away if something came in after the close.
 *
 * <p><b>Thread safety.</b> One thread may send while another receives; calls of one direction serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * @param <T> what a message is in Java
 */
public interface SocketConnection<T> extends Connection<T> {
    /** The other end: where it listens if this side has connected, where it calls from if this side has accepted. */
    Address peer();

    /** Who has the other end, by the kernel's word; null over TCP, which does not know. */
    @Nullable
    PeerCredentials credentials();

    /**
     * Closes without goodbye and without waiting: what was not sent yet is thrown away. Over TCP the other side finds the
     * connection reset.
     *
     * @throws IOException when the operating system refused to close; it counts as closed all the same
     */
    void abort() throws IOException;
}
