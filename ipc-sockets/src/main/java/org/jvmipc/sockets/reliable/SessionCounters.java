package org.jvmipc.sockets.reliable;

/** What has happened in a session. */
final class SessionCounters {
    long messagesSent;
    long messagesReceived;
    long packetsSent;
    long packetsReceived;

    /** DATA and FIN, each for the first time. */
    long dataSent;

    long retransmitted;

    /** Came behind a later one. */
    long reordered;

    /** Came a second time. */
    long duplicates;

    /** Were damaged, or said what cannot be. */
    long corrupt;

    /** Came though there was no place for them. */
    long overflowed;

    long timeouts;
    long tailProbes;
    long negativeSent;
    long negativeReceived;
}
