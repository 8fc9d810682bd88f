package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.internal.Loopback;

/**
 * Reliable datagrams: messages over UDP that arrive once, in order and checked, over a path that loses, doubles, reorders, delays and damages
 * what it carries. The protocol is this project's own; see docs/protocols/rudp.md.
 *
 * <pre>{@code
 * try (ReliableListener<String> welcome = ReliableDatagrams.listen(new InetSocketAddress("127.0.0.1", 7000), Codecs.utf8());
 *         ReliableConnection<String> caller = welcome.accept()) {   // waits for somebody to connect
 *     caller.send("got: " + caller.receive());
 * }
 * // the other process
 * try (ReliableConnection<String> server = ReliableDatagrams.connect(new InetSocketAddress("127.0.0.1", 7000), Codecs.utf8())) {
 *     server.send("hello");
 *     String answer = server.receive();
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>no server, or no place there</th><th>its host is silent</th></tr>
 * <tr><td>{@link #connect}</td><td>{@code OsException}, {@code ECONNREFUSED}</td><td>{@code OsException}, {@code ETIMEDOUT}, after the peer timeout; without one it waits</td></tr>
 * <tr><td>{@link #tryConnect}</td><td>waits for one; {@code null}, after the time</td><td>{@code null}, after the time</td></tr>
 * </table>
 *
 * <p>Only addresses of loopback are used, unless {@link ReliableOptions#insecure()} is said: nothing is encrypted.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code udp(7)}.
 */
public final class ReliableDatagrams {
    private ReliableDatagrams() {}

    /** Binds a socket, and welcomes who connects; see {@link #listen(InetSocketAddress, Codec, ReliableListenOptions)}. */
    public static <T> ReliableListener<T> listen(InetSocketAddress address, Codec<T> codec) throws IOException {
        return listen(address, codec, ReliableListenOptions.defaults());
    }

    /**
     * Binds a socket, and welcomes who connects.
     *
     * @param address port 0 is one that the kernel chooses; {@link ReliableListener#localAddress()} tells which
     * @throws org.jvmipc.OsException {@code EADDRINUSE} if somebody else has the port
     * @throws IllegalArgumentException if other machines reach the address, and the options do not say {@code insecure}
     */
    public static <T> ReliableListener<T> listen(
            InetSocketAddress address, Codec<T> codec, ReliableListenOptions options) throws IOException {
        return new ReliableWelcome<>(ReliableServer.bind(address, options), codec, options.reliable());
    }

    /** Connects; see {@link #connect(InetSocketAddress, Codec, ReliableOptions)}. */
    public static <T> ReliableConnection<T> connect(InetSocketAddress peer, Codec<T> codec)
            throws IOException, InterruptedException {
        return connect(peer, codec, ReliableOptions.defaults());
    }

    /**
     * Connects, and waits for the server's answer.
     *
     * @throws org.jvmipc.OsException {@code ECONNREFUSED} if nobody has the port, or the server has no place for one more;
     *     {@code ETIMEDOUT} if it is not connected when the peer timeout has passed since the call
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> ReliableConnection<T> connect(InetSocketAddress peer, Codec<T> codec, ReliableOptions options)
            throws IOException, InterruptedException {
        Loopback.require(peer, options.insecure());
        Deadline deadline = options.peerTimeout().isZero() ? Deadline.NEVER : Deadline.after(options.peerTimeout());
        ReliableCaller caller = ReliableCaller.connect(peer, options, deadline, false);
        if (caller == null) {
            throw ReliableCaller.silent(peer);
        }
        return new ReliableSession<>(caller.end, peer, codec, options);
    }

    /**
     * Connects as soon as a server is there and has a place, and waits at most the given time for that.
     *
     * @param timeout how long to wait; zero or less: not at all, and then there is never an answer in time
     * @return null if no server has answered in that time
     * @throws IllegalArgumentException if other machines have the address, and the options do not say {@code insecure}
     * @throws InterruptedException if interrupted while waiting; nothing is left
     */
    public static <T> @Nullable ReliableConnection<T> tryConnect(
            InetSocketAddress peer, Codec<T> codec, ReliableOptions options, Duration timeout)
            throws IOException, InterruptedException {
        Loopback.require(peer, options.insecure());
        ReliableCaller caller = ReliableCaller.connect(peer, options, Deadline.after(timeout), true);
        return caller == null ? null : new ReliableSession<>(caller.end, peer, codec, options);
    }
}
