package org.jvmipc.mq;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.internal.HeldBatch;
import org.jvmipc.mq.internal.RecordBuffer;

/**
 * Messages gathered in memory, which go into the log under one hold of its mutex.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
final class QueueBatch<T> extends HeldBatch<T> {
    private static final int FULL_BYTES = 64 << 10;

    private final QueueSender<T> sender;
    private final RecordBuffer records;

    QueueBatch(QueueSender<T> sender) {
        this.sender = sender;
        this.records = sender.newRecords();
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (records.end() >= FULL_BYTES) {
            flush();
        }
        try {
            sender.gather(records, message);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    protected Address address() {
        return sender.address();
    }

    @Override
    protected void ensureSenderOpen() throws IOException {
        sender.ensureOpen();
    }

    @Override
    public int heldBytes() {
        return records.end();
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        sender.flush(records);
        records.clear();
    }
}
