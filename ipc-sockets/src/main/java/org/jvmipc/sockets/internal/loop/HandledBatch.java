package org.jvmipc.sockets.internal.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
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
    private boolean interrupted;
    private boolean closed;

    HandledBatch(HandledSocket<T> socket, StreamBatch<T> gathered) {
        this.socket = socket;
        this.gathered = gathered;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (!gathered.tryAdd(message)) {
            handOver(() -> gathered.add(message));
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        begin();
        if (gathered.heldBytes() > 0) {
            handOver(gathered::flush);
        } else {
            gathered.flush();
        }
    }

    private void begin() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        interrupted = false;
    }

    private void handOver(HandledSocket.HandOver part) throws IOException, InterruptedException {
        try {
            socket.handOver(part);
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        if (gathered.heldBytes() == 0) {
            gathered.close();
        } else if (!interrupted) {
            handOverOrInterrupt();
        }
        closed = true;
        if (interrupted && gathered.heldBytes() > 0) {
            throw new InterruptedIOException(socket.address() + ": " + gathered.heldBytes()
                    + " bytes of a batch were not handed over after an interrupt");
        }
    }

    /** A close must not throw InterruptedException: try-with-resources would suppress it and lose the interrupt. */
    private void handOverOrInterrupt() throws IOException {
        try {
            handOver(gathered::close);
        } catch (InterruptedException e) {
            interrupted = false; // this close has told it, and may be done again
            Thread.currentThread().interrupt();
            InterruptedIOException told =
                    new InterruptedIOException(socket.address() + ": interrupted while handing over a batch");
            told.initCause(e);
            throw told;
        } catch (IOException | RuntimeException e) {
            closed = true; // it is not tried again
            throw e;
        }
    }
}
