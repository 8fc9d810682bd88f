package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;

/** Unix domain sockets. */
public final class UnixSockets {
    private UnixSockets() {}

    /** Binds and listens. */
    public static <T> UnixListener<T> listen(Path path, Codec<T> codec) throws IOException {
        return listen(path, codec, ListenOptions.defaults());
    }

    /** Binds and listens. */
    public static <T> UnixListener<T> listen(Path path, Codec<T> codec, ListenOptions options) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Connects. */
    public static <T> UnixConnection<T> connect(Path path, Codec<T> codec) throws IOException, InterruptedException {
        return connect(path, codec, SocketOptions.defaults());
    }

    /** Connects. */
    public static <T> UnixConnection<T> connect(Path path, Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Connects, and waits at most the given time. */
    public static <T> @Nullable UnixConnection<T> tryConnect(
            Path path, Codec<T> codec, SocketOptions options, Duration timeout)
            throws IOException, InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }
}
