package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.EventFd;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.MessageReader;
import org.jvmipc.sockets.internal.reliable.Session;

/**
 * The receiving side of a {@link ReliableEnd}: those who wait for something to come, and the sign for those who wait for several.
 *
 * <p><b>Thread safety.</b> The calls of threads take the socket's lock themselves; what only the end calls, it calls under it.
 */
final class ReliableInlet {
    private final ReliableEnd end;
    private final Condition arrived;
    private int receivers;
    private @Nullable EventFd event;
    private boolean raised;

    ReliableInlet(ReliableEnd end) {
        this.end = end;
        this.arrived = end.socket.lock.newCondition();
    }

    void changed() {
        if ((receivers > 0 || event != null) && isReadable()) {
            signalAll();
        }
    }

    void signalAll() {
        arrived.signalAll();
        raise();
    }

    /** Nobody polls it any more. */
    void close() {
        EventFd polled = event;
        if (polled != null) {
            polled.close();
            event = null;
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
        Session session = end.session();
        return end.isClosed() || session == null || session.hasPart() || session.receivingEnded() != null;
    }

    /** Gives the reader more, as soon as there is something; false if the deadline passed first. */
    boolean read(MessageReader reader, Deadline deadline) throws IOException, InterruptedException {
        end.lock(deadline);
        try {
            if (end.isClosed()) {
                throw new ClosedChannelException();
            }
            while (true) {
                Session session = end.alive();
                long now = end.socket.now();
                if (session.read(reader, now)) {
                    if (session.deadline() <= now) { // the window is worth telling
                        end.socket.pump(end, now);
                    }
                    return true;
                }
                Gone gone = session.receivingEnded();
                if (gone != null) {
                    throw end.gone(gone);
                }
                receivers++;
                try {
                    if (!SourceTable.await(arrived, deadline)) {
                        return false;
                    }
                } finally {
                    receivers--;
                }
                if (end.isClosed()) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            end.socket.lock.unlock();
        }
    }

    /** The number of an eventfd that is readable while there is something to receive. */
    int pollable() throws IOException {
        end.socket.lock.lock();
        try {
            if (end.isClosed()) {
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
            end.socket.lock.unlock();
        }
    }

    /** Takes the sign back if nothing is left to receive. */
    void arm() {
        end.socket.lock.lock();
        try {
            EventFd polled = event;
            if (polled != null && raised && !isReadable()) {
                raised = false;
                polled.clear();
            }
        } finally {
            end.socket.lock.unlock();
        }
    }

    boolean isReady() {
        end.socket.lock.lock();
        try {
            return isReadable();
        } finally {
            end.socket.lock.unlock();
        }
    }
}
