package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jvmipc.Connection;

/**
 * Messages to and from one peer over UDP, each once, in order, checked: the peer's side sorts what comes, and asks again for what is missing.
 *
 * <pre>{@code
 * try (ReliableConnection<String> server = ReliableDatagrams.connect(address, Codecs.utf8())) {
 *     server.send("what time is it?");
 *     String answer = server.receive();
 * }
 * }</pre>
 *
 * <p>The verbs are those of {@link org.jvmipc.Sender} and {@link org.jvmipc.Receiver}. <b>When a send returns</b> the message is in this process,
 * which has to live until it is acknowledged: {@link #close()} waits for that, up to the linger time. Messages that wait for
 * acknowledgements of earlier ones travel together.
 *
 * <p>Full, that is so much is not acknowledged as the options allow: a send waits. Empty: a receive waits. Closed here:
 * {@code ClosedChannelException}. Closed there: {@link org.jvmipc.PeerGoneException} {@code CLOSED} once all that came is taken. Peer killed: {@code DIED}
 * if its host says that nobody has the port, or a program that was started again has it, which knows of no such session; else
 * {@code UNKNOWN}, when nothing has come for the peer timeout. A path that carries nothing for a shorter time does no harm. After any
 * of these a new connection is a new session: nothing of this one gets into it.
 *
 * <p>{@link #endSending()} says that there will be no more messages; receiving goes on. A send that waits then leaves with {@code
 * AsynchronousCloseException}, and was not sent. {@link #close()} waits out the linger time, and keeps an interrupt for afterwards.
 *
 * <p><b>Thread safety.</b> One thread may send while another receives; calls of one direction serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}. A daemon thread for each socket takes what comes, and keeps the timers.
 *
 * @param <T> what a message is in Java
 */
public interface ReliableConnection<T> extends Connection<T> {
    /** Where this side is bound. */
    InetSocketAddress localAddress();

    /** The other side. */
    InetSocketAddress remoteAddress();

    /** The largest message that both sides take, in bytes. */
    int largestMessageBytes();

    /** What has happened so far; also after the close. */
    ReliableStatistics statistics();

    /**
     * Closes without waiting: what the other side does not have yet is thrown away, and it is told, {@code DIED}; should that be
     * lost, it is told again when it sends or asks next. A client's port stays bound for that a little longer than the keep-alive
     * time, if its process lives on.
     */
    void abort() throws IOException;
}
