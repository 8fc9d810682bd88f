package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jvmipc.Codec;

/**
 * Datagrams over UDP: messages that keep their boundaries, and nothing else. They may be lost, come twice or in another order.
 *
 * <pre>{@code
 * InetSocketAddress address = new InetSocketAddress("127.0.0.1", 7000);
 * try (DatagramEndpoint<String> server = Datagrams.bind(address, Codecs.utf8());
 *         DatagramConnection<String> client = Datagrams.connect(address, Codecs.utf8())) {
 *     client.send("hello");
 *     Datagram<String> hello = server.receiveFrom();
 *     server.sendTo(hello.source(), "hello yourself");
 * }
 * }</pre>
 *
 * <table>
 * <caption>Which</caption>
 * <tr><th></th><th>sends to</th><th>takes from</th></tr>
 * <tr><td>{@link #bind bind}, {@link #open open}</td><td>anybody, {@code sendTo}</td><td>anybody, {@code receiveFrom}</td></tr>
 * <tr><td>{@link #connect connect}</td><td>one peer, and learns that nobody is there</td><td>that peer</td></tr>
 * <tr><td>{@link #listen listen}</td><td colspan="2">a connection for each address that something comes from</td></tr>
 * </table>
 *
 * <p>Other addresses than loopback want {@link DatagramOptions#insecure}. Where messages must not be lost, use TCP, or
 * {@link ReliableDatagrams}; {@link FaultyLink} shows a program what losing them means.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class Datagrams {
    private Datagrams() {}

    /** Binds a socket to the address; see {@link #bind(InetSocketAddress, Codec, DatagramOptions)}. */
    public static <T> DatagramEndpoint<T> bind(InetSocketAddress address, Codec<T> codec) throws IOException {
        return bind(address, codec, DatagramOptions.defaults());
    }

    /**
     * Binds a socket to the address.
     *
     * @param address with port 0 the kernel chooses one, which {@link DatagramEndpoint#localAddress()} tells
     * @throws IllegalArgumentException if it is not loopback and that is not allowed, or was not resolved
     * @throws org.jvmipc.OsException if the port is taken ({@code EADDRINUSE}), or this machine has no such address
     * @throws IOException if the operating system failed another call
     */
    public static <T> DatagramEndpoint<T> bind(InetSocketAddress address, Codec<T> codec, DatagramOptions options)
            throws IOException {
        return bind(address, codec, options, true);
    }

    private static <T> DatagramEndpoint<T> bind(
            InetSocketAddress address, Codec<T> codec, DatagramOptions options, boolean recorded) throws IOException {
        UdpSocket socket = UdpSocket.bound(address, options, recorded);
        return new DatagramEndpoint<>(socket, UdpSocket.address(socket.local(), options), codec, options.insecure());
    }

    /** A socket on a free port of loopback; see {@link #open(Codec, DatagramOptions)}. */
    public static <T> DatagramEndpoint<T> open(Codec<T> codec) throws IOException {
        return open(codec, DatagramOptions.defaults());
    }

    /**
     * A socket on a free port: for who sends first, and gets answers. Of IPv4, on loopback; on all addresses of the machine if
     * the options allow that. For IPv6 bind to port 0 of {@code ::1}.
     *
     * @throws IOException if the operating system failed a call
     */
    public static <T> DatagramEndpoint<T> open(Codec<T> codec, DatagramOptions options) throws IOException {
        byte[] host = options.insecure() ? new byte[4] : new byte[] {127, 0, 0, 1};
        return bind(new InetSocketAddress(InetAddress.getByAddress(host), 0), codec, options, false);
    }

    /** A socket for one peer; see {@link #connect(InetSocketAddress, Codec, DatagramOptions)}. */
    public static <T> DatagramConnection<T> connect(InetSocketAddress peer, Codec<T> codec) throws IOException {
        return connect(peer, codec, DatagramOptions.defaults());
    }

    /**
     * A socket for one peer, on a free port. Nothing is sent by this, and whether somebody is there is not asked.
     *
     * @throws IllegalArgumentException if the peer is not loopback and that is not allowed, was not resolved, or has port 0
     * @throws IOException if the operating system failed a call
     */
    public static <T> DatagramConnection<T> connect(InetSocketAddress peer, Codec<T> codec, DatagramOptions options)
            throws IOException {
        return connected(peer, codec, options);
    }

    static <T> ConnectedSocket<T> connected(InetSocketAddress peer, Codec<T> codec, DatagramOptions options)
            throws IOException {
        UdpSocket socket = UdpSocket.connected(peer, options);
        return new ConnectedSocket<>(socket, peer, UdpSocket.address(peer, options), codec);
    }

    /** Binds a socket, and keeps its sources apart; see {@link #listen(InetSocketAddress, Codec, DatagramListenOptions)}. */
    public static <T> DatagramListener<T> listen(InetSocketAddress address, Codec<T> codec) throws IOException {
        return listen(address, codec, DatagramListenOptions.defaults());
    }

    /**
     * Binds a socket, and keeps its sources apart: each is a connection to be accepted.
     *
     * @param address as for {@link #bind(InetSocketAddress, Codec, DatagramOptions)}
     * @throws IllegalArgumentException as there
     * @throws IOException as there
     */
    public static <T> DatagramListener<T> listen(
            InetSocketAddress address, Codec<T> codec, DatagramListenOptions options) throws IOException {
        DatagramOptions datagrams = options.datagrams();
        UdpSocket socket = UdpSocket.bound(address, datagrams, true);
        UdpListening<T> listening = new UdpListening<>(
                UdpSocket.address(socket.local(), datagrams), socket.local(), codec, socket.maxMessageBytes());
        return new DatagramListener<>(new DatagramSources<>(socket, listening.address(), codec, options), listening);
    }
}
