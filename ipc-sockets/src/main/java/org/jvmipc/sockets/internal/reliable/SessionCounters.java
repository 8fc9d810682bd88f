package org.jvmipc.sockets.internal.reliable;

/** What has happened in a session. */
public final class SessionCounters {
    public long messagesSent;
    public long packetsSent;
    public long packetsReceived;

    /** DATA and FIN, each for the first time. */
    public long dataSent;

    public long retransmitted;

    /** Came behind a later one. */
    public long reordered;

    /** Came a second time. */
    public long duplicates;

    /** Were damaged, or said what cannot be. */
    public long corrupt;

    /** Came though there was no place for them. */
    public long overflowed;

    public long timeouts;
    public long tailProbes;
    public long negativeSent;
    public long negativeReceived;
}
