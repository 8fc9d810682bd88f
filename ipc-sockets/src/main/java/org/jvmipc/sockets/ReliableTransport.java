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
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.sockets.internal.SocketHolders;

/**
 * The scheme {@code rudp:}, reliable datagrams: {@code rudp://host:port}. What opens a sender, a receiver or a connection connects to the server that
 * listens there; {@link #openListener} is that server.
 */
public final class ReliableTransport extends PortTransport {
    /** For {@link java.util.ServiceLoader}. */
    public ReliableTransport() {
        super(ReliableAddress.SCHEME, PortTable.UDP);
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
}
