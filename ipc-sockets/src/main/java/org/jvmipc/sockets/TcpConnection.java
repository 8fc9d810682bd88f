package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketPath;
import org.jvmipc.sockets.internal.Party;

/** A connection of TCP. */
final class TcpConnection<T> extends StreamConnection<T> {
    /** What TCP can do. */
    static final Set<Capability> CAPABILITIES = remote();

    /** Takes over the descriptor, in blocking mode. */
    TcpConnection(Fd fd, Party party, Codec<T> codec, Runnable onClose) {
        super(fd, SocketPath.BYTES, party, codec, onClose);
    }

    private static Set<Capability> remote() {
        Set<Capability> all = new HashSet<>(StreamConnection.CAPABILITIES);
        all.add(Capability.REMOTE);
        return Set.copyOf(all);
    }

    static Party party(Address address, Address peer, SocketOptions options, Duration handshake) {
        return new Party(address, peer, CAPABILITIES, null, options, handshake);
    }

    /** Who is connected where this process has connected to a server. */
    static Party toServer(InetSocketAddress server, SocketOptions options) {
        Address name = SocketNames.address(Tcp.SCHEME, server);
        return party(SocketParameters.with(name, options), name, options, Duration.ZERO);
    }

    /** A connection to a server; takes over the descriptor. */
    static <T> TcpConnection<T> connected(Fd socket, InetSocketAddress server, Codec<T> codec, SocketOptions options) {
        return new TcpConnection<>(socket, toServer(server, options), codec, () -> {});
    }
}
