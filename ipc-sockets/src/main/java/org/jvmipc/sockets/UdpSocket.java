package org.jvmipc.sockets;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.Loopback;
import org.jvmipc.sockets.internal.PortRecord;

/**
 * A new datagram socket, bound or connected, and settled as the options say.
 *
 * @param fd its descriptor, non-blocking
 * @param local where it is bound
 * @param maxMessageBytes the largest message: what the options and the family of its addresses allow
 * @param record by which others find it; null of one that has its port for the answers only
 */
record UdpSocket(Fd fd, InetSocketAddress local, int maxMessageBytes, @Nullable PortRecord record) {
    static final String SCHEME = "udp";

    static final Set<Capability> CAPABILITIES = Set.of(Capability.DUPLEX, Capability.MANY_SENDERS, Capability.REMOTE);

    /**
     * One that is bound, to a free port if the port is 0.
     *
     * @param recorded whether others are to find it
     */
    static UdpSocket bound(InetSocketAddress local, DatagramOptions options, boolean recorded) throws IOException {
        return bound(SCHEME, local, options, recorded);
    }

    /** The same, recorded as of another scheme over UDP. */
    static UdpSocket bound(String scheme, InetSocketAddress local, DatagramOptions options, boolean recorded)
            throws IOException {
        Loopback.require(local, options.insecure());
        UdpSocket socket = open(local, options, fd -> SocketCalls.bind(fd, local));
        if (!recorded) {
            return socket;
        }
        boolean done = false;
        try {
            PortRecord record = PortRecord.make(SocketNames.address(scheme, socket.local), 0);
            done = true;
            return new UdpSocket(socket.fd, socket.local, socket.maxMessageBytes, record);
        } finally {
            if (!done) {
                socket.fd.close();
            }
        }
    }

    /** The record goes; before the port does. */
    void forget() throws IOException {
        if (record != null) {
            record.close();
        }
    }

    /** One that is connected: it sends to the peer, and takes from nobody else. */
    static UdpSocket connected(InetSocketAddress peer, DatagramOptions options) throws IOException {
        Loopback.require(peer, options.insecure());
        requirePort(peer);
        return open(peer, options, fd -> {
            int result = SocketCalls.connect(fd, peer);
            if (result < 0) {
                throw new OsException("connect", -result, "address=" + SocketCalls.text(peer));
            }
        });
    }

    static void requirePort(InetSocketAddress peer) {
        if (peer.getPort() == 0) {
            throw new IllegalArgumentException("the port of " + SocketCalls.text(peer) + " is 0; nobody has it");
        }
    }

    private interface Naming {
        void of(Fd fd) throws IOException;
    }

    private static UdpSocket open(InetSocketAddress address, DatagramOptions options, Naming naming)
            throws IOException {
        Fd fd = SocketCalls.datagram(address);
        try {
            boolean six = address.getAddress() instanceof Inet6Address;
            if (six) {
                SocketCalls.onlyIpv6(fd);
            }
            SocketCalls.bufferSizes(fd, options.sendBufferBytes(), options.receiveBufferBytes());
            naming.of(fd);
            InetSocketAddress local = SocketCalls.localAddress(fd);
            if (local == null) {
                throw new IOException("a socket of the internet has no address of it");
            }
            int largest = six ? DatagramOptions.LARGEST_MESSAGE_BYTES : DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES;
            return new UdpSocket(fd, DatagramAddress.plain(local), Math.min(options.maxMessageBytes(), largest), null);
        } catch (IOException | RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }

    /** The address that another process opens with the same options. */
    static Address address(InetSocketAddress place, DatagramOptions options) {
        return UdpAddress.with(Address.of(SCHEME, "//" + SocketCalls.text(place)), options);
    }
}
