package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;
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
        return Fifo.create(FifoRegistry.PATHS.of(address), options, ObjectParameters.ownerProcess(address))
                .address();
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
        return Fifo.exists(FifoRegistry.PATHS.of(address), ObjectParameters.owner(address));
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return FifoInspection.of(
                ObjectPaths.canonical(FifoRegistry.PATHS.of(address)), ObjectParameters.owner(address));
    }

    @Override
    public List<Address> list() throws IOException {
        return FifoRegistry.OBJECTS.list();
    }

    @Override
    public Map<String, String> settings(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FifoRegistry.PATHS.of(address));
        FifoOptions settled = path == null ? null : FifoRegistry.settled(path, ObjectParameters.owner(address));
        return settled == null ? Map.of() : FifoAddress.settings(settled);
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(FifoRegistry.PATHS.of(address));
        return path == null ? List.of() : FifoRegistry.OBJECTS.users(path);
    }

    @Override
    public Survey survey() throws IOException {
        return FifoRegistry.OBJECTS.survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return FifoRegistry.OBJECTS.removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        return Fifo.remove(FifoRegistry.PATHS.of(address), ObjectParameters.owner(address));
    }
}
