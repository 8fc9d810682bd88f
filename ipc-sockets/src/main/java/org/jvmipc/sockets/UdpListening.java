package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import org.jvmipc.Address;
import org.jvmipc.Codec;

/**
 * What a listener and its connections know of their socket.
 *
 * @param address where it listens, as others open it
 * @param local where it is bound
 * @param maxMessageBytes the largest message
 */
record UdpListening<T>(Address address, InetSocketAddress local, Codec<T> codec, int maxMessageBytes) {}
