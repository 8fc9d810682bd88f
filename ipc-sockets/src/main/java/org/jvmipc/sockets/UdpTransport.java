package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
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
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.SocketCalls;
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
        return UdpTable.find(UdpAddress.place(address)) != null;
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        UdpTable.Row row = row(address);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("local", SocketCalls.text(row.local()));
        facts.put("uid", row.uid());
        facts.put("processes", UdpTable.holders(row.inode()));
        facts.put("waiting", row.waiting());
        facts.put("sending", row.sending());
        facts.put("dropped", row.dropped());
        facts.put("inode", row.inode());
        return facts;
    }

    private static UdpTable.Row row(Address address) throws IOException {
        UdpTable.Row row = UdpTable.find(UdpAddress.place(address));
        if (row == null) {
            throw new OsException("connect", Errno.ECONNREFUSED, "address=" + address.withoutParameters());
        }
        return row;
    }

    /** The ports of loopback that this user's processes have, whatever program they run. */
    @Override
    public List<Address> list() throws IOException {
        int user = ProcessCalls.effectiveUser();
        return UdpTable.rows().stream()
                .filter(row -> row.uid() == user && row.remote() == null)
                .map(UdpTable.Row::local)
                .filter(place -> place.getPort() != 0 && place.getAddress().isLoopbackAddress())
                .map(UdpTransport::address)
                .distinct()
                .sorted()
                .toList();
    }

    private static Address address(InetSocketAddress place) {
        return UdpSocket.address(place, DatagramOptions.defaults());
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
        UdpTable.Row row = UdpTable.find(UdpAddress.place(address));
        return row == null ? List.of() : UdpTable.holders(row.inode());
    }
}
