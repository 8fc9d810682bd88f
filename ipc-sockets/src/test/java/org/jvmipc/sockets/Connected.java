package org.jvmipc.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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
    /**
     * Of the kernel, each way: of a size of their own choice, as those that the kernel sizes grow, and what was full a moment ago
     * takes one more; and room for several segments, which over loopback are 64 KiB, as a receiver without drops them and the sender
     * sends again, each time later.
     */
    static final int BUFFER = 256 * 1024;

    private static final AtomicLong NAMES = new AtomicLong();

    /** A port of loopback that the kernel chooses. */
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Uses the JDK's sockets once: what their first use and first close keep is no leak of ours. */
    static void useThoseOfTheJdk() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept();
                DatagramSocket datagrams = new DatagramSocket(0, loopback);
                SocketChannel channel = SocketChannel.open();
                ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.getOutputStream().write(1);
            accepted.getInputStream().read();
            datagrams.setSoTimeout(1);
            channel.configureBlocking(true);
            unix.configureBlocking(true);
        }
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
