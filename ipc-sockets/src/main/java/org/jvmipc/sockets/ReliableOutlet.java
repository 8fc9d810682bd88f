package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Condition;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.Session;

/**
 * The sending side of a {@link ReliableEnd}, and those who wait for room.
 *
 * <p><b>Thread safety.</b> The calls of threads take the socket's lock themselves; what only the end calls, it calls under it.
 */
final class ReliableOutlet {
    private final ReliableEnd end;
    private final int sendBufferBytes;
    private final Condition room;
    private int senders;

    ReliableOutlet(ReliableEnd end, int sendBufferBytes) {
        this.end = end;
        this.sendBufferBytes = sendBufferBytes;
        this.room = end.socket.lock.newCondition();
    }

    /** Who waits for room is woken when there is much of it, as each wake is dear. */
    void changed(Session session) {
        if (senders > 0 && (session.sendingEnded() != null || session.queuedBytes() <= sendBufferBytes / 2)) {
            room.signalAll();
        }
    }

    void signalAll() {
        room.signalAll();
    }

    /** Puts something into the session as soon as there is room; false if the deadline passed first. */
    boolean send(ReliableOutput output, Deadline deadline) throws IOException, InterruptedException {
        end.lock(deadline);
        try {
            if (end.isClosed()) {
                throw new ClosedChannelException();
            }
            boolean waited = false;
            while (true) {
                Session session = end.alive();
                Gone gone = session.sendingEnded();
                if (gone != null) {
                    throw end.gone(gone);
                }
                if (session.hasEndedSending()) {
                    throw waited ? new AsynchronousCloseException() : new ClosedChannelException();
                }
                if (session.hasRoom()) {
                    put(output, session);
                    if (!session.isWaitingForAnswers()) {
                        end.socket.pump(end, end.socket.now());
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
                if (end.isClosed()) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            end.socket.lock.unlock();
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
                end.fail(session, Gone.INCOMPLETE);
            }
        }
    }

    void endSending() throws IOException {
        end.socket.lock.lock();
        try {
            if (end.isClosed()) {
                throw new ClosedChannelException();
            }
            end.alive().endSending();
            room.signalAll();
            end.socket.pump(end, end.socket.now());
        } finally {
            end.socket.lock.unlock();
        }
    }
}
