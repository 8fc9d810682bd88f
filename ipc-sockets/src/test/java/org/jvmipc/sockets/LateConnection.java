package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
import org.jvmipc.testkit.Await;

/** The connection of the first caller, who may come later: whoever uses it first waits for him. */
final class LateConnection<T> implements Connection<T> {
    private final Listener<T> listener;
    private @Nullable Connection<T> accepted;

    LateConnection(Listener<T> listener) {
        this.listener = listener;
    }

    private synchronized Connection<T> connection() throws IOException, InterruptedException {
        Connection<T> connection = accepted;
        if (connection == null) {
            connection = listener.tryAccept(Await.LONG);
            if (connection == null) {
                throw new AssertionError("nobody has connected to " + listener.address());
            }
            accepted = connection;
        }
        return connection;
    }

    private Connection<T> now() throws IOException {
        try {
            return connection();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        connection().send(message);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return now().trySend(message);
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return connection().trySend(message, timeout);
    }

    @Override
    public Batch<T> batch() {
        try {
            return now().batch();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        return connection().receive();
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return now().tryReceive();
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        return connection().tryReceive(timeout);
    }

    @Override
    public void endSending() throws IOException {
        now().endSending();
    }

    @Override
    public Address address() {
        return listener.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return listener.capabilities();
    }

    @Override
    public boolean isOpen() {
        return listener.isOpen();
    }

    @Override
    public synchronized void close() throws IOException {
        try (listener) {
            if (accepted != null) {
                accepted.close();
            }
        }
    }
}
