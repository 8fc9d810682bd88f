package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.sockets.internal.UnixBinding;

/** A welcoming socket of the Unix domain. */
final class UnixWelcome<T> extends WelcomingSocket<T, UnixStreamConnection<T>> implements UnixListener<T> {
    private final UnixBinding binding;
    private final Codec<T> codec;

    private UnixWelcome(UnixBinding binding, Address address, Codec<T> codec, ListenOptions options)
            throws IOException {
        super(binding.socket(), address, StreamConnection.CAPABILITIES, options);
        this.binding = binding;
        this.codec = codec;
    }

    static <T> UnixWelcome<T> listen(Path path, Codec<T> codec, ListenOptions options) throws IOException {
        UnixBinding binding = UnixBinding.listen(path, options.mode(), options.backlog());
        boolean open = false;
        try {
            Address address = SocketParameters.with(binding.address(), options.socket());
            UnixWelcome<T> welcome = new UnixWelcome<>(binding, address, codec, options);
            open = true;
            return welcome;
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

    @Override
    Caller caller(Fd accepted, int connections) throws IOException {
        return new Caller(null, credentials(accepted), connections);
    }

    private static PeerCredentials credentials(Fd socket) throws IOException {
        int[] ids = SocketCalls.peerCredentials(socket);
        return new PeerCredentials(ids[0], ids[1], ids[2]);
    }

    @Override
    UnixStreamConnection<T> connection(Fd accepted, Caller caller, Runnable onClose) throws IOException {
        SocketOptions settings = options().socket();
        SocketCalls.bufferSizes(accepted, settings.sendBufferBytes(), settings.receiveBufferBytes());
        return UnixStreamConnection.of(
                accepted,
                address(),
                credentials(accepted),
                codec,
                settings,
                options().handshakeTimeout(),
                onClose);
    }

    @Override
    public Path path() {
        return Path.of(binding.path());
    }

    @Override
    void unbind() throws IOException {
        binding.close();
    }

    /** What connects from here. */
    static <T> UnixStreamConnection<T> connected(Fd socket, Path path, Codec<T> codec, SocketOptions options)
            throws IOException {
        boolean taken = false;
        try {
            Address name = UnixBinding.PATHS.address(ObjectPaths.canonical(path));
            Address address = SocketParameters.with(name, options);
            PeerCredentials server = credentials(socket);
            if (!options.insecure() && !SameUser.isSameUser(server)) {
                throw new IpcException(name + ": refused, its server is process " + server.pid() + " of user "
                        + server.uid() + "; options that say insecure allow it");
            }
            UnixStreamConnection<T> connection =
                    UnixStreamConnection.of(socket, address, server, codec, options, Duration.ZERO, () -> {});
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }
}
