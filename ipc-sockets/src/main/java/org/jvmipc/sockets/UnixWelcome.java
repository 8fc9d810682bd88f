package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import org.jvmipc.Codec;
import org.jvmipc.internal.posix.Fd;

/** A welcoming socket of the Unix domain from which threads take connections themselves. */
final class UnixWelcome<T> extends WelcomingSocket<T, UnixStreamConnection<T>> implements UnixListener<T> {
    private final UnixDoor door;

    private UnixWelcome(UnixDoor door, Codec<T> codec, ListenOptions options) {
        super(door, options, (socket, party, onClose) -> UnixStreamConnection.of(socket, party, codec, onClose));
        this.door = door;
    }

    static <T> UnixWelcome<T> listen(Path path, Codec<T> codec, ListenOptions options) throws IOException {
        return new UnixWelcome<>(UnixDoor.open(path, options), codec, options);
    }

    @Override
    public Path path() {
        return door.path();
    }

    /** A connection to a server; takes over the descriptor. */
    static <T> UnixStreamConnection<T> connected(Fd socket, Path path, Codec<T> codec, SocketOptions options)
            throws IOException {
        boolean taken = false;
        try {
            UnixStreamConnection<T> connection =
                    UnixStreamConnection.of(socket, UnixDoor.toServer(socket, path, options), codec, () -> {});
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }
}
