package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DataPath;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.stream.FramedReceiver;
import org.jvmipc.internal.stream.FramedSender;
import org.jvmipc.internal.stream.PlainReceiver;
import org.jvmipc.internal.stream.PlainSender;
import org.jvmipc.internal.stream.StreamReceiver;
import org.jvmipc.internal.stream.StreamSender;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.Silence;
import org.jvmipc.spi.Pollable;

/**
 * A connection whose threads make their own calls: a sender and a receiver over one descriptor, which the receiver owns. The
 * sender has an eventfd of its own, since a thread may wait in each direction.
 */
class StreamConnection<T> implements SocketConnection<T>, Pollable {
    /** What streams can do. */
    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.DUPLEX, Capability.PEER_DETECTION);

    private final Fd fd;
    private final Party party;
    private final PolledFd receiving;
    private final StreamSender<T> out;
    private final StreamReceiver<T> in;
    private final Silence silence;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean sendingEnded;
    private volatile boolean aborted;

    /**
     * Takes over the descriptor, in blocking mode.
     *
     * @param onClose called once when it is closed
     */
    StreamConnection(Fd fd, DataPath path, Party party, Codec<T> codec, Runnable onClose) {
        this.fd = fd;
        this.party = party;
        this.silence = new Silence(party.handshake(), party.options().idleTimeout());
        this.onClose = onClose;
        this.receiving = new PolledFd(fd, path, true) {
            @Override
            protected void closing(Fd socket) {
                lastWords(socket);
            }
        };
        this.out = sender(new PolledFd(fd, path, false), codec);
        this.in = receiver(codec);
    }

    private StreamSender<T> sender(PolledFd sending, Codec<T> codec) {
        int max = party.options().maxMessageBytes();
        return party.options().framing() == Framing.FRAMED
                ? new FramedSender<>(sending, party.address(), party.capabilities(), codec, max)
                : new PlainSender<>(
                        sending,
                        party.address(),
                        party.capabilities(),
                        codec,
                        party.options().framing(),
                        max);
    }

    private StreamReceiver<T> receiver(Codec<T> codec) {
        int max = party.options().maxMessageBytes();
        Address address = party.address();
        return party.options().framing() == Framing.FRAMED
                ? new FramedReceiver<>(receiving, address, party.capabilities(), codec, max)
                : new PlainReceiver<>(
                        receiving,
                        address,
                        party.capabilities(),
                        codec,
                        party.options().framing(),
                        max,
                        false);
    }

    /** Asked inside of a codec: how many bytes had come up to the end of its message. */
    final long position() {
        return in.position();
    }

    private boolean isTcp() {
        return party.credentials() == null;
    }

    /** Where this end is bound, of TCP. */
    final @Nullable InetSocketAddress localAddress() throws IOException {
        return SocketCalls.localAddress(fd);
    }

    /** How many bytes go out in one piece at most, where the kernel has room at all. */
    final int largestPiece() throws IOException {
        return receiving.capacity();
    }

    @Override
    public Address address() {
        return party.address();
    }

    @Override
    public Address peer() {
        return party.peer();
    }

    @Override
    public @Nullable PeerCredentials credentials() {
        return party.credentials();
    }

    @Override
    public Set<Capability> capabilities() {
        return party.capabilities();
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    // ---- sending

    @Override
    public void send(T message) throws IOException, InterruptedException {
        out.send(message);
        silence.spoke();
    }

    @Override
    public boolean trySend(T message) throws IOException {
        boolean sent = out.trySend(message);
        if (sent) {
            silence.spoke();
        }
        return sent;
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        boolean sent = out.trySend(message, timeout);
        if (sent) {
            silence.spoke();
        }
        return sent;
    }

    @Override
    public Batch<T> batch() {
        return out.batch();
    }

    @Override
    public void endSending() throws IOException {
        ensureOpen();
        if (sendingEnded) {
            return;
        }
        sendingEnded = true;
        out.close();
        fd.use(number -> {
            SocketCalls.endSending(number);
            return number;
        });
    }

    // ---- receiving

    @Override
    public T receive() throws IOException, InterruptedException {
        if (!silence.isBounded()) {
            return in.receive();
        }
        T message = receiveUntil(Deadline.NEVER);
        if (message == null) {
            throw new IllegalStateException("a receive without deadline ran out of time");
        }
        return message;
    }

    /**
     * Receives until the deadline, or the other side has been silent too long; what is sent, or received by another thread,
     * gives it more time.
     */
    private @Nullable T receiveUntil(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            long left = silence.left().toNanos();
            T message = in.tryReceive(Duration.ofNanos(Math.min(left, deadline.remainingNanos())));
            if (message != null) {
                silence.heard();
                return message;
            }
            if (silence.isOver()) {
                throw silent();
            }
            if (deadline.passed()) {
                return null;
            }
        }
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        T message = in.tryReceive();
        if (message != null) {
            silence.heard();
        } else if (silence.isOver()) {
            throw silent();
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        if (!silence.isBounded()) {
            return in.tryReceive(timeout);
        }
        return receiveUntil(Deadline.after(timeout));
    }

    private PeerGoneException silent() throws IOException {
        ensureOpen(); // who was closed here meanwhile has no other side to complain of
        abort();
        return silence.over(party.address());
    }

    @Override
    public int drain(Consumer<? super T> handler, int limit) throws IOException {
        if (!silence.isBounded()) {
            return in.drain(handler, limit);
        }
        int count = in.drain(message -> silence.handle(handler, message), limit);
        if (count == 0 && silence.isOver()) {
            throw silent();
        }
        return count;
    }

    // ---- waiting for several

    @Override
    public int fd() throws IOException {
        return in.fd();
    }

    @Override
    public void arm() {
        in.arm();
    }

    @Override
    public boolean ready() throws IOException {
        return in.ready() || silence.isOver();
    }

    @Override
    public long readyInNanos() {
        return silence.isBounded() ? silence.left().toNanos() : Long.MAX_VALUE;
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        in.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        in.unwatch(watcher);
    }

    // ---- the end

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        receiving.startClosing(); // who receives need not wait for the goodbye
        try {
            out.close();
        } finally {
            closeAll();
        }
    }

    @Override
    public void abort() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        aborted = true;
        receiving.startClosing(); // what the other side does from here on is its answer to this
        try {
            out.abandon();
        } finally {
            closeAll();
        }
    }

    private void closeAll() throws IOException {
        try {
            in.close();
        } finally {
            onClose.run();
        }
    }

    /** The descriptor is about to be closed, and nobody is in a call on it. */
    private void lastWords(Fd socket) {
        if (!isTcp()) {
            return; // what was sent is in the other side's hands already
        }
        if (aborted) {
            Lingering.reset(socket);
        } else {
            Lingering.await(socket, party.options().linger());
        }
    }
}
