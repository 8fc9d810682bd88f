package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jvmipc.Batch;
import org.jvmipc.Sender;

/** A batch that was asked for while there was no connection: it sends message by message. */
final class UnconnectedBatch<T> implements Batch<T> {
    private final Sender<T> sender;
    private boolean closed;

    UnconnectedBatch(Sender<T> sender) {
        this.sender = sender;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        flush();
        sender.send(message);
    }

    @Override
    public void flush() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
