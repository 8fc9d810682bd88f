package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Endpoint;

/**
 * A welcoming socket whose callers are accepted by a thread of ours, and served by a {@link ConnectionHandler} each.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p>{@link #close()} ends the welcome, and leaves the connections as they are; {@link #closeAll()} ends them, too.
 */
public interface SocketServer extends Endpoint {
    /** Where it listens, with the port that the kernel chose; null over a Unix domain socket. */
    @Nullable
    InetSocketAddress localAddress();

    /** How many connections are open. */
    int connections();

    /** How many callers the policy has refused. */
    long refused();

    /** Closes this and all its connections: each says goodbye behind what waits to go out, within the linger time. */
    void closeAll() throws IOException;
}
