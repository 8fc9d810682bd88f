package org.jvmipc.sockets;

/**
 * How a datagram socket is used, on its own side.
 *
 * @param maxMessageBytes the largest message, in bytes, that is sent or accepted; a larger one that comes is thrown away, and
 *     told. At most {@value #LARGEST_MESSAGE_BYTES}, of which IPv4 takes {@value #DEFAULT_MAX_MESSAGE_BYTES}
 * @param sendBufferBytes the kernel's buffer for sending; 0 leaves it to the kernel
 * @param receiveBufferBytes the kernel's buffer for receiving, as far as {@code /proc/sys/net/core/rmem_max} allows; what comes
 *     while it is full is lost. 0 leaves it to the kernel, usually 208 KiB, which is 90 large datagrams or 277 small ones, as
 *     its bookkeeping counts
 * @param insecure whether addresses are allowed that other machines reach: anything but loopback. Nothing is encrypted, and
 *     whoever sends may forge his address
 */
public record DatagramOptions(int maxMessageBytes, int sendBufferBytes, int receiveBufferBytes, boolean insecure) {
    /** The default largest message: what IPv4 takes. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 65_507;

    /** The largest message of all: what IPv6 takes. */
    public static final int LARGEST_MESSAGE_BYTES = 65_527;

    private static final DatagramOptions DEFAULTS = new DatagramOptions(DEFAULT_MAX_MESSAGE_BYTES, 0, 0, false);

    /** Checks the values. */
    public DatagramOptions {
        SocketOptions.atLeast("maxMessageBytes", maxMessageBytes, 1);
        SocketOptions.atLeast("sendBufferBytes", sendBufferBytes, 0);
        SocketOptions.atLeast("receiveBufferBytes", receiveBufferBytes, 0);
        if (maxMessageBytes > LARGEST_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "maxMessageBytes is " + maxMessageBytes + "; it must be at most " + LARGEST_MESSAGE_BYTES);
        }
    }

    /** Messages of up to 65,507 bytes, the kernel's buffers, loopback only. */
    public static DatagramOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another largest message, in bytes. */
    public DatagramOptions withMaxMessage(int bytes) {
        return new DatagramOptions(bytes, sendBufferBytes, receiveBufferBytes, insecure);
    }

    /** The same with other buffers of the kernel, in bytes; 0 leaves one to it. */
    public DatagramOptions withBuffers(int sendBytes, int receiveBytes) {
        return new DatagramOptions(maxMessageBytes, sendBytes, receiveBytes, insecure);
    }

    /** The same that may use other addresses than loopback, or not. */
    public DatagramOptions withInsecure(boolean value) {
        return new DatagramOptions(maxMessageBytes, sendBufferBytes, receiveBufferBytes, value);
    }
}
