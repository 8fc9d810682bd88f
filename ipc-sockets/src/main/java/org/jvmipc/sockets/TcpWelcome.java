package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jvmipc.Codec;

/** A welcoming socket of TCP from which threads take connections themselves. */
final class TcpWelcome<T> extends WelcomingSocket<T, TcpConnection<T>> implements TcpListener<T> {
    private final TcpDoor door;

    private TcpWelcome(TcpDoor door, Codec<T> codec, ListenOptions options) {
        super(door, options, (socket, party, onClose) -> new TcpConnection<>(socket, party, codec, onClose));
        this.door = door;
    }

    static <T> TcpWelcome<T> listen(InetSocketAddress address, Codec<T> codec, ListenOptions options)
            throws IOException {
        return new TcpWelcome<>(TcpDoor.open(address, options), codec, options);
    }

    @Override
    public InetSocketAddress localAddress() {
        return door.localAddress();
    }
}
