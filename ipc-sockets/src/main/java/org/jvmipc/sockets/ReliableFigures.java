package org.jvmipc.sockets;

import java.time.Duration;
import org.jvmipc.sockets.internal.reliable.Session;
import org.jvmipc.sockets.internal.reliable.SessionCounters;

/** The figures of a session, for its user. */
final class ReliableFigures {
    private ReliableFigures() {}

    /** Under the socket's lock. */
    static ReliableStatistics of(Session session, long messagesReceived) {
        SessionCounters counts = session.counters;
        long roundTrip = session.roundTrip().isMeasured() ? session.roundTrip().smoothedNanos() : 0;
        return new ReliableStatistics(
                counts.messagesSent,
                messagesReceived,
                counts.packetsSent,
                counts.packetsReceived,
                counts.dataSent,
                counts.retransmitted,
                counts.reordered,
                counts.duplicates,
                counts.corrupt,
                counts.overflowed,
                counts.timeouts,
                Duration.ofNanos(roundTrip),
                session.congestionPackets(),
                session.queuedBytes());
    }
}
