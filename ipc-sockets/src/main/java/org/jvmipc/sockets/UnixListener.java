package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A welcoming socket of the Unix domain.
 *
 * @param <T> what a message of its connections is in Java
 */
public interface UnixListener<T> extends SocketListener<T> {
    @Override
    UnixConnection<T> accept() throws IOException, InterruptedException;

    @Override
    @Nullable
    UnixConnection<T> tryAccept() throws IOException;

    @Override
    @Nullable
    UnixConnection<T> tryAccept(Duration timeout) throws IOException, InterruptedException;

    /** Where it listens. */
    Path path();
}
