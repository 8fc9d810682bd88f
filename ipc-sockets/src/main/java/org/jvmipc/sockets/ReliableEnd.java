package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.EventFd;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.MessageReader;
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
    private final Condition arrived;
    private final Condition room;
    private final Condition settled;
    private int receivers;
    private int senders;
    private @Nullable EventFd event;
    private boolean raised;
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
        this.arrived = socket.lock.newCondition();
        this.room = socket.lock.newCondition();
        this.settled = socket.lock.newCondition();
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
        if ((receivers > 0 || event != null) && isReadable()) {
            arrived.signalAll();
            raise();
        }
        // Who waits for room is woken when there is much of it, as each wake is dear.
        if (senders > 0 && (session.sendingEnded() != null || session.queuedBytes() <= options.sendBufferBytes() / 2)) {
            room.signalAll();
        }
        if (closed && !done && session.isDone()) {
            done = true;
            settled.signalAll();
            socket.lookAtAll();
        }
    }

    private void raise() {
        EventFd polled = event;
        if (polled != null && !raised) {
            raised = true;
            polled.raise();
        }
    }

    private boolean isReadable() {
        Session session = session();
        return closed || session == null || session.hasPart() || session.receivingEnded() != null;
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
        arrived.signalAll();
        room.signalAll();
        settled.signalAll();
        raise();
    }

    // ---- sending

    /** Puts something into the session as soon as there is room; false if the deadline passed first. */
    boolean send(ReliableOutput output, Deadline deadline) throws IOException, InterruptedException {
        lock(deadline);
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            boolean waited = false;
            while (true) {
                Session session = alive();
                Gone gone = session.sendingEnded();
                if (gone != null) {
                    throw gone(gone);
                }
                if (session.hasEndedSending()) {
                    throw waited ? new AsynchronousCloseException() : new ClosedChannelException();
                }
                if (session.hasRoom()) {
                    put(output, session);
                    if (!session.isWaitingForAnswers()) {
                        socket.pump(this, socket.now());
                    }
                    return true;
                }
                waited = true;
                senders++;
                try {
                    if (!SourceTable.await(room, deadline)) {
                        return false;
                    }
                } finally {
                    senders--;
                }
                if (closed) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            socket.lock.unlock();
        }
    }

    /** A message of which a part is missing would be completed by the next one: there is none after it. */
    private void put(ReliableOutput output, Session session) {
        boolean whole = false;
        try {
            output.into(session);
            whole = true;
        } finally {
            if (!whole) {
                fail(session, Gone.INCOMPLETE);
            }
        }
    }

    void endSending() throws IOException {
        socket.lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            alive().endSending();
            room.signalAll();
            socket.pump(this, socket.now());
        } finally {
            socket.lock.unlock();
        }
    }

    private Session alive() throws ClosedChannelException {
        Session session = session();
        if (session == null) {
            throw new ClosedChannelException();
        }
        return session;
    }

    PeerGoneException gone(Gone gone) {
        return new PeerGoneException(gone.reason(), socket.address, gone.detail());
    }

    private void lock(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            socket.lock.lock(); // nobody keeps it for long
        } else {
            socket.lock.lockInterruptibly();
        }
    }

    // ---- receiving

    /** Gives the reader more, as soon as there is something; false if the deadline passed first. */
    boolean read(MessageReader reader, Deadline deadline) throws IOException, InterruptedException {
        lock(deadline);
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            while (true) {
                Session session = alive();
                long now = socket.now();
                if (session.read(reader, now)) {
                    if (session.deadline() <= now) { // the window is worth telling
                        socket.pump(this, now);
                    }
                    return true;
                }
                Gone gone = session.receivingEnded();
                if (gone != null) {
                    throw gone(gone);
                }
                receivers++;
                try {
                    if (!SourceTable.await(arrived, deadline)) {
                        return false;
                    }
                } finally {
                    receivers--;
                }
                if (closed) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            socket.lock.unlock();
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

    private void fail(Session session, Gone reason) {
        long now = socket.now();
        session.abort(reason, now);
        if (!socket.isOver()) {
            socket.pump(this, now);
        }
        signalAll();
        socket.lookAtAll();
    }

    // ---- waiting for several

    /** The number of an eventfd that is readable while there is something to receive. */
    int pollable() throws IOException {
        socket.lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            EventFd polled = event;
            if (polled == null) {
                polled = new EventFd();
                event = polled;
                if (isReadable()) {
                    raise();
                }
            }
            return polled.number();
        } finally {
            socket.lock.unlock();
        }
    }

    /** Takes the sign back if nothing is left to receive. */
    void arm() {
        socket.lock.lock();
        try {
            EventFd polled = event;
            if (polled != null && raised && !isReadable()) {
                raised = false;
                polled.clear();
            }
        } finally {
            socket.lock.unlock();
        }
    }

    boolean isReady() {
        socket.lock.lock();
        try {
            return isReadable();
        } finally {
            socket.lock.unlock();
        }
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
        EventFd polled = event;
        if (polled != null) {
            polled.close();
            event = null;
        }
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
