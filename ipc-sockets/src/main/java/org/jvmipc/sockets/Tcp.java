package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.sockets.internal.Loopback;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.loop.EventLoops;
import org.jvmipc.sockets.internal.loop.LoopChannels;

/**
 * Connections by TCP: a welcoming socket with its backlog, which accepts or refuses, and connection sockets.
 *
 * <pre>{@code
 * try (TcpListener<String> welcome = Tcp.listen(new InetSocketAddress("127.0.0.1", 7000), Codecs.utf8());
 *         SocketConnection<String> caller = welcome.accept()) {   // waits for somebody to connect
 *     caller.send("got: " + caller.receive());
 * }
 * // the other process
 * try (SocketConnection<String> server = Tcp.connect(new InetSocketAddress("127.0.0.1", 7000), Codecs.utf8())) {
 *     server.send("hello");
 *     String answer = server.receive();
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>no server</th><th>its backlog is full, or its host silent</th></tr>
 * <tr><td>{@link #connect}</td><td>{@code OsException}, {@code ECONNREFUSED}</td><td>waits, as long as the kernel does</td></tr>
 * <tr><td>{@link #tryConnect}</td><td>waits for one; {@code null}, after the time</td><td>{@code null}, after the time</td></tr>
 * </table>
 *
 * <p>Only addresses of loopback are used, unless {@link SocketOptions#insecure()} is said: nothing is encrypted, and TCP does
 * not know who calls.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code tcp(7)}, {@code accept4(2)}, {@code listen(2)}; the thread that sends or receives makes the
 * call itself, and no thread of ours is between it and the kernel.
 */
public final class Tcp {
    static final String SCHEME = "tcp";

    private Tcp() {}

    /**
     * Binds and listens.
     *
     * @param address port 0 is one that the kernel chooses; {@link TcpListener#localAddress()} tells which
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if somebody else is there
     * @throws IllegalArgumentException if other machines reach the address
     */
    public static <T> TcpListener<T> listen(InetSocketAddress address, Codec<T> codec) throws IOException {
        return listen(address, codec, ListenOptions.defaults());
    }

    /**
     * Binds and listens.
     *
     * @param address port 0 is one that the kernel chooses; {@link TcpListener#localAddress()} tells which
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if somebody else is there
     * @throws IllegalArgumentException if other machines reach the address, and the options do not say {@code insecure}
     */
    public static <T> TcpListener<T> listen(InetSocketAddress address, Codec<T> codec, ListenOptions options)
            throws IOException {
        Loopback.require(address, options.socket().insecure());
        return TcpWelcome.listen(address, codec, options);
    }

    /**
     * Connects, and waits for the server's kernel to answer.
     *
     * @throws org.jvmipc.OsException {@code ECONNREFUSED} if nobody listens there
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> SocketConnection<T> connect(InetSocketAddress address, Codec<T> codec)
            throws IOException, InterruptedException {
        return connect(address, codec, SocketOptions.defaults());
    }

    /**
     * Connects, and waits for the server's kernel to answer.
     *
     * @throws org.jvmipc.OsException {@code ECONNREFUSED} if nobody listens there
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> SocketConnection<T> connect(InetSocketAddress address, Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        Loopback.require(address, options.insecure());
        Fd socket = Connecting.tcp(address, options, Deadline.NEVER, false);
        if (socket == null) {
            throw new IllegalStateException("a connect without deadline ran out of time");
        }
        return TcpConnection.connected(socket, address, codec, options);
    }

    /**
     * Connects as soon as a server is there, and waits at most the given time for one.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if no server has answered in that time
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> @Nullable SocketConnection<T> tryConnect(
            InetSocketAddress address, Codec<T> codec, SocketOptions options, Duration timeout)
            throws IOException, InterruptedException {
        Loopback.require(address, options.insecure());
        Fd socket = Connecting.tcp(address, options, Deadline.after(timeout), true);
        return socket == null ? null : TcpConnection.connected(socket, address, codec, options);
    }

    /**
     * A connection that is made when it is first used, and anew when its server has gone.
     *
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     */
    public static <T> ReconnectingConnection<T> reconnecting(
            InetSocketAddress address, Codec<T> codec, SocketOptions options, ReconnectOptions reconnect) {
        Loopback.require(address, options.insecure());
        return new ReconnectingConnection<>(
                SocketParameters.with(SocketNames.address(SCHEME, address), options),
                TcpConnection.CAPABILITIES,
                (deadline, cancelled) -> {
                    Fd socket = Connecting.tcp(address, options, deadline, cancelled);
                    return socket == null ? null : TcpConnection.connected(socket, address, codec, options);
                },
                reconnect);
    }

    // ---- messages by handler

    /**
     * Binds and listens, and has each caller who is accepted served by a handler of his own.
     *
     * @param handlers makes one for each; called by the thread that accepts
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if somebody else is there
     * @throws IllegalArgumentException if other machines reach the address, and the options do not say {@code insecure}
     */
    public static <T> SocketServer serve(
            InetSocketAddress address,
            Codec<T> codec,
            ListenOptions options,
            Supplier<? extends ConnectionHandler<T>> handlers)
            throws IOException {
        Loopback.require(address, options.socket().insecure());
        return EventLoops.isEpoll()
                ? new HandlerServer<>(TcpDoor.open(address, options), options, codec, handlers)
                : new NioServer<>(address, options, codec, handlers);
    }

    /**
     * Connects, and has what the server sends go to a handler.
     *
     * @throws org.jvmipc.OsException {@code ECONNREFUSED} if nobody listens there
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> HandledConnection<T> connect(
            InetSocketAddress address, Codec<T> codec, SocketOptions options, ConnectionHandler<T> handler)
            throws IOException, InterruptedException {
        Loopback.require(address, options.insecure());
        Party party = TcpConnection.toServer(address, options);
        if (!EventLoops.isEpoll()) {
            return LoopChannels.adopt(NioServer.connect(address, options), party, codec, handler, opened -> {});
        }
        Fd socket = Connecting.tcp(address, options, Deadline.NEVER, false);
        if (socket == null) {
            throw new IllegalStateException("a connect without deadline ran out of time");
        }
        return LoopChannels.adopt(socket, party, codec, handler, opened -> {});
    }
}
