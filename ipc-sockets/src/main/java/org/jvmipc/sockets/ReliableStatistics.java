package org.jvmipc.sockets;

import java.time.Duration;

/**
 * What a {@link ReliableConnection} has done and seen so far, on this side. Packets are datagrams; several messages may be in one, and
 * a large one is in several.
 *
 * @param messagesSent how many messages were taken for sending
 * @param messagesReceived how many were received by this program
 * @param packetsSent how many packets were sent, of every kind
 * @param packetsReceived how many whole packets have come
 * @param dataPackets how many of those sent carried data, each counted once
 * @param retransmitted how many of them were sent again, each time counted
 * @param reordered how many packets with data came behind a later one; one that was sent again is one of them
 * @param duplicated how many packets with data came twice
 * @param corrupt how many were damaged, or said what cannot be, and were thrown away
 * @param overflowed how many came though there was no place for them
 * @param timeouts how often the retransmission timer ran out
 * @param roundTrip how long a packet and its answer take, smoothed; zero before the first measurement
 * @param windowPackets how many packets may be on their way, by the congestion window
 * @param unacknowledgedBytes how many bytes were taken for sending, and are not acknowledged
 */
public record ReliableStatistics(
        long messagesSent,
        long messagesReceived,
        long packetsSent,
        long packetsReceived,
        long dataPackets,
        long retransmitted,
        long reordered,
        long duplicated,
        long corrupt,
        long overflowed,
        long timeouts,
        Duration roundTrip,
        int windowPackets,
        long unacknowledgedBytes) {}
