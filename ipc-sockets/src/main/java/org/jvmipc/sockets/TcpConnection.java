package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.internal.posix.DataPath;
import org.jvmipc.internal.posix.Fd;

/** A connection of TCP. */
final class TcpConnection<T> extends StreamConnection<T> {
    /** What TCP can do. */
    static final Set<Capability> CAPABILITIES = remote();

    TcpConnection(
            Fd fd,
            DataPath path,
            Address address,
            Address peer,
            Codec<T> codec,
            SocketOptions options,
            Duration handshake,
            Runnable onClose)
            throws IOException {
        super(fd, path, new Parties(address, peer, CAPABILITIES, null), codec, options, handshake, onClose);
    }

    private static Set<Capability> remote() {
        Set<Capability> all = new HashSet<>(StreamConnection.CAPABILITIES);
        all.add(Capability.REMOTE);
        return Set.copyOf(all);
    }
}
