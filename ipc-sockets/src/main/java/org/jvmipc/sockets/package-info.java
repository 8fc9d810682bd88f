/**
 * Sockets: TCP, Unix domain, datagrams, reliable datagrams.
 *
 * <p>The map: {@link org.jvmipc.sockets.Tcp} and {@link org.jvmipc.sockets.UnixSockets} are the ways in to streams, with
 * {@link org.jvmipc.sockets.SocketOptions} and {@link org.jvmipc.sockets.ListenOptions}; a
 * {@link org.jvmipc.sockets.SocketListener} is the welcoming socket, a {@link org.jvmipc.sockets.SocketConnection} what it
 * gives out, and an {@link org.jvmipc.sockets.AcceptPolicy} decides who gets one.
 * {@link org.jvmipc.sockets.Tcp#serve} and its like call a {@link org.jvmipc.sockets.ConnectionHandler} instead, over a
 * {@link org.jvmipc.sockets.HandledConnection}. A {@link org.jvmipc.sockets.ReconnectingConnection} comes back, a
 * {@link org.jvmipc.sockets.Requester} asks and gets answers, and a {@link org.jvmipc.sockets.PassedFile} goes along with a
 * message over a {@link org.jvmipc.sockets.UnixConnection}.
 *
 * <p>{@link org.jvmipc.sockets.Datagrams} is the way in to datagrams, with {@link org.jvmipc.sockets.DatagramOptions}: a
 * {@link org.jvmipc.sockets.DatagramEndpoint} has a port and gets a {@link org.jvmipc.sockets.Datagram} from anybody, a
 * {@link org.jvmipc.sockets.DatagramConnection} has one peer, and a {@link org.jvmipc.sockets.DatagramListener} makes one of
 * each source. {@link org.jvmipc.sockets.ReliableDatagrams} make of them a {@link org.jvmipc.sockets.ReliableConnection} that loses nothing.
 * A {@link org.jvmipc.sockets.FaultyLink} loses, reorders, doubles and damages them, for tests.
 */
@NullMarked
package org.jvmipc.sockets;

import org.jspecify.annotations.NullMarked;
