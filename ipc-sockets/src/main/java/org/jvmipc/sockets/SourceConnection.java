package org.jvmipc.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.LimitException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Watchers;
import org.jvmipc.spi.Pollable;

/** What a {@link DatagramListener} gives out for one source: messages from its queue, answers over the shared socket. */
final class SourceConnection<T> implements DatagramConnection<T>, Pollable {
    static final Cleaner CLEANER = Cleaner.create();

    private final DatagramSources<T> sources;
    private final DatagramSource source;
    private final SourceInbox inbox;
    private final UdpListening<T> listening;
    private final Watchers watchers = new Watchers();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cleaner.Cleanable cleanable;
    private volatile boolean sendingEnded;

    SourceConnection(DatagramSources<T> sources, DatagramSource source, UdpListening<T> listening) {
        this.sources = sources;
        this.source = source;
        this.listening = listening;
        this.inbox = new SourceInbox(sources.table, source);
        this.cleanable = CLEANER.register(this, inbox::close);
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = decode(inbox.take(Deadline.NEVER));
        if (message == null) {
            throw new IllegalStateException("a receive without deadline ran out of time");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        try {
            return decode(inbox.take(Deadline.NOW));
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        }
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryReceive() : decode(inbox.take(deadline));
    }

    private @Nullable T decode(DatagramSource.@Nullable Arrival arrival) throws IOException {
        if (arrival == null) {
            return null;
        }
        if (arrival.length() > arrival.bytes().capacity()) {
            throw new LimitException(
                    address() + ": a datagram of " + arrival.length() + " bytes from " + source.address
                            + " was thrown away",
                    "maxMessageBytes",
                    listening.maxMessageBytes(),
                    "give a larger one when opening this side");
        }
        return DatagramSide.decode(address(), listening.codec(), arrival.bytes());
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        send(message, Deadline.NEVER);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        try {
            return send(message, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        }
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return send(message, Deadline.after(timeout));
    }

    private boolean send(T message, Deadline deadline) throws IOException, InterruptedException {
        if (sendingEnded) {
            throw new ClosedChannelException();
        }
        inbox.beforeSending();
        return sources.sending.send(source.address, message, deadline);
    }

    @Override
    public Batch<T> batch() {
        return new DatagramBatch<>(this);
    }

    @Override
    public void endSending() throws IOException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        sendingEnded = true;
    }

    @Override
    public InetSocketAddress localAddress() {
        return listening.local();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return source.address;
    }

    @Override
    public int largestMessageBytes() {
        return listening.maxMessageBytes();
    }

    @Override
    public long dropped() {
        return inbox.dropped();
    }

    @Override
    public int fd() throws IOException {
        return inbox.pollable();
    }

    @Override
    public void arm() {
        inbox.arm();
    }

    @Override
    public boolean ready() {
        return inbox.isReady();
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    @Override
    public Address address() {
        return listening.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return UdpSocket.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watchers.closing(); // from here on nobody polls the number
            cleanable.clean();
            sources.awaitEnd();
        }
    }
}
