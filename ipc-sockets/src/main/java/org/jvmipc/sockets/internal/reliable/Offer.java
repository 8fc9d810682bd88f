package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a side says of itself in a handshake.
 *
 * @param firstSequence the number of its first packet
 * @param windowPackets so many packets have a place there
 * @param packetBytes the largest packet that it sends or takes
 * @param maxMessageBytes the largest message that it takes
 */
record Offer(long firstSequence, int windowPackets, int packetBytes, int maxMessageBytes) {
    static Offer of(long firstSequence, SessionSettings settings) {
        return new Offer(firstSequence, settings.windowPackets(), settings.packetBytes(), settings.maxMessageBytes());
    }

    /** The one of a CONNECT or an ACCEPT; null if it is none that anybody may make. */
    static @Nullable Offer read(ByteBuffer packet) {
        int window = packet.getInt(RudpLayout.OFFERED_WINDOW_AT);
        int bytes = packet.getInt(RudpLayout.OFFERED_PACKET_AT);
        int message = packet.getInt(RudpLayout.OFFERED_MESSAGE_AT);
        if (window < 1
                || window > RudpLayout.MOST_WINDOW
                || bytes < RudpLayout.LEAST_PACKET_BYTES
                || bytes > RudpLayout.MOST_PACKET_BYTES
                || message < 1) {
            return null;
        }
        return new Offer(packet.getLong(RudpLayout.FIRST_SEQUENCE_AT), window, bytes, message);
    }

    void write(ByteBuffer packet) {
        packet.putLong(RudpLayout.FIRST_SEQUENCE_AT, firstSequence);
        packet.putInt(RudpLayout.OFFERED_WINDOW_AT, windowPackets);
        packet.putInt(RudpLayout.OFFERED_PACKET_AT, packetBytes);
        packet.putInt(RudpLayout.OFFERED_MESSAGE_AT, maxMessageBytes);
    }
}
