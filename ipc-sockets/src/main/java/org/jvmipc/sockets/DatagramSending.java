package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * The sending half of a datagram socket: one message, one call. It hardly ever waits, as the kernel drops what the other side
 * has no room for; so what a wait needs is made by the first one.
 *
 * <p><b>Thread safety.</b> Calls serialise. {@link #close()} comes before the descriptor is closed.
 */
final class DatagramSending<T> {
    private final Fd fd;
    private final Address address;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final DatagramAddress target = new DatagramAddress();
    private @Nullable NativeBuffer buffer;
    private volatile @Nullable PolledFd waiter;
    private volatile boolean closed;

    DatagramSending(Fd fd, Address address, Codec<T> codec, int maxMessageBytes) {
        this.fd = fd;
        this.address = address;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Sends, and waits for room in the buffer of sending.
     *
     * @param to null if the socket is connected
     * @return false if the deadline passed first, or at once if there was another send with a deadline of now
     */
    boolean send(@Nullable InetSocketAddress to, T message, Deadline deadline)
            throws IOException, InterruptedException {
        ensureOpen();
        if (!takeLock(deadline)) {
            return false;
        }
        try {
            ensureOpen();
            if (to != null) {
                target.set(to);
            }
            return transmit(encode(message), to == null ? null : target, deadline);
        } finally {
            lock.unlock();
        }
    }

    /** The same without waiting. */
    boolean trySend(@Nullable InetSocketAddress to, T message) throws IOException {
        try {
            return send(to, message, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        }
    }

    private boolean takeLock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            return lock.tryLock();
        }
        if (deadline.isNever()) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean transmit(int length, @Nullable DatagramAddress to, Deadline deadline)
            throws IOException, InterruptedException {
        while (true) {
            int result = DatagramCalls.send(fd.number(), memory(), length, to);
            if (result >= 0) {
                return true;
            }
            if (result != PolledFd.WOULD_BLOCK) {
                throw failed(result, length);
            }
            if (deadline.isNow() || waiter().await(Poll.POLLOUT, deadline) < 0) {
                return false;
            }
        }
    }

    /** A descriptor of its own, as another thread may wait with the one for receiving. */
    private PolledFd waiter() throws IOException {
        PolledFd present = waiter;
        if (present == null) {
            present = new PolledFd(OsCalls.duplicate(fd.number()));
            waiter = present;
        }
        ensureOpen(); // a closer either has seen the waiter, or is seen here
        return present;
    }

    private IOException failed(int result, int length) {
        if (result == -Errno.ECONNREFUSED) {
            return refused(address);
        }
        if (result == -Errno.EMSGSIZE) {
            return new LimitException(
                    address + ": message of " + length + " bytes refused by the kernel (EMSGSIZE)",
                    "the largest datagram to there",
                    maxMessageBytes,
                    "send less at a time");
        }
        return new OsException("sendto", -result, "address=" + address);
    }

    /** What the kernel was told by the other side's: an earlier datagram found nobody. */
    static PeerGoneException refused(Address address) {
        return new PeerGoneException(
                PeerGoneException.Reason.UNKNOWN,
                address,
                "nobody has the port (ECONNREFUSED), so an earlier message was lost");
    }

    private NativeBuffer memory() {
        NativeBuffer present = buffer;
        if (present == null) {
            present = new NativeBuffer(maxMessageBytes);
            buffer = present;
        }
        return present;
    }

    /** Puts the message into memory: its length in bytes. */
    private int encode(T message) throws LimitException {
        int size = codec.size(message);
        if (size > maxMessageBytes) {
            throw tooLarge("message of " + size + " bytes refused");
        }
        ByteBuffer bytes = memory().bytes();
        bytes.limit(size < 0 ? maxMessageBytes : size).position(0).order(ByteOrder.LITTLE_ENDIAN);
        try {
            codec.encode(message, bytes);
        } catch (BufferOverflowException e) {
            if (size < 0) {
                throw tooLarge("message refused, it is larger than any allowed");
            }
            throw e;
        }
        if (size >= 0 && bytes.position() != size) {
            throw new IllegalStateException(
                    codec + " wrote " + bytes.position() + " bytes of a message whose size it gave as " + size);
        }
        return bytes.position();
    }

    private LimitException tooLarge(String what) {
        return new LimitException(
                address + ": " + what,
                "maxMessageBytes",
                maxMessageBytes,
                "a datagram takes at most 65507 bytes over IPv4, 65527 over IPv6");
    }

    void ensureOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /** Makes who waits leave, and everybody else: when it returns no call is under way, and none will be. */
    void close() throws IOException {
        closed = true;
        PolledFd waiting = waiter;
        if (waiting != null) {
            waiting.startClosing();
        }
        lock.lock();
        try {
            if (waiter != null) {
                waiter.close();
                waiter = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
