package org.jvmipc.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;

/** The listener over a {@link ReliableServer}. */
final class ReliableWelcome<T> implements ReliableListener<T> {
    private final ReliableServer server;
    private final Codec<T> codec;
    private final ReliableOptions options;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cleaner.Cleanable cleanable;

    ReliableWelcome(ReliableServer server, Codec<T> codec, ReliableOptions options) {
        this.server = server;
        this.codec = codec;
        this.options = options;
        this.cleanable = ReliableSocket.CLEANER.register(this, server::stopListening);
    }

    @Override
    public ReliableConnection<T> accept() throws IOException, InterruptedException {
        ReliableConnection<T> connection = accept(Deadline.NEVER);
        if (connection == null) {
            throw new IllegalStateException("an accept without deadline ran out of time");
        }
        return connection;
    }

    @Override
    public @Nullable ReliableConnection<T> tryAccept() throws IOException {
        try {
            return accept(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("an accept that never waits was interrupted", e);
        }
    }

    @Override
    public @Nullable ReliableConnection<T> tryAccept(Duration timeout) throws IOException, InterruptedException {
        return accept(Deadline.after(timeout));
    }

    private @Nullable ReliableConnection<T> accept(Deadline deadline) throws IOException, InterruptedException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        ReliableEnd end = server.accept(deadline);
        return end == null
                ? null
                : new ReliableSession<>(end, Objects.requireNonNull(end.target, "target is null"), codec, options);
    }

    @Override
    public InetSocketAddress localAddress() {
        return server.local;
    }

    @Override
    public int sessions() {
        return server.sessions();
    }

    @Override
    public long refused() {
        return server.refusals();
    }

    @Override
    public long corrupt() {
        return server.corrupt();
    }

    @Override
    public Address address() {
        return server.address;
    }

    @Override
    public Set<Capability> capabilities() {
        return ReliableSession.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cleanable.clean();
            server.awaitUnused();
        }
    }
}
