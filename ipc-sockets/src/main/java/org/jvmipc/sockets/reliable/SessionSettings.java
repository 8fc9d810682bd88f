package org.jvmipc.sockets.reliable;

/**
 * How one side of a session behaves, in numbers that were checked.
 *
 * @param windowPackets so many packets may wait here to be taken, a power of two
 * @param packetBytes the largest packet that it sends or takes
 * @param maxMessageBytes the largest message that it takes
 * @param sendBufferBytes messages are taken for sending while fewer bytes than this wait to be acknowledged
 * @param keepAliveNanos after so long a silence the other side is asked whether it is there
 * @param peerTimeoutNanos after so long a silence it is given up
 */
record SessionSettings(
        int windowPackets,
        int packetBytes,
        int maxMessageBytes,
        int sendBufferBytes,
        long keepAliveNanos,
        long peerTimeoutNanos) {}
