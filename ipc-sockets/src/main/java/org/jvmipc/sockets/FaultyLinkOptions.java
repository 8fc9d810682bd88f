package org.jvmipc.sockets;

import java.util.Objects;

/**
 * What a {@link FaultyLink} does.
 *
 * @param forward the faults on the way to the target
 * @param backward the faults on the way back
 * @param seed from which all is decided: the same seed, the same decisions
 * @param maxClients so many clients are kept apart at a time; one more takes the place of the one that was silent for longest
 */
public record FaultyLinkOptions(LinkFaults forward, LinkFaults backward, long seed, int maxClients) {
    private static final int MOST_CLIENTS = 4096;

    private static final FaultyLinkOptions DEFAULTS =
            new FaultyLinkOptions(LinkFaults.none(), LinkFaults.none(), 1, 64);

    /** Checks the values. */
    public FaultyLinkOptions {
        Objects.requireNonNull(forward, "forward is null");
        Objects.requireNonNull(backward, "backward is null");
        SocketOptions.atLeast("maxClients", maxClients, 1);
        if (maxClients > MOST_CLIENTS) {
            throw new IllegalArgumentException("maxClients is " + maxClients + "; it must be at most " + MOST_CLIENTS);
        }
    }

    /** No faults, seed 1, 64 clients. */
    public static FaultyLinkOptions defaults() {
        return DEFAULTS;
    }

    /** The same with these faults both ways. */
    public FaultyLinkOptions withFaults(LinkFaults value) {
        return new FaultyLinkOptions(value, value, seed, maxClients);
    }

    /** The same with other faults on the way to the target. */
    public FaultyLinkOptions withForward(LinkFaults value) {
        return new FaultyLinkOptions(value, backward, seed, maxClients);
    }

    /** The same with other faults on the way back. */
    public FaultyLinkOptions withBackward(LinkFaults value) {
        return new FaultyLinkOptions(forward, value, seed, maxClients);
    }

    /** The same with another seed. */
    public FaultyLinkOptions withSeed(long value) {
        return new FaultyLinkOptions(forward, backward, value, maxClients);
    }

    /** The same with another number of clients. */
    public FaultyLinkOptions withMaxClients(int clients) {
        return new FaultyLinkOptions(forward, backward, seed, clients);
    }
}
