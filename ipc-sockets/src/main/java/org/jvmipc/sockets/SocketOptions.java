package org.jvmipc.sockets;

import java.time.Duration;
import org.jvmipc.Framing;

/**
 * How a connection socket is used, on its own side: two processes that talk have the same framing, the rest may differ.
 *
 * @param framing how messages are marked off in the stream
 * @param maxMessageBytes the largest message, in bytes, that is sent or accepted; checked before memory is taken for one
 * @param sendBufferBytes the kernel's buffer for sending; 0 leaves it to the kernel, which adapts it
 * @param receiveBufferBytes the kernel's buffer for receiving; 0 leaves it to the kernel
 * @param noDelay of TCP: whether small writes go out at once ({@code TCP_NODELAY}), the default
 * @param keepAlive of TCP: after so long a silence the peer's host is asked whether it is there, and given up when it has not
 *     answered for as long again ({@code SO_KEEPALIVE}); zero: never. In whole seconds
 * @param linger how long a close waits, at most, for the other side's kernel to have taken what was sent
 * @param idleTimeout the longest time without a whole message, after which who receives finds the connection closed, and the
 *     peer gone; zero: none. It is looked at by who receives, and by the event loop of a connection with a handler: a connection
 *     that nobody receives from, as in a {@link org.jvmipc.ReceiverSet} while nothing comes, is not cut off
 * @param insecure whether addresses are allowed that other machines reach: anything but loopback, and nothing is encrypted;
 *     over a Unix domain socket, whether a server of another user is talked to
 */
public record SocketOptions(
        Framing framing,
        int maxMessageBytes,
        int sendBufferBytes,
        int receiveBufferBytes,
        boolean noDelay,
        Duration keepAlive,
        Duration linger,
        Duration idleTimeout,
        boolean insecure) {
    /** The default largest message: 16 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 << 20;

    private static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(32_767);

    private static final SocketOptions DEFAULTS = new SocketOptions(
            Framing.FRAMED,
            DEFAULT_MAX_MESSAGE_BYTES,
            0,
            0,
            true,
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            Duration.ZERO,
            false);

    /** Checks the values. */
    public SocketOptions {
        atLeast("maxMessageBytes", maxMessageBytes, 1);
        atLeast("sendBufferBytes", sendBufferBytes, 0);
        atLeast("receiveBufferBytes", receiveBufferBytes, 0);
        notNegative("keepAlive", keepAlive);
        notNegative("linger", linger);
        notNegative("idleTimeout", idleTimeout);
        if (keepAlive.compareTo(LONGEST_KEEP_ALIVE) > 0) {
            throw new IllegalArgumentException("keepAlive is " + keepAlive + "; it must be at most 32767 s");
        }
    }

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + "; it must not be negative");
        }
    }

    /**
     * Frames, messages of up to 16 MiB, the kernel's buffers, no delay, keep-alive after 60 s, a close that waits 500 ms at
     * most, no idle timeout, loopback only.
     */
    public static SocketOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another framing. */
    public SocketOptions withFraming(Framing value) {
        return new SocketOptions(
                value,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                noDelay,
                keepAlive,
                linger,
                idleTimeout,
                insecure);
    }

    /** The same with another largest message, in bytes. */
    public SocketOptions withMaxMessage(int bytes) {
        return new SocketOptions(
                framing, bytes, sendBufferBytes, receiveBufferBytes, noDelay, keepAlive, linger, idleTimeout, insecure);
    }

    /** The same with other buffers of the kernel, in bytes; 0 leaves one to it. */
    public SocketOptions withBuffers(int sendBytes, int receiveBytes) {
        return new SocketOptions(
                framing, maxMessageBytes, sendBytes, receiveBytes, noDelay, keepAlive, linger, idleTimeout, insecure);
    }

    /** The same with small writes sent at once, or gathered by the kernel. */
    public SocketOptions withNoDelay(boolean value) {
        return new SocketOptions(
                framing,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                value,
                keepAlive,
                linger,
                idleTimeout,
                insecure);
    }

    /** The same with another keep-alive. */
    public SocketOptions withKeepAlive(Duration value) {
        return new SocketOptions(
                framing,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                noDelay,
                value,
                linger,
                idleTimeout,
                insecure);
    }

    /** The same with another time that a close waits. */
    public SocketOptions withLinger(Duration value) {
        return new SocketOptions(
                framing,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                noDelay,
                keepAlive,
                value,
                idleTimeout,
                insecure);
    }

    /** The same with another idle timeout. */
    public SocketOptions withIdleTimeout(Duration value) {
        return new SocketOptions(
                framing,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                noDelay,
                keepAlive,
                linger,
                value,
                insecure);
    }

    /** The same that may use other addresses than loopback, or not. */
    public SocketOptions withInsecure(boolean value) {
        return new SocketOptions(
                framing,
                maxMessageBytes,
                sendBufferBytes,
                receiveBufferBytes,
                noDelay,
                keepAlive,
                linger,
                idleTimeout,
                value);
    }
}
