package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.Session;

/**
 * One session of a {@link ReliableSocket}, and those who wait for something in it. It knows nothing of the connection that was given out for it, so
 * that a forgotten one is found.
 *
 * <p><b>Thread safety.</b> The calls of threads take the socket's lock themselves; what only the socket calls, it calls under it.
 */
abstract class ReliableEnd {
    final ReliableSocket socket;

    /** Where its packets go; null over a connected socket. */
    final @Nullable InetSocketAddress target;

    private final ReliableOptions options;
    private final long patienceNanos;
    private final Condition settled;

    /** What its users receive. */
    final ReliableInlet inlet;

    /** What its users send. */
    final ReliableOutlet outlet;

    private boolean closed;
    private long closedNanos;
    private boolean done;
    private boolean socketClosed;

    /** Something has come for it that is not answered yet. */
    boolean touched;

    ReliableEnd(ReliableSocket socket, @Nullable InetSocketAddress target, ReliableOptions options) {
        this.socket = socket;
        this.target = target;
        this.options = options;
        this.patienceNanos = options.patienceAfterClosing().toNanos();
        this.settled = socket.lock.newCondition();
        this.inlet = new ReliableInlet(this);
        this.outlet = new ReliableOutlet(this, options.sendBufferBytes());
    }

    // ---- for the socket, under its lock

    /** The session; null before there is one. */
    abstract @Nullable Session session();

    /** The packet that is due, if one is. */
    abstract boolean next(ByteBuffer packet, long now);

    abstract long deadline();

    /** Looks at what has changed, and wakes who waits for that. */
    void changed() {
        Session session = session();
        if (session == null) {
            return;
        }
        inlet.changed();
        outlet.changed(session);
        if (closed && !done && session.isDone()) {
            done = true;
            settled.signalAll();
            socket.lookAtAll();
        }
    }

    /** Whether nobody uses it any more, and all is said; or who closed it has waited for that long enough. */
    boolean isDone(long now) {
        Session session = session();
        if (!closed || session == null) {
            return closed;
        }
        return session.isDone() || now - closedNanos >= patienceNanos;
    }

    boolean isClosed() {
        return closed;
    }

    /** Nothing comes or goes any more: who still uses it is told. */
    void socketClosed() {
        socketClosed = true;
        Session session = session();
        if (session != null && session.gone() == null && !session.isDone()) {
            session.fail(Gone.STOPPED);
        }
        signalAll();
    }

    /** An error of this side in its session ends it, and no other one. */
    void failed(RuntimeException error) {
        Session session = session();
        if (session != null) {
            session.fail(Gone.failed(error));
        }
        signalAll();
    }

    /** Who has closed it has waited long enough for a peer that lives, and takes nothing. */
    void endPatience(long now) {
        Session session = session();
        if (closed && session != null && session.gone() == null && !session.isDone() && isDone(now)) {
            fail(session, Gone.UNSETTLED);
        }
    }

    /** Nobody has taken it: it is told to be gone, if there is a session. */
    void abandon() {
        Session session = session();
        if (session != null && session.gone() == null) {
            fail(session, Gone.CLOSED);
        }
    }

    private void signalAll() {
        inlet.signalAll();
        outlet.signalAll();
        settled.signalAll();
    }

    /** Under the lock: the session, if there is one to use. */
    Session alive() throws ClosedChannelException {
        Session session = session();
        if (session == null) {
            throw new ClosedChannelException();
        }
        return session;
    }

    PeerGoneException gone(Gone gone) {
        return new PeerGoneException(gone.reason(), socket.address, gone.detail());
    }

    /** Takes the lock. */
    void lock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            socket.lock.lock(); // nobody keeps it for long
        } else {
            socket.lock.lockInterruptibly();
        }
    }

    /** What came is no messages: the session is over. */
    void broken() {
        socket.lock.lock();
        try {
            Session session = session();
            if (session != null && session.gone() == null) {
                fail(session, Gone.BROKEN);
            }
        } finally {
            socket.lock.unlock();
        }
    }

    /** Ends it, and tells the other side. */
    void fail(Session session, Gone reason) {
        long now = socket.now();
        session.abort(reason, now);
        if (!socket.isOver()) {
            socket.pump(this, now);
        }
        signalAll();
        socket.lookAtAll();
    }

    // ---- what can be said of it

    int mostMessageBytes() {
        socket.lock.lock();
        try {
            Session session = session();
            return session == null ? 0 : session.mostMessageBytes();
        } finally {
            socket.lock.unlock();
        }
    }

    ReliableStatistics statistics(long messagesReceived) {
        socket.lock.lock();
        try {
            Session session = session();
            if (session == null) {
                throw new IllegalStateException("statistics without a session");
            }
            return ReliableFigures.of(session, messagesReceived);
        } finally {
            socket.lock.unlock();
        }
    }

    // ---- the end

    /** Begins to close; who waits leaves. */
    void startClosing() {
        socket.lock.lock();
        try {
            beginClosing();
        } finally {
            socket.lock.unlock();
        }
    }

    private void beginClosing() {
        if (closed) {
            return;
        }
        closed = true;
        closedNanos = socket.now();
        inlet.close();
        Session session = session();
        if (session != null) {
            session.close(closedNanos);
        }
        signalAll();
        if (!socketClosed) {
            socket.pump(this, closedNanos);
            socket.lookAtAll();
        }
    }

    /** Throws away what was not sent, and tells the other side. */
    void abort() {
        socket.lock.lock();
        try {
            abandon();
            beginClosing();
        } finally {
            socket.lock.unlock();
        }
    }

    /** Waits up to the linger time until the other side has all, and then for the socket to be closed if nobody else uses it. */
    void awaitClosed() {
        Deadline deadline = Deadline.after(options.linger());
        boolean interrupted = false;
        socket.lock.lock();
        try {
            while (!isDone(socket.now()) && !socketClosed) {
                try {
                    if (!SourceTable.await(settled, deadline)) {
                        break;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            socket.endIfUnused();
        } finally {
            socket.lock.unlock();
        }
        socket.awaitEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
