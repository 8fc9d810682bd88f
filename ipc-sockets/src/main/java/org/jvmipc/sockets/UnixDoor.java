package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.UnixBinding;

/** A listening socket of the Unix domain. */
final class UnixDoor implements Door {
    private final UnixBinding binding;
    private final Address address;
    private final ListenOptions options;

    private UnixDoor(UnixBinding binding, Address address, ListenOptions options) {
        this.binding = binding;
        this.address = address;
        this.options = options;
    }

    static UnixDoor open(Path path, ListenOptions options) throws IOException {
        UnixBinding binding = UnixBinding.listen(path, options.mode(), options.backlog());
        boolean open = false;
        try {
            Address address = SocketParameters.with(binding.address(), options.socket());
            open = true;
            return new UnixDoor(binding, address, options);
        } finally {
            if (!open) {
                try {
                    binding.close();
                } finally {
                    binding.socket().close();
                }
            }
        }
    }

    Path path() {
        return Path.of(binding.path());
    }

    @Override
    public Fd socket() {
        return binding.socket();
    }

    @Override
    public Set<Capability> capabilities() {
        return StreamConnection.CAPABILITIES;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return null;
    }

    @Override
    public Caller caller(Fd accepted, int connections) throws IOException {
        return new Caller(null, credentials(accepted), connections);
    }

    private static PeerCredentials credentials(Fd socket) throws IOException {
        int[] ids = SocketCalls.peerCredentials(socket);
        return new PeerCredentials(ids[0], ids[1], ids[2]);
    }

    @Override
    public Party welcome(Fd accepted, Caller caller) throws IOException {
        SocketOptions settings = options.socket();
        SocketCalls.bufferSizes(accepted, settings.sendBufferBytes(), settings.receiveBufferBytes());
        return new Party(
                address,
                address.withoutParameters(),
                StreamConnection.CAPABILITIES,
                caller.credentials(),
                settings,
                options.handshakeTimeout());
    }

    @Override
    public void unbind() throws IOException {
        binding.close();
    }

    /**
     * Who is connected where this process has connected to a server.
     *
     * @throws IpcException if the server is another user's, and the options do not allow that
     */
    static Party toServer(Fd socket, Path path, SocketOptions options) throws IOException {
        Address name = UnixBinding.PATHS.address(ObjectPaths.canonical(path));
        PeerCredentials server = credentials(socket);
        if (!options.insecure() && !SameUser.isSameUser(server)) {
            throw new IpcException(name + ": refused, its server is process " + server.pid() + " of user "
                    + server.uid() + "; options that say insecure allow it");
        }
        return new Party(
                SocketParameters.with(name, options),
                name,
                StreamConnection.CAPABILITIES,
                server,
                options,
                Duration.ZERO);
    }
}
