package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jvmipc.Batch;
import org.jvmipc.Sender;

/** Datagrams do not share a call: each message goes out when it is added, and nothing is held back. */
final class DatagramBatch<T> implements Batch<T> {
    private final Sender<T> sender;
    private boolean closed;

    DatagramBatch(Sender<T> sender) {
        this.sender = sender;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        if (closed) {
            throw new ClosedChannelException();
        }
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
