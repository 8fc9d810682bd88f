package org.jvmipc.testkit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.spi.Transport;

/**
 * {@code loop:NAME}: a channel inside this JVM, with the semantics of every verb and no operating system. It passes
 * {@link TransportContract} first, which shows that the contract can be kept, and stands in for a real transport in tests
 * of what is above one.
 */
public final class LoopbackTransport implements Transport {
    /** What it claims. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RELIABLE,
            Capability.ORDERED,
            Capability.BOUNDED,
            Capability.MANY_SENDERS,
            Capability.MANY_RECEIVERS,
            Capability.PEER_DETECTION);

    private static final String SCHEME = "loop";
    private static final String CAPACITY = "capacity";
    private static final String MAX = "max";
    private static final Map<String, LoopbackChannel> CHANNELS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return new TreeMap<>(Map.of(
                CAPACITY, "bytes it holds before a sender waits (create only)",
                MAX, "largest message in bytes (create only)"));
    }

    @Override
    public Address create(Address address) throws IOException {
        address.checkParameters(parameters().keySet());
        LoopbackChannel channel = new LoopbackChannel(
                address.withoutParameters(), address.size(CAPACITY, LoopbackChannel.CAPACITY_BYTES), (int)
                        address.size(MAX, LoopbackChannel.MAX_MESSAGE_BYTES));
        if (CHANNELS.putIfAbsent(address.name(), channel) != null) {
            throw new IpcException(channel.address() + ": exists already");
        }
        return channel.address();
    }

    @Override
    public boolean exists(Address address) {
        return CHANNELS.containsKey(address.name());
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return find(address).inspect();
    }

    @Override
    public List<Address> list() {
        return CHANNELS.values().stream().map(LoopbackChannel::address).sorted().toList();
    }

    @Override
    public boolean remove(Address address) {
        return CHANNELS.remove(address.name()) != null;
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        return new LoopbackSender<>(find(address), codec);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        return new LoopbackReceiver<>(find(address), codec);
    }

    private static LoopbackChannel find(Address address) throws IOException {
        LoopbackChannel channel = CHANNELS.get(address.name());
        if (channel == null) {
            throw new IpcException(address + ": no such channel");
        }
        return channel;
    }
}
