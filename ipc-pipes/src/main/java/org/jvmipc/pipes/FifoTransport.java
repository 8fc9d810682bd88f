package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.Staleness;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code fifo:}, named pipes: {@code fifo:/path}, or {@code fifo:NAME} in the runtime directory. Without
 * parameters a FIFO is opened as it was created; {@link #parameters()} say otherwise.
 */
public final class FifoTransport implements Transport {
    /** For {@link java.util.ServiceLoader}. */
    public FifoTransport() {}

    @Override
    public String name() {
        return FifoRegistry.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return FifoOpening.capabilities(FifoSharing.MANY_SENDERS);
    }

    @Override
    public Map<String, String> parameters() {
        return FifoAddress.parameters();
    }

    @Override
    public Address create(Address address) throws IOException {
        FifoOptions options = FifoAddress.options(address, FifoOptions.defaults());
        return Fifo.create(FifoPaths.of(address), options).address();
    }

    /** Opens the sending side, and waits until somebody has the FIFO open for receiving. */
    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return Fifo.open(address).openSender(codec);
    }

    @Override
    public <T> @Nullable Sender<T> tryOpenSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return Fifo.open(address).tryOpenSender(codec, timeout);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return Fifo.open(address).openReceiver(codec);
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return Fifo.exists(FifoPaths.of(address), FifoAddress.owner(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return FifoInspection.of(FifoPaths.canonical(FifoPaths.of(address)), FifoAddress.owner(address));
    }

    @Override
    public List<Address> list() throws IOException {
        Registry registry = Registry.open();
        List<Address> addresses = new ArrayList<>();
        for (RegistryRecord record : registry.list(name())) {
            if (record.isMade() && registry.staleness(record) != Staleness.OBJECT_GONE) {
                addresses.add(FifoPaths.address(record.path()));
            }
        }
        return addresses;
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return Fifo.remove(FifoPaths.of(address), FifoAddress.owner(address));
    }
}
