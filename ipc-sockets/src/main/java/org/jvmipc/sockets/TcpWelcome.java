package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.posix.SocketPath;
import org.jvmipc.sockets.internal.PortRecord;

/** A welcoming socket of TCP, with its record. */
final class TcpWelcome<T> extends WelcomingSocket<T, TcpConnection<T>> implements TcpListener<T> {
    private final Codec<T> codec;
    private final InetSocketAddress localAddress;
    private final PortRecord record;

    private TcpWelcome(
            Fd socket,
            Address address,
            InetSocketAddress local,
            PortRecord record,
            Codec<T> codec,
            ListenOptions options)
            throws IOException {
        super(socket, address, TcpConnection.CAPABILITIES, options);
        this.codec = codec;
        this.localAddress = local;
        this.record = record;
    }

    static <T> TcpWelcome<T> listen(InetSocketAddress address, Codec<T> codec, ListenOptions options)
            throws IOException {
        Fd socket = bind(address, options);
        PortRecord record = null;
        boolean open = false;
        try {
            InetSocketAddress local = SocketCalls.localAddress(socket);
            if (local == null) {
                throw new IpcException("tcp://" + SocketCalls.text(address) + ": it was bound to no address");
            }
            Address name = SocketNames.address(Tcp.SCHEME, local);
            record = PortRecord.make(name, options.backlog());
            TcpWelcome<T> welcome = new TcpWelcome<>(
                    socket, SocketParameters.with(name, options.socket()), local, record, codec, options);
            open = true;
            return welcome;
        } finally {
            if (!open) {
                socket.close();
                if (record != null) {
                    record.close();
                }
            }
        }
    }

    private static Fd bind(InetSocketAddress address, ListenOptions options) throws IOException {
        Fd socket = SocketCalls.stream(address);
        boolean listening = false;
        try {
            SocketCalls.reuseAddress(socket);
            if (address.getAddress() instanceof java.net.Inet6Address) {
                SocketCalls.onlyIpv6(socket);
            }
            SocketOptions settings = options.socket();
            // Before it listens: the window of a connection is settled when it is made.
            SocketCalls.bufferSizes(socket, settings.sendBufferBytes(), settings.receiveBufferBytes());
            SocketCalls.bind(socket, address);
            SocketCalls.listen(socket, options.backlog());
            listening = true;
            return socket;
        } finally {
            if (!listening) {
                socket.close();
            }
        }
    }

    @Override
    Caller caller(Fd accepted, int connections) throws IOException {
        return new Caller(SocketCalls.remoteAddress(accepted), null, connections);
    }

    @Override
    TcpConnection<T> connection(Fd accepted, Caller caller, Runnable onClose) throws IOException {
        Connecting.settle(accepted, options().socket());
        Address peer = peer(caller.address());
        return new TcpConnection<>(
                accepted,
                SocketPath.BYTES,
                address(),
                peer,
                codec,
                options().socket(),
                options().handshakeTimeout(),
                onClose);
    }

    /** One that has gone already has no address any more. */
    private Address peer(@Nullable InetSocketAddress caller) {
        return caller == null ? Address.of(Tcp.SCHEME, "//0.0.0.0:0") : SocketNames.address(Tcp.SCHEME, caller);
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    void unbind() throws IOException {
        record.close();
    }

    /** What connects from here. */
    static <T> TcpConnection<T> connected(Fd socket, InetSocketAddress server, Codec<T> codec, SocketOptions options)
            throws IOException {
        Address address = SocketParameters.with(SocketNames.address(Tcp.SCHEME, server), options);
        boolean taken = false;
        try {
            TcpConnection<T> connection = new TcpConnection<>(
                    socket,
                    SocketPath.BYTES,
                    address,
                    address.withoutParameters(),
                    codec,
                    options,
                    Duration.ZERO,
                    () -> {});
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }
}
