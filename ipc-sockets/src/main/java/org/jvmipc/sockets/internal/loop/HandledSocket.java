package org.jvmipc.sockets.internal.loop;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.LimitException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.HandledConnection;
import org.jvmipc.sockets.PeerCredentials;
import org.jvmipc.sockets.internal.Party;

/** What users see of a connection on an event loop. */
final class HandledSocket<T> implements HandledConnection<T> {
    private final LoopConnection<T> connection;
    private final Party party;

    /** One thread that may wait at a time; event loops do without, as they must not wait. */
    private final ReentrantLock turn = new ReentrantLock(true);

    HandledSocket(LoopConnection<T> connection, Party party) {
        this.connection = connection;
        this.party = party;
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        if (EventLoops.isLoopThread()) {
            add(message);
        } else {
            put(message, Deadline.NEVER);
        }
        connection.flush();
    }

    @Override
    public boolean trySend(T message) throws IOException {
        boolean sent = tryAdd(message);
        if (sent) {
            connection.flush();
        }
        return sent;
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow() || EventLoops.isLoopThread()) {
            return trySend(message);
        }
        boolean sent = put(message, deadline);
        if (sent) {
            connection.flush();
        }
        return sent;
    }

    private boolean tryAdd(T message) throws IOException {
        connection.ensureOpen();
        return connection.out().trySend(message);
    }

    /** Adds the message as soon as there is room; false if the deadline passed first. */
    private boolean put(T message, Deadline deadline) throws IOException, InterruptedException {
        connection.ensureOpen();
        if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            while (!tryAdd(message)) {
                if (!connection.awaitRoom(deadline.remainingNanos())) {
                    return false;
                }
                if (!connection.isOpen()) {
                    throw new AsynchronousCloseException();
                }
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    /** Adds the message to what waits, room or not; another thread holds the sender for an instant only. */
    private void add(T message) throws IOException {
        ChannelPath.force();
        try {
            while (!tryAdd(message)) {
                requireThatItTakesMore();
                Thread.onSpinWait();
            }
        } finally {
            ChannelPath.admitNoMore();
        }
    }

    private void requireThatItTakesMore() throws LimitException {
        if (!connection.takesMore()) {
            throw new LimitException(
                    party.address() + ": a message was refused, too much waits to go out already",
                    "bytes that wait in this process",
                    ChannelPath.FORCED_BYTES,
                    "send less than the other side takes, or by a thread that may wait");
        }
    }

    @Override
    public Batch<T> batch() {
        return new HandledBatch<>(this, connection.out().batch());
    }

    void ensureOpen() throws ClosedChannelException {
        connection.ensureOpen();
    }

    /** What a batch does when it hands over. */
    interface HandOver {
        void run() throws IOException, InterruptedException;
    }

    /** Waits for room as a send does, and has it taken whole. */
    void handOver(HandOver batch) throws IOException, InterruptedException {
        connection.ensureOpen();
        if (EventLoops.isLoopThread()) {
            requireThatItTakesMore();
            handOverNow(batch);
            return;
        }
        turn.lockInterruptibly();
        try {
            connection.awaitRoom(Long.MAX_VALUE);
            if (!connection.isOpen()) {
                throw new AsynchronousCloseException();
            }
            handOverNow(batch);
        } finally {
            turn.unlock();
        }
    }

    private void handOverNow(HandOver batch) throws IOException, InterruptedException {
        ChannelPath.admit();
        try {
            batch.run();
        } finally {
            ChannelPath.admitNoMore();
            connection.flush();
        }
    }

    @Override
    public void endSending() throws IOException {
        connection.endSending();
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
        return connection.isOpen();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** Begins to close. */
    void startClose() throws IOException {
        connection.startClose();
    }

    @Override
    public void abort() {
        connection.abort();
    }
}
