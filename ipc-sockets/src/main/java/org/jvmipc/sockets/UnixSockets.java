package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.UnixBinding;
import org.jvmipc.sockets.internal.loop.LoopChannels;

/**
 * Connections by sockets of the Unix domain: within one machine, by a path, with peers that are known, and with open files
 * passed along.
 *
 * <pre>{@code
 * try (UnixListener<String> welcome = UnixSockets.listen(Path.of("/tmp/orders"), Codecs.utf8());
 *         UnixConnection<String> caller = welcome.accept()) {
 *     System.out.println("process " + caller.credentials().pid() + " says " + caller.receive());
 * }
 * // the other process
 * try (UnixConnection<String> server = UnixSockets.connect(Path.of("/tmp/orders"), Codecs.utf8())) {
 *     server.send("hello");
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>no server</th><th>its backlog is full</th></tr>
 * <tr><td>{@link #connect}</td><td>{@code OsException}, {@code ENOENT} or {@code ECONNREFUSED}</td><td>waits</td></tr>
 * <tr><td>{@link #tryConnect}</td><td>waits for one; {@code null}, after the time</td><td>{@code null}, after the time</td></tr>
 * </table>
 *
 * <p><b>The path.</b> A listener makes the file, 0600 from its first moment unless options say otherwise, and its close removes
 * it. That of a server that was killed is replaced by the next one, once it is proven that no process is bound to it; of two
 * that try at the same time one wins. Anything else at the path is refused and not touched. Callers of another user are refused
 * even where the mode would let them in, unless the {@link AcceptPolicy} says otherwise.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code unix(7)}. A path has at most 107 bytes. Linux only; no abstract names.
 */
public final class UnixSockets {
    private UnixSockets() {}

    /**
     * Binds and listens.
     *
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if a live server is there
     * @throws org.jvmipc.LimitException if the path is too long for a socket
     */
    public static <T> UnixListener<T> listen(Path path, Codec<T> codec) throws IOException {
        return listen(path, codec, ListenOptions.defaults());
    }

    /**
     * Binds and listens.
     *
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if a live server is there
     * @throws org.jvmipc.LimitException if the path is too long for a socket
     */
    public static <T> UnixListener<T> listen(Path path, Codec<T> codec, ListenOptions options) throws IOException {
        return UnixWelcome.listen(path, codec, options);
    }

    /** The path of a bare name, as {@code uds:NAME} has it: in the runtime directory. */
    public static Path pathOf(String name) throws IOException {
        return UnixBinding.PATHS.ofName(name);
    }

    /**
     * Connects.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} or {@code ECONNREFUSED} if no server is there
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> UnixConnection<T> connect(Path path, Codec<T> codec) throws IOException, InterruptedException {
        return connect(path, codec, SocketOptions.defaults());
    }

    /**
     * Connects.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} or {@code ECONNREFUSED} if no server is there
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> UnixConnection<T> connect(Path path, Codec<T> codec, SocketOptions options)
            throws IOException, InterruptedException {
        Fd socket = Connecting.unix(path.toAbsolutePath().toString(), options, Deadline.NEVER, false);
        if (socket == null) {
            throw new IllegalStateException("a connect without deadline ran out of time");
        }
        return UnixWelcome.connected(socket, path, codec, options);
    }

    /**
     * Connects as soon as a server is there, and waits at most the given time for one.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if no server was there, or its backlog was full, for that time
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> @Nullable UnixConnection<T> tryConnect(
            Path path, Codec<T> codec, SocketOptions options, Duration timeout)
            throws IOException, InterruptedException {
        Fd socket = Connecting.unix(path.toAbsolutePath().toString(), options, Deadline.after(timeout), true);
        return socket == null ? null : UnixWelcome.connected(socket, path, codec, options);
    }

    /**
     * A connection that is made when it is first used, and anew when its server has gone.
     *
     * @throws IOException if the path names no file
     */
    public static <T> ReconnectingConnection<T> reconnecting(
            Path path, Codec<T> codec, SocketOptions options, ReconnectOptions reconnect) throws IOException {
        return new ReconnectingConnection<>(
                SocketParameters.with(UnixBinding.PATHS.address(ObjectPaths.canonical(path)), options),
                StreamConnection.CAPABILITIES,
                (deadline, cancelled) -> {
                    Fd socket = Connecting.unix(path.toAbsolutePath().toString(), options, Deadline.NOW, false);
                    return socket == null ? null : UnixWelcome.connected(socket, path, codec, options);
                },
                reconnect);
    }

    // ---- messages by handler

    /**
     * Binds and listens, and has each caller who is accepted served by a handler of his own.
     *
     * @param handlers makes one for each; called by the thread that accepts
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if a live server is there
     * @throws org.jvmipc.UnsupportedMechanismException where Netty's epoll is not to be had: NIO does not know who calls
     */
    public static <T> SocketServer serve(
            Path path, Codec<T> codec, ListenOptions options, Supplier<? extends ConnectionHandler<T>> handlers)
            throws IOException {
        HandlerServer.requireEpoll(UnixBinding.PATHS.address(ObjectPaths.canonical(path)));
        return new HandlerServer<>(UnixDoor.open(path, options), options, codec, handlers);
    }

    /**
     * Connects, and has what the server sends go to a handler.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} or {@code ECONNREFUSED} if no server is there
     * @throws org.jvmipc.UnsupportedMechanismException where Netty's epoll is not to be had: NIO does not know who listens
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> HandledConnection<T> connect(
            Path path, Codec<T> codec, SocketOptions options, ConnectionHandler<T> handler)
            throws IOException, InterruptedException {
        HandlerServer.requireEpoll(UnixBinding.PATHS.address(ObjectPaths.canonical(path)));
        Fd socket = Connecting.unix(path.toAbsolutePath().toString(), options, Deadline.NEVER, false);
        if (socket == null) {
            throw new IllegalStateException("a connect without deadline ran out of time");
        }
        boolean known = false;
        try {
            Party party = UnixDoor.toServer(socket, path, options);
            known = true;
            return LoopChannels.adopt(socket, party, codec, handler, opened -> {});
        } finally {
            if (!known) {
                socket.close();
            }
        }
    }
}
