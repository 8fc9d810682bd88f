package org.jvmipc.sockets;

import java.net.InetSocketAddress;

/**
 * A message, and who sent it.
 *
 * @param source the address it came from; of another machine anybody may have forged it
 * @param message the message; as with every receive a view of the endpoint's memory is valid until the next one
 * @param <T> what a message is in Java
 */
public record Datagram<T>(InetSocketAddress source, T message) {}
