package org.jvmipc.sockets.internal.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jvmipc.Batch;
import org.jvmipc.internal.stream.StreamBatch;

/**
 * A batch over a connection on an event loop: gathered as over any stream, and handed over when there is room, so that nobody waits
 * with the sender's lock.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
final class HandledBatch<T> implements Batch<T> {
    private final HandledSocket<T> socket;
    private final StreamBatch<T> gathered;

    HandledBatch(HandledSocket<T> socket, StreamBatch<T> gathered) {
        this.socket = socket;
        this.gathered = gathered;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        if (!gathered.tryAdd(message)) {
            socket.handOver(() -> gathered.add(message));
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        if (gathered.hasMessages()) {
            socket.handOver(gathered::flush);
        } else {
            gathered.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (gathered.hasMessages()) {
            handOverOrInterrupt();
        } else {
            gathered.close();
        }
    }

    /** A close must not throw InterruptedException: try-with-resources would suppress it and lose the interrupt. */
    private void handOverOrInterrupt() throws IOException {
        try {
            socket.handOver(gathered::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException told =
                    new InterruptedIOException(socket.address() + ": interrupted while handing over a batch");
            told.initCause(e);
            throw told;
        }
    }
}
