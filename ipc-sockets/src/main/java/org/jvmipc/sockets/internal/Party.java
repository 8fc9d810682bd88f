package org.jvmipc.sockets.internal;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.sockets.PeerCredentials;
import org.jvmipc.sockets.SocketOptions;

/**
 * Who is connected, and how.
 *
 * @param address this end
 * @param peer the other one
 * @param capabilities of the transport
 * @param credentials who has the other end, if that is known
 * @param options how the connection is used
 * @param handshake the longest time to the first message; zero: any
 */
public record Party(
        Address address,
        Address peer,
        Set<Capability> capabilities,
        @Nullable PeerCredentials credentials,
        SocketOptions options,
        Duration handshake) {}
