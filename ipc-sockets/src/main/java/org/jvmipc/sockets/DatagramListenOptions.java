package org.jvmipc.sockets;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link DatagramListener} keeps its sources apart, and within bounds: whoever sends from many addresses, or without
 * end, uses up what is set here and no more.
 *
 * @param datagrams how its socket is used
 * @param backlog how many sources may wait to be accepted; what comes from further ones is dropped
 * @param maxSources how many sources there may be at a time, accepted ones that were not closed included
 * @param maxQueued how many messages of one source may wait to be received; further ones are dropped
 * @param maxQueuedBytes how many bytes of all sources together may wait
 * @param idleTimeout a source that neither sent nor was sent anything for so long is gone; zero: never
 */
public record DatagramListenOptions(
        DatagramOptions datagrams,
        int backlog,
        int maxSources,
        int maxQueued,
        long maxQueuedBytes,
        Duration idleTimeout) {
    private static final DatagramListenOptions DEFAULTS = new DatagramListenOptions(
            DatagramOptions.defaults(), ListenOptions.DEFAULT_BACKLOG, 1024, 256, 16L << 20, Duration.ofSeconds(60));

    /** Checks the values. */
    public DatagramListenOptions {
        Objects.requireNonNull(datagrams, "datagrams is null");
        SocketOptions.atLeast("backlog", backlog, 1);
        SocketOptions.atLeast("maxSources", maxSources, 1);
        SocketOptions.atLeast("maxQueued", maxQueued, 1);
        SocketOptions.notNegative("idleTimeout", idleTimeout);
        if (maxQueuedBytes < datagrams.maxMessageBytes()) {
            throw new IllegalArgumentException("maxQueuedBytes is " + maxQueuedBytes + "; it must be at least "
                    + datagrams.maxMessageBytes() + ", one message");
        }
    }

    /** 128 sources that wait, 1,024 in all, 256 messages each, 16 MiB together, gone after 60 s; loopback only. */
    public static DatagramListenOptions defaults() {
        return DEFAULTS;
    }

    /** The same whose socket is used otherwise. */
    public DatagramListenOptions withDatagrams(DatagramOptions value) {
        return new DatagramListenOptions(value, backlog, maxSources, maxQueued, maxQueuedBytes, idleTimeout);
    }

    /** The same with another backlog. */
    public DatagramListenOptions withBacklog(int sources) {
        return new DatagramListenOptions(datagrams, sources, maxSources, maxQueued, maxQueuedBytes, idleTimeout);
    }

    /** The same with another number of sources. */
    public DatagramListenOptions withMaxSources(int sources) {
        return new DatagramListenOptions(datagrams, backlog, sources, maxQueued, maxQueuedBytes, idleTimeout);
    }

    /** The same that lets other amounts wait: messages of one source, bytes of all. */
    public DatagramListenOptions withMaxQueued(int messages, long bytes) {
        return new DatagramListenOptions(datagrams, backlog, maxSources, messages, bytes, idleTimeout);
    }

    /** The same with another idle timeout. */
    public DatagramListenOptions withIdleTimeout(Duration value) {
        return new DatagramListenOptions(datagrams, backlog, maxSources, maxQueued, maxQueuedBytes, value);
    }
}
