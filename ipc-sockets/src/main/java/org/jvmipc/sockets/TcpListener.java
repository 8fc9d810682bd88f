package org.jvmipc.sockets;

import java.net.InetSocketAddress;

/**
 * A welcoming socket of TCP.
 *
 * @param <T> what a message of its connections is in Java
 */
public interface TcpListener<T> extends SocketListener<T> {
    /** Where it listens: with the port that the kernel chose, if it was asked for port 0. */
    InetSocketAddress localAddress();
}
