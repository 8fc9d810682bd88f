package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to be connected, as an {@link AcceptPolicy} sees him: before a byte of his is read.
 *
 * @param address where he calls from; null over a Unix domain socket
 * @param credentials who he is; null over TCP, which does not know
 * @param connections how many connections of this listener are open, this one not counted
 */
public record Caller(@Nullable InetSocketAddress address, @Nullable PeerCredentials credentials, int connections) {}
