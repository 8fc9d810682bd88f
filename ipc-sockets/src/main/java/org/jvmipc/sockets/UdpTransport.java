package org.jvmipc.sockets;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * The scheme {@code udp:}, datagrams: {@code udp://host:port}. Who receives binds to the port, who sends is connected to it; a
 * port is there as long as a process has it.
 */
public final class UdpTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public UdpTransport() {}

    @Override
    public String name() {
        return UdpSocket.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return UdpSocket.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return UdpAddress.parameters();
    }

    @Override
    public boolean makesConnections() {
        return true;
    }

    /** Opens a sender; whether somebody receives is not asked. */
    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return Datagrams.connect(UdpAddress.peer(address), codec, UdpAddress.options(address));
    }

    /** Binds to the port. */
    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        return Datagrams.bind(UdpAddress.place(address), codec, UdpAddress.options(address));
    }

    /** Opens a socket that is connected to the port, for both directions. */
    @Override
    public <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException {
        return Datagrams.connect(UdpAddress.peer(address), codec, UdpAddress.options(address));
    }

    /** Binds to the port, and keeps apart those who send to it; see {@link DatagramListener}. */
    @Override
    public <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        return Datagrams.listen(UdpAddress.place(address), codec, UdpAddress.listenOptions(address));
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a port is not created; it is there while somebody receives from it or listens");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return PortTable.UDP.listener(UdpAddress.place(address)) != null;
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        PortTable.Row row = row(address);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("local", SocketCalls.text(row.local()));
        facts.put("uid", row.uid());
        facts.put("processes", SocketHolders.of(List.of(row.inode())));
        facts.put("waiting", row.receiveQueue());
        facts.put("sending", row.sendQueue());
        facts.put("dropped", row.drops());
        facts.put("inode", row.inode());
        return facts;
    }

    private static PortTable.Row row(Address address) throws IOException {
        PortTable.Row row = PortTable.UDP.listener(UdpAddress.place(address));
        if (row == null) {
            throw new OsException("connect", Errno.ECONNREFUSED, "address=" + address.withoutParameters());
        }
        return row;
    }

    @Override
    public List<Address> list() throws IOException {
        return PortRecord.survey(UdpSocket.SCHEME).list();
    }

    @Override
    public Survey survey() throws IOException {
        return PortRecord.survey(UdpSocket.SCHEME).survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PortRecord.survey(UdpSocket.SCHEME).removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a port cannot be removed; it is free when its process has closed it");
    }

    @Override
    public Map<String, String> settings(Address address) {
        return Map.of(UdpAddress.MAX_MESSAGE, Integer.toString(DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES));
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return SocketInspection.holders(PortTable.UDP, UdpAddress.place(address));
    }
}
