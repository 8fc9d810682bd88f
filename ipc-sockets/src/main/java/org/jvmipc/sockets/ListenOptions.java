package org.jvmipc.sockets;

import java.time.Duration;
import java.util.Objects;

/**
 * How a welcoming socket welcomes.
 *
 * @param socket how its connections are used
 * @param backlog how many callers may wait to be accepted, as far as the kernel allows ({@code /proc/sys/net/core/somaxconn})
 * @param maxConnections so many connections may be open at a time; who calls then waits in the backlog
 * @param policy who is accepted
 * @param handshakeTimeout the longest time from the accept to the first whole message, after which the connection is closed;
 *     zero: none. Looked at as {@link SocketOptions#idleTimeout()} is
 * @param mode of a Unix domain socket: the permission bits of its file, whatever the umask is
 */
public record ListenOptions(
        SocketOptions socket,
        int backlog,
        int maxConnections,
        AcceptPolicy policy,
        Duration handshakeTimeout,
        int mode) {
    /** The default backlog. */
    public static final int DEFAULT_BACKLOG = 128;

    private static final int PERMISSIONS = 0777;

    private static final ListenOptions DEFAULTS = new ListenOptions(
            SocketOptions.defaults(), DEFAULT_BACKLOG, Integer.MAX_VALUE, AcceptPolicy.sameUser(), Duration.ZERO, 0600);

    /** Checks the values. */
    public ListenOptions {
        Objects.requireNonNull(socket, "socket is null");
        Objects.requireNonNull(policy, "policy is null");
        SocketOptions.atLeast("backlog", backlog, 1);
        SocketOptions.atLeast("maxConnections", maxConnections, 1);
        SocketOptions.notNegative("handshakeTimeout", handshakeTimeout);
        if ((mode & ~PERMISSIONS) != 0) {
            throw new IllegalArgumentException("mode is 0" + Integer.toOctalString(mode) + "; it must be 0 to 0777");
        }
    }

    /** A backlog of 128, any number of connections, of this user (Unix) or everybody (TCP), no handshake timeout, 0600. */
    public static ListenOptions defaults() {
        return DEFAULTS;
    }

    /** The same whose connections are used otherwise. */
    public ListenOptions withSocket(SocketOptions value) {
        return new ListenOptions(value, backlog, maxConnections, policy, handshakeTimeout, mode);
    }

    /** The same with another backlog. */
    public ListenOptions withBacklog(int callers) {
        return new ListenOptions(socket, callers, maxConnections, policy, handshakeTimeout, mode);
    }

    /** The same with another number of connections. */
    public ListenOptions withMaxConnections(int connections) {
        return new ListenOptions(socket, backlog, connections, policy, handshakeTimeout, mode);
    }

    /** The same with another policy. */
    public ListenOptions withPolicy(AcceptPolicy value) {
        return new ListenOptions(socket, backlog, maxConnections, value, handshakeTimeout, mode);
    }

    /** The same with another handshake timeout. */
    public ListenOptions withHandshakeTimeout(Duration value) {
        return new ListenOptions(socket, backlog, maxConnections, policy, value, mode);
    }

    /** The same with other permission bits. */
    public ListenOptions withMode(int bits) {
        return new ListenOptions(socket, backlog, maxConnections, policy, handshakeTimeout, bits);
    }
}
