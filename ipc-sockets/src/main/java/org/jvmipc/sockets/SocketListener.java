package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Listener;

/**
 * The welcoming socket: callers wait in its backlog, and each accept gives one a connection socket of his own, or refuses
 * him. Who comes when all places are taken, or there is no descriptor for him, waits in the backlog.
 *
 * <p><b>Thread safety.</b> Several threads may accept; each connection goes to one of them.
 *
 * @param <T> what a message of its connections is in Java
 */
public interface SocketListener<T> extends Listener<T> {
    @Override
    SocketConnection<T> accept() throws IOException, InterruptedException;

    @Override
    @Nullable
    SocketConnection<T> tryAccept() throws IOException;

    @Override
    @Nullable
    SocketConnection<T> tryAccept(Duration timeout) throws IOException, InterruptedException;

    /** How many of the connections that it has given out are open. */
    int connections();

    /** How many callers the policy has refused. */
    long refused();
}
