package org.jvmipc.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;

/**
 * A server and its one connection, both ends in this JVM.
 *
 * @param client the end that has connected
 * @param server the end that was accepted
 */
record Connected<C extends SocketConnection<?>>(SocketListener<?> listener, C client, C server) implements Closeable {
    private static final AtomicLong NAMES = new AtomicLong();

    /** A port of loopback that the kernel chooses. */
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The port that a client's socket has been given. */
    static int port(SocketConnection<?> client) throws IOException {
        InetSocketAddress local = ((StreamConnection<?>) client).localAddress();
        return local == null ? -1 : local.getPort();
    }

    /** A path that nobody uses. */
    static Path newPath() throws IOException {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        Path path = directory.resolve("uds" + ProcessHandle.current().pid() + "." + NAMES.incrementAndGet());
        Files.deleteIfExists(path);
        return path;
    }

    static <T> Connected<SocketConnection<T>> tcp(Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        ListenOptions listening = ListenOptions.defaults().withSocket(options);
        TcpListener<T> listener = Tcp.listen(anyPort(), codec, listening);
        SocketConnection<T> client = Tcp.connect(listener.localAddress(), codec, options);
        return new Connected<>(listener, client, listener.accept());
    }

    static <T> Connected<UnixConnection<T>> unix(Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        ListenOptions listening = ListenOptions.defaults().withSocket(options);
        UnixListener<T> listener = UnixSockets.listen(newPath(), codec, listening);
        UnixConnection<T> client = UnixSockets.connect(listener.path(), codec, options);
        return new Connected<>(listener, client, listener.accept());
    }

    /** The client sends, the server receives. */
    @SuppressWarnings("unchecked")
    <T> Ends<T> ends() {
        return new Ends<>((SocketConnection<T>) client, (SocketConnection<T>) server, listener);
    }

    @Override
    public void close() throws IOException {
        try (listener;
                server) {
            client.close();
        }
    }
}
