package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.PortRecord;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.sockets.internal.SocketHolders;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code rudp:}, reliable datagrams: {@code rudp://host:port}. What opens a sender, a receiver or a connection connects to the server that
 * listens there; {@link #openListener} is that server.
 */
public final class ReliableTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public ReliableTransport() {}

    @Override
    public String name() {
        return ReliableAddress.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return ReliableSession.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return ReliableAddress.parameters();
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
        return ReliableDatagrams.connect(SocketNames.resolve(address), codec, ReliableAddress.options(address));
    }

    @Override
    public <T> @Nullable Connection<T> tryOpenConnection(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return ReliableDatagrams.tryConnect(
                SocketNames.resolve(address), codec, ReliableAddress.options(address), timeout);
    }

    @Override
    public <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        return ReliableDatagrams.listen(SocketNames.resolve(address), codec, ReliableAddress.listenOptions(address));
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a port is bound by the server that listens there, and by nothing else");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return PortTable.UDP.listener(SocketNames.resolve(address)) != null;
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        PortTable.Row row = PortTable.UDP.listener(SocketNames.resolve(address));
        if (row == null) {
            throw new OsException("inspect", Errno.ENOENT, "address=" + address.withoutParameters());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("address", SocketCalls.text(row.local()));
        facts.put("uid", row.uid());
        List<Long> pids = SocketHolders.of(List.of(row.inode()));
        if (!pids.isEmpty()) {
            facts.put("server", pids.get(0));
        }
        facts.put("waiting", row.receiveQueue());
        facts.put("dropped", row.drops());
        facts.put("inode", row.inode());
        return facts;
    }

    @Override
    public List<Address> list() throws IOException {
        return PortRecord.survey(ReliableAddress.SCHEME).list();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return SocketInspection.holders(PortTable.UDP, SocketNames.resolve(address));
    }

    @Override
    public Survey survey() throws IOException {
        return PortRecord.survey(ReliableAddress.SCHEME).survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PortRecord.survey(ReliableAddress.SCHEME).removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": a port is given back by the server that listens there");
    }
}
