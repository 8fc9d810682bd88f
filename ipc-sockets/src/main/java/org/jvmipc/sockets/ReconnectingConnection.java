package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Connection;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;

/**
 * A client's connection that is made anew when its server has gone, as soon as one is there again: with pauses that grow (back-off).
 * Made by {@link Tcp#reconnecting} and {@link UnixSockets#reconnecting}.
 *
 * <pre>{@code
 * try (ReconnectingConnection<String> orders = Tcp.reconnecting(address, Codecs.utf8(), SocketOptions.defaults(),
 *         ReconnectOptions.defaults())) {
 *     orders.send("one espresso");        // waits for a server, and for the next one if it goes
 * }
 * }</pre>
 *
 * <p><b>What is lost.</b> A message whose send has failed is sent again over the next connection, so each send ends with the
 * message in a connection. What was in one that broke may be lost, or have been received: nobody knows. {@link #connections()} counts, so
 * who has to know asks before and after. A server that says goodbye has gone like any other. So may be what had come and was not
 * received yet when a send found it broken. Parts of messages are never delivered.
 *
 * <p>Full: a send waits. Empty, or no server: a receive waits. Closed here: {@code ClosedChannelException}. The tries attempt to
 * connect at most once, when the pause is over.
 *
 * <p><b>Thread safety.</b> As a {@link Connection}; whoever finds the connection broken makes the next one, the others wait for
 * it.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}; over the connection that the message went through.
 *
 * @param <T> what a message is in Java
 */
public final class ReconnectingConnection<T> implements Connection<T> {
    /** How a connection is made, by one attempt; null if there was no answer in that time. */
    interface Connector<T> {
        @Nullable
        SocketConnection<T> connect(Deadline deadline, BooleanSupplier cancelled)
                throws IOException, InterruptedException;
    }

    /** What is done over a connection; null or false if the deadline has passed first. */
    private interface Use<T, R> {
        @Nullable
        R on(SocketConnection<T> connection) throws IOException, InterruptedException;
    }

    private static final int GROWTH = 2;

    private final Address address;
    private final Set<Capability> capabilities;
    private final Connector<T> connector;
    private final ReconnectOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final AtomicReference<@Nullable SocketConnection<T>> present = new AtomicReference<>();
    private volatile boolean closed;
    private volatile long connections;
    private long pauseNanos;
    private long nextAttempt = System.nanoTime();

    ReconnectingConnection(
            Address address, Set<Capability> capabilities, Connector<T> connector, ReconnectOptions options) {
        this.address = address;
        this.capabilities = capabilities;
        this.connector = connector;
        this.options = options;
        this.pauseNanos = options.firstPause().toNanos();
    }

    /** How many connections there have been. */
    public long connections() {
        return connections;
    }

    /** Whether there is one that has not been found broken. */
    public boolean isConnected() {
        SocketConnection<T> connection = present.get();
        return connection != null && connection.isOpen();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    // ---- connecting

    /** Does it over the present connection or the next; null if the deadline passed first. */
    private <R> @Nullable R use(Deadline deadline, Use<T, R> use) throws IOException, InterruptedException {
        while (true) {
            SocketConnection<T> connection = connection(deadline);
            if (connection == null) {
                return null;
            }
            try {
                return use.on(connection);
            } catch (ClosedChannelException e) {
                ensureOpen();
                if (connection.isOpen()) {
                    throw e; // its sending was ended here
                }
                drop(connection); // if the thread that has found it broken has not done so yet
                if (deadline.isNow()) {
                    return null;
                }
            } catch (PeerGoneException e) {
                ensureOpen();
                drop(connection);
                if (deadline.isNow()) {
                    return null;
                }
            }
        }
    }

    private @Nullable SocketConnection<T> connection(Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        SocketConnection<T> connection = present.get();
        if (connection != null) {
            return connection;
        }
        boolean locked =
                deadline.isNow() ? lock.tryLock() : lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        if (!locked) {
            return null;
        }
        try {
            while (present.get() == null) {
                ensureOpen();
                if (!awaitAttempt(deadline)) {
                    return null;
                }
                attempt(deadline);
            }
            return present.get();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the pause is over; false if the deadline passed first. */
    private boolean awaitAttempt(Deadline deadline) throws IOException, InterruptedException {
        long left;
        while ((left = nextAttempt - System.nanoTime()) > 0) {
            if (deadline.passed()) {
                return false;
            }
            long bounded = Math.min(left, deadline.remainingNanos());
            if (ended.awaitNanos(bounded) > 0 && closed) {
                throw new AsynchronousCloseException();
            }
        }
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who holds the lock
    private void attempt(Deadline deadline) throws IOException, InterruptedException {
        SocketConnection<T> connection = null;
        try {
            connection = connector.connect(deadline, () -> closed);
        } catch (OsException e) {
            if (!Connecting.isTransient(e)) {
                throw e;
            }
        }
        if (connection == null) {
            pause();
            return;
        }
        if (closed) {
            connection.abort();
            throw new AsynchronousCloseException();
        }
        present.set(connection);
        connections = connections + 1;
        // One that breaks at once is not tried again at once, and one that has worked is.
        nextAttempt = System.nanoTime() + options.firstPause().toNanos();
        pauseNanos = options.firstPause().toNanos();
    }

    private void pause() {
        long half = pauseNanos / 2;
        nextAttempt = System.nanoTime() + half + ThreadLocalRandom.current().nextLong(half + 1);
        pauseNanos = Math.min(options.longestPause().toNanos(), GROWTH * pauseNanos);
    }

    private void drop(SocketConnection<T> broken) throws IOException {
        present.compareAndSet(broken, null); // without the lock: who connects has it for as long as that takes
        broken.abort();
    }

    // ---- the verbs

    @Override
    public void send(T message) throws IOException, InterruptedException {
        use(Deadline.NEVER, connection -> {
            connection.send(message);
            return Boolean.TRUE;
        });
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return Boolean.TRUE.equals(useNow(connection -> connection.trySend(message)));
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return Boolean.TRUE.equals(use(deadline, connection -> connection.trySend(message, left(deadline))));
    }

    /** A batch over the present connection, which breaks with it: what it holds is not sent again. */
    @Override
    public Batch<T> batch() {
        SocketConnection<T> connection = present.get();
        if (connection == null) {
            return new UnconnectedBatch<>(this);
        }
        return connection.batch();
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = use(Deadline.NEVER, SocketConnection::receive);
        if (message == null) {
            throw new IllegalStateException("a receive without deadline ran out of time");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return useNow(SocketConnection::tryReceive);
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return use(deadline, connection -> connection.tryReceive(left(deadline)));
    }

    private <R> @Nullable R useNow(Use<T, R> use) throws IOException {
        try {
            return use(Deadline.NOW, use);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a try that never waits was interrupted", e);
        }
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    /** Ends the sending over the present connection: sends fail until it has gone, and the next one can be sent over again. */
    @Override
    public void endSending() throws IOException {
        ensureOpen();
        SocketConnection<T> connection = present.get();
        if (connection != null) {
            connection.endSending();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        SocketConnection<T> connection = present.get();
        if (connection != null) {
            connection.close();
        }
        lock.lock();
        try {
            ended.signalAll();
            connection = present.get();
        } finally {
            lock.unlock();
        }
        if (connection != null) {
            connection.close();
        }
    }
}
