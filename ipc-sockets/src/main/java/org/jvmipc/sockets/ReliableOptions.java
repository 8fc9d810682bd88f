package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jvmipc.sockets.internal.reliable.RudpLayout;
import org.jvmipc.sockets.internal.reliable.SessionSettings;

/**
 * How reliable datagrams are used, on this side. The two sides need not have the same: of the largest message and the largest
 * packet the smaller counts.
 *
 * @param maxMessageBytes the largest message, in bytes, that is sent or accepted
 * @param sendBufferBytes messages are taken for sending while fewer bytes than this wait to be acknowledged, and one more
 * @param receiveBufferBytes so much may wait here to be received, in whole packets, and so much at most is on its way from here; the
 *     kernel is asked for a buffer of that size as well, of which it gives as much as {@code /proc/sys/net/core/rmem_max} allows
 * @param packetBytes the largest datagram, {@value #LEAST_PACKET_BYTES} to {@value #MOST_PACKET_BYTES} bytes: what the path carries in one piece. 0 is
 *     15,872 over loopback, and 1,232 elsewhere, which is 1,280 with the headers, what every path of IPv6 takes
 * @param retransmissionFloor what is not acknowledged, and not known to be lost, is sent again after a round trip and so much more at the
 *     earliest
 * @param keepAlive after so long a silence the other side is asked whether it is there, and sooner if a quarter of the peer timeout is less; on one machine its death is known as soon after that; at most 600 s
 * @param peerTimeout after so long a silence the other side is given up, and the connection ends with
 *     {@link org.jvmipc.PeerGoneException} {@code UNKNOWN}; zero: never, and it goes on whenever the path has healed
 * @param linger how long a close waits, at most, until the other side has all that was sent. What it has not then is still sent by a
 *     thread of this process, until the peer timeout has passed once more
 * @param insecure whether addresses are allowed that other machines reach: anything but loopback. Nothing is encrypted
 */
public record ReliableOptions(
        int maxMessageBytes,
        int sendBufferBytes,
        int receiveBufferBytes,
        int packetBytes,
        Duration retransmissionFloor,
        Duration keepAlive,
        Duration peerTimeout,
        Duration linger,
        boolean insecure) {
    /** The default largest message: 16 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 << 20;

    /** The smallest packet that may be asked for. */
    public static final int LEAST_PACKET_BYTES = 512;

    /** The largest: what UDP over IPv4 takes. */
    public static final int MOST_PACKET_BYTES = 65_507;

    /** With what the kernel adds it takes 16 KiB of memory there; one byte more would take 32 of the buffers. */
    static final int LOOPBACK_PACKET_BYTES = 15_872;

    static final int NETWORK_PACKET_BYTES = 1232;
    static final int LONGEST_KEEP_ALIVE_SECONDS = 600;
    private static final int LEAST_WINDOW = 16;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final ReliableOptions DEFAULTS = new ReliableOptions(
            DEFAULT_MAX_MESSAGE_BYTES,
            4 << 20,
            4 << 20,
            0,
            Duration.ofMillis(10),
            Duration.ofMillis(400),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            false);

    /** Checks the values. */
    public ReliableOptions {
        SocketOptions.atLeast("maxMessageBytes", maxMessageBytes, 1);
        SocketOptions.atLeast("sendBufferBytes", sendBufferBytes, 1);
        SocketOptions.atLeast("receiveBufferBytes", receiveBufferBytes, 1);
        if (packetBytes != 0 && (packetBytes < LEAST_PACKET_BYTES || packetBytes > MOST_PACKET_BYTES)) {
            throw new IllegalArgumentException("packetBytes is " + packetBytes + "; it must be " + LEAST_PACKET_BYTES
                    + " to " + MOST_PACKET_BYTES + ", or 0");
        }
        between("retransmissionFloor", retransmissionFloor, Duration.ofMillis(1), Duration.ofSeconds(2));
        between("keepAlive", keepAlive, Duration.ofMillis(1), Duration.ofSeconds(LONGEST_KEEP_ALIVE_SECONDS));
        SocketOptions.notNegative("peerTimeout", peerTimeout);
        SocketOptions.notNegative("linger", linger);
    }

    private static void between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + least + " to " + most);
        }
    }

    /**
     * Messages of up to 16 MiB, 4 MiB each way, packets by where the other side is, a floor of 10 ms, asked after 400 ms of silence, given
     * up after 30 s, a close that waits 500 ms at most, loopback only.
     */
    public static ReliableOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another largest message, in bytes. */
    public ReliableOptions withMaxMessage(int bytes) {
        return new ReliableOptions(
                bytes,
                sendBufferBytes,
                receiveBufferBytes,
                packetBytes,
                retransmissionFloor,
                keepAlive,
                peerTimeout,
                linger,
                insecure);
    }

    /** The same with other buffers, in bytes. */
    public ReliableOptions withBuffers(int sendBytes, int receiveBytes) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBytes,
                receiveBytes,
                packetBytes,
                retransmissionFloor,
                keepAlive,
                peerTimeout,
                linger,
                insecure);
    }

    /** The same with another largest packet, in bytes; 0: by where the other side is. */
    public ReliableOptions withPacket(int bytes) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                bytes,
                retransmissionFloor,
                keepAlive,
                peerTimeout,
                linger,
                insecure);
    }

    /** The same with another floor of the retransmission timer, 1 ms to 2 s. */
    public ReliableOptions withRetransmissionFloor(Duration value) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                packetBytes,
                value,
                keepAlive,
                peerTimeout,
                linger,
                insecure);
    }

    /** The same that asks after another time of silence, and gives up after another; a timeout of zero: never. */
    public ReliableOptions withSilence(Duration askAfter, Duration giveUpAfter) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                packetBytes,
                retransmissionFloor,
                askAfter,
                giveUpAfter,
                linger,
                insecure);
    }

    /** The same with another time that a close waits at most. */
    public ReliableOptions withLinger(Duration value) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                packetBytes,
                retransmissionFloor,
                keepAlive,
                peerTimeout,
                value,
                insecure);
    }

    /** The same that may use other addresses than loopback, or not. */
    public ReliableOptions withInsecure(boolean value) {
        return new ReliableOptions(
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                packetBytes,
                retransmissionFloor,
                keepAlive,
                peerTimeout,
                linger,
                value);
    }

    // ---- what they come to

    private int packetBytes(InetSocketAddress place) {
        if (packetBytes != 0) {
            return packetBytes;
        }
        return place.getAddress().isLoopbackAddress() ? LOOPBACK_PACKET_BYTES : NETWORK_PACKET_BYTES;
    }

    SessionSettings settings(InetSocketAddress place) {
        int packet = packetBytes(place);
        int window = Math.min(RudpLayout.MOST_WINDOW, Math.max(LEAST_WINDOW, receiveBufferBytes / packet));
        return new SessionSettings(
                Integer.highestOneBit(window),
                packet,
                maxMessageBytes,
                sendBufferBytes,
                keepAlive.toNanos(),
                patience().toNanos(),
                retransmissionFloor.toNanos());
    }

    private Duration patience() {
        return peerTimeout.isZero() || peerTimeout.compareTo(LONGEST) > 0 ? LONGEST : peerTimeout;
    }

    /** How long after a close what was sent is still sent. */
    Duration patienceAfterClosing() {
        Duration timeout = peerTimeout.isZero() ? DEFAULTS.peerTimeout : patience();
        return timeout.plus(linger.compareTo(LONGEST) > 0 ? LONGEST : linger);
    }

    DatagramOptions datagrams(InetSocketAddress place) {
        return new DatagramOptions(packetBytes(place), 0, receiveBufferBytes, insecure);
    }
}
