package org.jvmipc.sockets;

import java.util.Objects;

/**
 * How a {@link ReliableListener} takes sessions, within bounds: whoever has proven his address may fill what is set here, and no more.
 *
 * @param reliable how its connections are used
 * @param backlog how many may wait to be accepted; who comes then is refused
 * @param maxSessions how many sessions there may be at a time, those that are closed and not settled yet included
 */
public record ReliableListenOptions(ReliableOptions reliable, int backlog, int maxSessions) {
    private static final ReliableListenOptions DEFAULTS =
            new ReliableListenOptions(ReliableOptions.defaults(), ListenOptions.DEFAULT_BACKLOG, 1024);

    /** Checks the values. */
    public ReliableListenOptions {
        Objects.requireNonNull(reliable, "reliable is null");
        SocketOptions.atLeast("backlog", backlog, 1);
        SocketOptions.atLeast("maxSessions", maxSessions, 1);
    }

    /** 128 that wait, 1,024 in all, loopback only. */
    public static ReliableListenOptions defaults() {
        return DEFAULTS;
    }

    /** The same whose connections are used otherwise. */
    public ReliableListenOptions withReliable(ReliableOptions value) {
        return new ReliableListenOptions(value, backlog, maxSessions);
    }

    /** The same with another backlog. */
    public ReliableListenOptions withBacklog(int sessions) {
        return new ReliableListenOptions(reliable, sessions, maxSessions);
    }

    /** The same with another number of sessions. */
    public ReliableListenOptions withMaxSessions(int sessions) {
        return new ReliableListenOptions(reliable, backlog, sessions);
    }
}
