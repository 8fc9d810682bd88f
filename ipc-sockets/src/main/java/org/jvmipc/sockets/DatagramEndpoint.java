package org.jvmipc.sockets;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.Loopback;

/**
 * A datagram socket that has a port: whoever knows it may send to it, and it may send to anybody.
 *
 * <pre>{@code
 * try (DatagramEndpoint<String> clock = Datagrams.bind(address, Codecs.utf8())) {
 *     Datagram<String> question = clock.receiveFrom();                  // waits for somebody to ask
 *     clock.sendTo(question.source(), LocalTime.now().toString());
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>nothing came; or no room to send</th><th>this end closed</th></tr>
 * <tr><td>{@link #receive()}, {@link #receiveFrom()}, {@link #sendTo}</td><td>wait</td>
 * <td>{@code ClosedChannelException}</td></tr>
 * <tr><td>{@link #tryReceive()}, {@link #tryReceiveFrom()}, {@link #trySendTo(InetSocketAddress, Object)}</td>
 * <td>{@code null}, {@code false}, at once</td><td>the same</td></tr>
 * <tr><td>the same with a {@code Duration}</td><td>the same, after the time</td><td>the same</td></tr>
 * </table>
 *
 * <p>A message is one datagram, whole: it arrives, or not, or twice, or behind a later one; an empty one is a message, too.
 * Room to send is that of this machine's own buffer; what comes while the buffer of the receiver is full is lost, and
 * {@link #dropped()} there. Whether somebody has the port that is sent to is not told: a socket that is connected
 * ({@link Datagrams#connect}) learns it.
 *
 * <p><b>Thread safety.</b> One thread may send while another receives; calls of one direction serialise.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}. A datagram that is larger than what a link carries (loopback: 64 KiB) travels in
 * parts, and is lost if one of them is.
 *
 * @param <T> what a message is in Java
 */
public final class DatagramEndpoint<T> extends DatagramSide<T> {
    private final boolean insecure;

    DatagramEndpoint(UdpSocket socket, Address address, Codec<T> codec, boolean insecure) throws IOException {
        super(socket, address, codec);
        this.insecure = insecure;
    }

    /**
     * Receives the next message, and tells who sent it.
     *
     * @throws InterruptedException if interrupted; no message was taken
     * @throws org.jvmipc.LimitException if it was larger than {@link #largestMessageBytes()}; it was thrown away, the next receive
     *     goes on
     * @throws org.jvmipc.CorruptDataException if it could not be decoded; the same
     * @throws IOException if the operating system failed the call
     */
    public Datagram<T> receiveFrom() throws IOException, InterruptedException {
        return receiveAs(this::withSource);
    }

    /**
     * Receives the next message if there is one.
     *
     * @return null if there is none, or another thread is receiving
     * @throws IOException as {@link #receiveFrom()}
     */
    public @Nullable Datagram<T> tryReceiveFrom() throws IOException {
        return tryReceiveAs(this::withSource);
    }

    /**
     * Receives the next message, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #tryReceiveFrom()}
     * @return null if none came in that time
     * @throws InterruptedException as {@link #receiveFrom()}
     * @throws IOException as {@link #receiveFrom()}
     */
    public @Nullable Datagram<T> tryReceiveFrom(Duration timeout) throws IOException, InterruptedException {
        return tryReceiveAs(this::withSource, timeout);
    }

    private Datagram<T> withSource(T message) {
        return new Datagram<>(source(), message);
    }

    /**
     * Sends a message, and waits while this machine's buffer of sending is full.
     *
     * @throws InterruptedException if interrupted; nothing was sent
     * @throws org.jvmipc.LimitException if it is larger than {@link #largestMessageBytes()}; nothing was sent
     * @throws IllegalArgumentException if the target is not loopback and that was not allowed, or of the other family of
     *     addresses than this endpoint
     * @throws IOException if the operating system failed the call
     */
    public void sendTo(InetSocketAddress target, T message) throws IOException, InterruptedException {
        sending.send(allowed(target), message, Deadline.NEVER);
    }

    /**
     * Sends a message if that needs no waiting.
     *
     * @return false if the buffer of sending is full, or another thread is sending
     * @throws IOException as {@link #sendTo}
     */
    public boolean trySendTo(InetSocketAddress target, T message) throws IOException {
        return sending.trySend(allowed(target), message);
    }

    /**
     * Sends a message, and waits at most the given time.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return false if the time passed and nothing was sent
     * @throws InterruptedException as {@link #sendTo}
     * @throws IOException as {@link #sendTo}
     */
    public boolean trySendTo(InetSocketAddress target, T message, Duration timeout)
            throws IOException, InterruptedException {
        return sending.send(allowed(target), message, Deadline.after(timeout));
    }

    private InetSocketAddress allowed(InetSocketAddress target) {
        Loopback.require(target, insecure);
        UdpSocket.requirePort(target);
        if (isIpv6(target) != isIpv6(localAddress())) {
            throw new IllegalArgumentException(SocketCalls.text(target) + " cannot be reached from "
                    + SocketCalls.text(localAddress()) + ": one is IPv6, the other IPv4");
        }
        return target;
    }

    private static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }
}
