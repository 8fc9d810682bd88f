package org.jvmipc;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The welcoming side of a mechanism that makes connections: a welcoming socket with its backlog, from which each accept
 * takes one connection of its own.
 *
 * <pre>{@code
 * try (Listener<String> welcome = Ipc.listener("uds:/tmp/orders", Codecs.utf8())) {
 *     try (Connection<String> peer = welcome.accept()) {       // waits for somebody to connect
 *         peer.send("got: " + peer.receive());
 *     }
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>nobody has connected</th><th>this end closed</th></tr>
 * <tr><td>{@link #accept()}</td><td>waits, interruptibly</td><td>{@code ClosedChannelException}</td></tr>
 * <tr><td>{@link #tryAccept()}</td><td>{@code null}, at once</td><td>the same</td></tr>
 * <tr><td>{@link #tryAccept(Duration)}</td><td>{@code null}, after the time</td><td>the same</td></tr>
 * </table>
 *
 * <p>Closing a listener does not close the connections that it has given out.
 *
 * <p><b>Thread safety.</b> Several threads may accept; each connection goes to one of them.
 *
 * @param <T> what a message of its connections is in Java
 */
public interface Listener<T> extends Endpoint {
    /**
     * Takes the next connection, and waits for one.
     *
     * @throws InterruptedException if interrupted while waiting; the listener stays usable
     * @throws java.nio.channels.ClosedChannelException if this listener is closed, or is closed while it waits
     * @throws IOException if the operating system failed the call
     */
    Connection<T> accept() throws IOException, InterruptedException;

    /**
     * Takes the next connection if somebody has connected.
     *
     * @return null if nobody has
     * @throws IOException as {@link #accept()}
     */
    @Nullable
    Connection<T> tryAccept() throws IOException;

    /**
     * Takes the next connection, and waits at most the given time for one.
     *
     * @param timeout how long to wait; zero or less is {@link #tryAccept()}
     * @return null if nobody connected in that time
     * @throws InterruptedException as {@link #accept()}
     * @throws IOException as {@link #accept()}
     */
    @Nullable
    Connection<T> tryAccept(Duration timeout) throws IOException, InterruptedException;
}
