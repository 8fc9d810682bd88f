package org.jvmipc.sockets.internal.loop;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.internal.HeldBatch;
import org.jvmipc.internal.stream.StreamBatch;

/**
 * A batch over a connection on an event loop: gathered as over any stream, and handed over when there is room, so that nobody waits
 * with the sender's lock.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
final class HandledBatch<T> extends HeldBatch<T> {
    private final HandledSocket<T> socket;
    private final StreamBatch<T> gathered;

    HandledBatch(HandledSocket<T> socket, StreamBatch<T> gathered) {
        this.socket = socket;
        this.gathered = gathered;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (gathered.tryAdd(message)) {
            return;
        }
        try {
            socket.handOver(() -> gathered.add(message));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    protected Address address() {
        return socket.address();
    }

    @Override
    protected void ensureSenderOpen() throws IOException {
        socket.ensureOpen();
    }

    @Override
    public int heldBytes() {
        return gathered.heldBytes();
    }

    @Override
    public @Nullable Exception failure() {
        Exception own = super.failure();
        return own != null ? own : gathered.failure();
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        socket.handOver(gathered::flush);
    }

    @Override
    protected void ended() throws IOException {
        if (heldBytes() == 0) {
            gathered.close(); // it has a buffer to give back
        }
    }
}
