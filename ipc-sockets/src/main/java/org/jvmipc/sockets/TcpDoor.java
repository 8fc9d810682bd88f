package org.jvmipc.sockets;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.PortRecord;

/** A listening socket of TCP, with its record. */
final class TcpDoor implements Door {
    private final Fd socket;
    private final Address address;
    private final InetSocketAddress localAddress;
    private final PortRecord record;
    private final ListenOptions options;

    private TcpDoor(
            Fd socket, Address address, InetSocketAddress localAddress, PortRecord record, ListenOptions options) {
        this.socket = socket;
        this.address = address;
        this.localAddress = localAddress;
        this.record = record;
        this.options = options;
    }

    static TcpDoor open(InetSocketAddress address, ListenOptions options) throws IOException {
        Fd socket = bind(address, options);
        boolean open = false;
        try {
            InetSocketAddress local = SocketCalls.localAddress(socket);
            if (local == null) {
                throw new IpcException("tcp://" + SocketCalls.text(address) + ": it was bound to no address");
            }
            Address name = SocketNames.address(Tcp.SCHEME, local);
            PortRecord record = PortRecord.make(name, options.backlog());
            open = true;
            return new TcpDoor(socket, SocketParameters.with(name, options.socket()), local, record, options);
        } finally {
            if (!open) {
                socket.close();
            }
        }
    }

    private static Fd bind(InetSocketAddress address, ListenOptions options) throws IOException {
        Fd socket = SocketCalls.stream(address);
        boolean listening = false;
        try {
            SocketCalls.reuseAddress(socket);
            if (address.getAddress() instanceof Inet6Address) {
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
    public Fd socket() {
        return socket;
    }

    @Override
    public Set<Capability> capabilities() {
        return TcpConnection.CAPABILITIES;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public Caller caller(Fd accepted, int connections) throws IOException {
        return new Caller(SocketCalls.remoteAddress(accepted), null, connections);
    }

    @Override
    public Party welcome(Fd accepted, Caller caller) throws IOException {
        Connecting.settle(accepted, options.socket());
        return TcpConnection.party(address, peer(caller.address()), options.socket(), options.handshakeTimeout());
    }

    /** One that has gone already has no address any more. */
    private static Address peer(@Nullable InetSocketAddress caller) {
        return caller == null ? Address.of(Tcp.SCHEME, "//0.0.0.0:0") : SocketNames.address(Tcp.SCHEME, caller);
    }

    @Override
    public void unbind() throws IOException {
        record.close();
    }
}
