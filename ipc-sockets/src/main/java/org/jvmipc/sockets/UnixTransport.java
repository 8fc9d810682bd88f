package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
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
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.sockets.internal.UnixBinding;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;

/**
 * The scheme {@code uds:}, sockets of the Unix domain: {@code uds:/path}, or {@code uds:NAME} in the runtime directory. What
 * opens a sender, a receiver or a connection connects to the server that listens there; {@link #openListener} is that server.
 */
public final class UnixTransport extends ConnectionTransport {
    /** For {@link java.util.ServiceLoader}. */
    public UnixTransport() {}

    @Override
    public String name() {
        return UnixBinding.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return StreamConnection.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        return SocketParameters.ofUnix();
    }

    private static Path path(Address address) throws IOException {
        return UnixBinding.PATHS.of(address);
    }

    @Override
    public <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException, InterruptedException {
        return UnixSockets.connect(path(address), codec, SocketParameters.connection(address));
    }

    @Override
    public <T> @Nullable Connection<T> tryOpenConnection(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return UnixSockets.tryConnect(path(address), codec, SocketParameters.connection(address), timeout);
    }

    @Override
    public <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        return UnixSockets.listen(path(address), codec, SocketParameters.listener(address));
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a socket is made by the server that listens there, and by nothing else");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(path(address));
        return path != null && UnixBinding.exists(path);
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        return SocketInspection.ofUnix(ObjectPaths.canonical(path(address)));
    }

    @Override
    public List<Address> list() throws IOException {
        return UnixBinding.OBJECTS.list();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(path(address));
        return path == null ? List.of() : SocketInspection.otherHolders(path);
    }

    @Override
    public Survey survey() throws IOException {
        return UnixBinding.OBJECTS.survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return UnixBinding.OBJECTS.removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        String path = ObjectPaths.canonicalOrNull(path(address));
        return path != null && UnixBinding.remove(path);
    }
}
