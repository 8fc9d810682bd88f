package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.sockets.internal.PortTable;

/**
 * The scheme {@code tcp:}, {@code tcp://host:port}. What opens a sender, a receiver or a connection connects to the server that
 * listens there; {@link #openListener} is that server.
 */
public final class TcpTransport extends PortTransport {
    /** For {@link java.util.ServiceLoader}. */
    public TcpTransport() {
        super(Tcp.SCHEME, PortTable.TCP);
    }

    @Override
    public Set<Capability> capabilities() {
        return TcpConnection.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return SocketParameters.ofTcp();
    }

    @Override
    public <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return Tcp.connect(SocketNames.resolve(address), codec, SocketParameters.connection(address));
    }

    @Override
    public <T> @Nullable Connection<T> tryOpenConnection(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return Tcp.tryConnect(SocketNames.resolve(address), codec, SocketParameters.connection(address), timeout);
    }

    @Override
    public <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        return Tcp.listen(SocketNames.resolve(address), codec, SocketParameters.listener(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        InetSocketAddress port = SocketNames.resolve(address);
        return SocketInspection.ofPort(PortTable.TCP, SocketNames.address(Tcp.SCHEME, port), port);
    }
}
