package org.jvmipc.sockets;

/**
 * A connection socket of the Unix domain.
 *
 * @param <T> what a message is in Java
 */
public interface UnixConnection<T> extends SocketConnection<T> {
    @Override
    PeerCredentials credentials();
}
