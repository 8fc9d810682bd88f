package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.EventFd;

/**
 * One source of a {@link SourceTable}, for the connection that was made of it: its queue, and its end.
 *
 * <p><b>Thread safety.</b> Yes: by the table's lock.
 */
final class SourceInbox {
    private final SourceTable table;
    private final DatagramSource source;

    SourceInbox(SourceTable table, DatagramSource source) {
        this.table = table;
        this.source = source;
    }

    /** The next datagram; null if the deadline passed first. */
    DatagramSource.@Nullable Arrival take(Deadline deadline) throws IOException, InterruptedException {
        table.lock(deadline);
        try {
            if (source.closed) {
                throw new ClosedChannelException();
            }
            while (true) {
                DatagramSource.Arrival next = source.queue.poll();
                if (next != null) {
                    table.took(next);
                    return next;
                }
                if (source.gone) {
                    throw table.silent(source);
                }
                if (!SourceTable.await(source.arrived, deadline)) {
                    return null;
                }
                if (source.closed) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            table.unlock();
        }
    }

    /** Refuses to send to one that is over, and notes that something is sent. */
    void beforeSending() throws IOException {
        table.lock();
        try {
            if (source.closed) {
                throw new ClosedChannelException();
            }
            if (source.gone) {
                throw table.silent(source);
            }
            source.touch();
        } finally {
            table.unlock();
        }
    }

    /** The number of an eventfd that is readable while there is something to receive. */
    int pollable() throws IOException {
        table.lock();
        try {
            if (source.closed) {
                throw new ClosedChannelException();
            }
            EventFd event = source.event;
            if (event == null) {
                event = new EventFd();
                source.event = event;
                if (source.isReady()) {
                    event.raise();
                }
            }
            return event.number();
        } finally {
            table.unlock();
        }
    }

    /** Takes the sign back if nothing is left to receive. */
    void arm() {
        table.lock();
        try {
            EventFd event = source.event;
            if (event != null && !source.isReady()) {
                event.clear();
            }
        } finally {
            table.unlock();
        }
    }

    boolean isReady() {
        table.lock();
        try {
            return source.isReady();
        } finally {
            table.unlock();
        }
    }

    long dropped() {
        table.lock();
        try {
            return source.dropped;
        } finally {
            table.unlock();
        }
    }

    void close() {
        table.close(source);
    }
}
