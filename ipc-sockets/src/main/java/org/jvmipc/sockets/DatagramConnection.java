package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jvmipc.Connection;

/**
 * Datagrams to and from one peer: a connected datagram socket, or one source of a {@link DatagramListener}. UDP itself knows
 * no connections: the peer notices neither the beginning nor the end.
 *
 * <pre>{@code
 * try (DatagramConnection<String> server = Datagrams.connect(address, Codecs.utf8())) {
 *     server.send("what time is it?");                                  // may be lost, without a sign of it
 *     String answer = server.tryReceive(Duration.ofMillis(200));        // so ask again when it is null
 * }
 * }</pre>
 *
 * <p>The verbs are those of {@link org.jvmipc.Sender} and {@link org.jvmipc.Receiver}. A send returns when the kernel has the
 * message; whether it arrives, once, and behind the one before, is not known.
 *
 * <p>Full: a send waits only for this machine's own buffer of sending; what the peer has no room for is lost. Empty: a receive
 * waits. Closed here: {@code ClosedChannelException}. Closed there, or killed: the peer's kernel may say that nobody has the
 * port; then the next call, of whatever direction, throws {@link org.jvmipc.PeerGoneException} {@code UNKNOWN}, once for each such
 * message, and everything goes on: a new peer on that port gets the next message. A source of a listener that was silent for
 * the idle time is gone, {@code CLOSED}.
 *
 * <p>A message that is too large is refused before anything is sent. One that comes and is larger than
 * {@link #largestMessageBytes()} is thrown away, which the receive tells by {@link org.jvmipc.LimitException}; the next one goes on.
 *
 * <p><b>Thread safety.</b> One thread may send while another receives; calls of one direction serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}.
 *
 * @param <T> what a message is in Java
 */
public interface DatagramConnection<T> extends Connection<T> {
    /** Where this side is bound. */
    InetSocketAddress localAddress();

    /** The other side. */
    InetSocketAddress remoteAddress();

    /** The largest message that can be sent or received, in bytes. */
    int largestMessageBytes();

    /**
     * How many datagrams were thrown away on this side because there was no room for them: by the kernel, as far as it
     * tells, or of a listener's source by the listener.
     *
     * @throws IOException if it is closed, or the kernel does not tell
     */
    long dropped() throws IOException;
}
