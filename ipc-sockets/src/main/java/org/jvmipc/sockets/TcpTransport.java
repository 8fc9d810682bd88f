package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.sockets.internal.PortRecord;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code tcp:}, {@code tcp://host:port}. What opens a sender, a receiver or a connection connects to the server that
 * listens there; {@link #openListener} is that server.
 */
public final class TcpTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public TcpTransport() {}

    @Override
    public String name() {
        return Tcp.SCHEME;
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
    public boolean makesConnections() {
        return true;
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return openConnection(address, codec);
    }

    @Override
    public <T> @Nullable Sender<T> tryOpenSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return tryOpenConnection(address, codec, timeout);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return openConnection(address, codec);
    }

    @Override
    public <T> @Nullable Receiver<T> tryOpenReceiver(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return tryOpenConnection(address, codec, timeout);
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
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a port is bound by the server that listens there, and by nothing else");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return PortTable.TCP.listener(SocketNames.resolve(address)) != null;
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        InetSocketAddress port = SocketNames.resolve(address);
        return SocketInspection.ofPort(PortTable.TCP, SocketNames.address(Tcp.SCHEME, port), port);
    }

    @Override
    public List<Address> list() throws IOException {
        return PortRecord.survey(Tcp.SCHEME).list();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return SocketInspection.holders(PortTable.TCP, SocketNames.resolve(address));
    }

    @Override
    public Survey survey() throws IOException {
        return PortRecord.survey(Tcp.SCHEME).survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PortRecord.survey(Tcp.SCHEME).removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": a port is given back by the server that listens there");
    }
}
