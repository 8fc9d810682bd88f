package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Listener;

/**
 * The welcoming side of reliable datagrams: who has proven his address by a cookie, and said something, can be accepted.
 *
 * <pre>{@code
 * try (ReliableListener<String> welcome = ReliableDatagrams.listen(address, Codecs.utf8())) {
 *     try (ReliableConnection<String> client = welcome.accept()) {
 *         client.send("got: " + client.receive());
 *     }
 * }
 * }</pre>
 *
 * <p>The verbs are those of {@link Listener}. All connections share its socket. Closing it says goodbye to who waits to be accepted, and not to the
 * connections that it has given out; the port is free when they are closed, too.
 *
 * <p><b>Hostile sources.</b> Of an address that has not proven itself nothing is kept, and it gets fewer bytes than it has sent.
 * {@link ReliableListenOptions} bounds the rest.
 *
 * <p><b>Thread safety.</b> Several threads may accept; each connection goes to one of them.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}.
 *
 * @param <T> what a message of its connections is in Java
 */
public interface ReliableListener<T> extends Listener<T> {
    @Override
    ReliableConnection<T> accept() throws IOException, InterruptedException;

    @Override
    @Nullable
    ReliableConnection<T> tryAccept() throws IOException;

    @Override
    @Nullable
    ReliableConnection<T> tryAccept(Duration timeout) throws IOException, InterruptedException;

    /** Where it listens: with the port that the kernel chose, if it was asked for none. */
    InetSocketAddress localAddress();

    /** How many sessions there are: those that were accepted, wait for it, or are closed and not settled yet. */
    int sessions();

    /** How many callers were refused because there was no place for one more. */
    long refused();

    /** How many datagrams were damaged, or no packets of this protocol. */
    long corrupt();
}
