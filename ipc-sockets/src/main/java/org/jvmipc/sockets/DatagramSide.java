package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.spi.Pollable;

/**
 * What all datagram sockets share: receiving, and an orderly close. The thread that receives makes the calls itself, one
 * for each datagram.
 *
 * <p><b>Thread safety.</b> One lock for receiving, another in {@link DatagramSending}. A closer first makes the waiters leave,
 * then takes both.
 */
abstract class DatagramSide<T> implements Receiver<T>, Pollable {
    private final UdpSocket socket;
    private final Fd fd;
    private final PolledFd polled;
    private final Address address;
    private final InetSocketAddress local;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Watchers watchers = new Watchers();
    private final DatagramAddress source = new DatagramAddress();
    private @Nullable NativeBuffer memory;
    private @Nullable ByteBuffer view;

    final DatagramSending<T> sending;

    /** Takes over the socket. */
    DatagramSide(UdpSocket socket, Address address, Codec<T> codec) throws IOException {
        this.socket = socket;
        this.fd = socket.fd();
        this.polled = new PolledFd(fd);
        this.address = address;
        this.local = socket.local();
        this.codec = codec;
        this.maxMessageBytes = socket.maxMessageBytes();
        this.sending = new DatagramSending<>(fd, address, codec, maxMessageBytes);
    }

    // ---- receiving

    @Override
    public final T receive() throws IOException, InterruptedException {
        return receiveAs(Function.identity());
    }

    @Override
    public final @Nullable T tryReceive() throws IOException {
        return tryReceiveAs(Function.identity());
    }

    @Override
    public final @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return tryReceiveAs(Function.identity(), timeout);
    }

    /** Where the message came from that is being handed over; for the form of a receive. */
    final InetSocketAddress source() {
        return source.get();
    }

    final <R> R receiveAs(Function<T, R> form) throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            R message = take(form, Deadline.NEVER);
            if (message == null) {
                throw new IllegalStateException("a receive without deadline ran out of time");
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    final <R> @Nullable R tryReceiveAs(Function<T, R> form) throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return null;
        }
        try {
            return take(form, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    final <R> @Nullable R tryReceiveAs(Function<T, R> form, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow()) {
            return tryReceiveAs(form);
        }
        ensureOpen();
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            return take(form, deadline);
        } finally {
            lock.unlock();
        }
    }

    private <R> @Nullable R take(Function<T, R> form, Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        while (true) {
            int length = DatagramCalls.receive(fd.number(), memory(), maxMessageBytes, source);
            if (length >= 0) {
                return form.apply(decode(length));
            }
            if (length == -Errno.ECONNREFUSED) {
                throw DatagramSending.refused(address);
            }
            if (length != PolledFd.WOULD_BLOCK) {
                throw new OsException("recvfrom", -length, "address=" + address);
            }
            if (deadline.isNow() || polled.await(Poll.POLLIN, deadline) < 0) {
                return null;
            }
        }
    }

    private NativeBuffer memory() {
        NativeBuffer present = memory;
        if (present == null) {
            present = new NativeBuffer(maxMessageBytes);
            memory = present;
            view = present.bytes().asReadOnlyBuffer();
        }
        return present;
    }

    private T decode(int length) throws IOException {
        if (length > maxMessageBytes) {
            throw new LimitException(
                    address + ": a datagram of " + length + " bytes from " + source() + " was thrown away",
                    "maxMessageBytes",
                    maxMessageBytes,
                    "give a larger one when opening this side");
        }
        return decode(address, codec, Objects.requireNonNull(view).limit(length).position(0));
    }

    /** Decodes what is between position and limit. */
    static <T> T decode(Address address, Codec<T> codec, ByteBuffer source) throws CorruptDataException {
        int length = source.remaining();
        T message;
        try {
            message = codec.decode(source.order(ByteOrder.LITTLE_ENDIAN));
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address + ": a message of " + length + " bytes could not be decoded: " + e.getMessage(), e);
        }
        if (message == null) { // it would look like no message
            throw new CorruptDataException(address + ": a message of " + length + " bytes was decoded to null");
        }
        return message;
    }

    // ---- what can be said of it

    @Override
    public final Address address() {
        return address;
    }

    @Override
    public final Set<Capability> capabilities() {
        return UdpSocket.CAPABILITIES;
    }

    /** Where it is bound: with the port that the kernel chose, if it was asked for none. */
    public final InetSocketAddress localAddress() {
        return local;
    }

    /** The largest message that can be sent or received, in bytes. */
    public final int largestMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * How many datagrams the kernel has thrown away here, since this was opened: nearly always because they came while the
     * buffer for receiving was full. What was lost before is counted nowhere.
     *
     * @throws IOException if it is closed, or the kernel does not tell
     */
    public final long dropped() throws IOException {
        return DatagramCalls.dropped(fd);
    }

    // ---- waiting for several

    @Override
    public final int fd() throws IOException {
        return polled.number();
    }

    @Override
    public final void arm() {
        // A descriptor with a datagram is always readable.
    }

    @Override
    public final boolean ready() throws IOException {
        return polled.isReady(Poll.POLLIN);
    }

    @Override
    public final void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public final void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    // ---- the end

    @Override
    public final boolean isOpen() {
        return !closed.get();
    }

    final void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /** Closes the socket. There is no goodbye: the other side notices nothing, or that nobody has the port. */
    @Override
    public final void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watchers.closing(); // from here on nobody polls the number but this socket
        polled.startClosing();
        sending.close();
        lock.lock();
        try {
            socket.forget();
        } finally {
            polled.close();
            lock.unlock();
        }
    }
}
