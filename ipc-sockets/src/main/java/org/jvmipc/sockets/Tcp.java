package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;

/** TCP. */
public final class Tcp {
    private Tcp() {}

    /** Binds and listens. */
    public static <T> TcpListener<T> listen(InetSocketAddress address, Codec<T> codec) throws IOException {
        return listen(address, codec, ListenOptions.defaults());
    }

    /** Binds and listens. */
    public static <T> TcpListener<T> listen(InetSocketAddress address, Codec<T> codec, ListenOptions options)
            throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Connects, and waits for the server's answer. */
    public static <T> SocketConnection<T> connect(InetSocketAddress address, Codec<T> codec)
            throws IOException, InterruptedException {
        return connect(address, codec, SocketOptions.defaults());
    }

    /** Connects, and waits for the server's answer. */
    public static <T> SocketConnection<T> connect(InetSocketAddress address, Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Connects, and waits at most the given time. */
    public static <T> @Nullable SocketConnection<T> tryConnect(
            InetSocketAddress address, Codec<T> codec, SocketOptions options, Duration timeout)
            throws IOException, InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }
}
