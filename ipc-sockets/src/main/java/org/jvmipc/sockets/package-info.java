/**
 * Sockets: TCP, Unix domain, datagrams.
 *
 * <p>The map: {@link org.jvmipc.sockets.Tcp} and {@link org.jvmipc.sockets.UnixSockets} are the ways in to streams, with
 * {@link org.jvmipc.sockets.SocketOptions} and {@link org.jvmipc.sockets.ListenOptions}; a
 * {@link org.jvmipc.sockets.SocketListener} is the welcoming socket, a {@link org.jvmipc.sockets.SocketConnection} what it
 * gives out, and an {@link org.jvmipc.sockets.AcceptPolicy} decides who gets one.
 */
@NullMarked
package org.jvmipc.sockets;

import org.jspecify.annotations.NullMarked;
