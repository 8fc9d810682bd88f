package org.jvmipc.mq;

import java.io.IOException;
import org.jvmipc.Batch;
import org.jvmipc.LimitException;

/**
 * A batch of the ring; what is too large for it is told without the envelope.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
final class InboxBatch<T> implements Batch<T> {
    private final InboxSender<T> sender;
    private final Batch<T> batch;

    InboxBatch(InboxSender<T> sender, Batch<T> batch) {
        this.sender = sender;
        this.batch = batch;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        try {
            batch.add(message);
        } catch (LimitException e) {
            throw sender.inOwnTerms(e);
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        batch.flush();
    }

    @Override
    public void close() throws IOException {
        batch.close();
    }
}
