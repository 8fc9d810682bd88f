package org.jvmipc.sockets.internal.reliable;

/**
 * How one side of a session behaves, in numbers that were checked.
 *
 * @param windowPackets so many packets may wait here to be taken, and so many at most are on their way from here; a power of two
 * @param packetBytes the largest packet that it sends or takes
 * @param maxMessageBytes the largest message that it takes
 * @param sendBufferBytes messages are taken for sending while fewer bytes than this wait to be acknowledged
 * @param keepAliveNanos after so long a silence the other side is asked whether it is there
 * @param peerTimeoutNanos after so long a silence it is given up
 * @param floorNanos what is not acknowledged is sent again after so much more than a round trip at the earliest, if nothing tells that it was lost
 */
public record SessionSettings(
        int windowPackets,
        int packetBytes,
        int maxMessageBytes,
        int sendBufferBytes,
        long keepAliveNanos,
        long peerTimeoutNanos,
        long floorNanos) {}
