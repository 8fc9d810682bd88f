package org.jvmipc.mq;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import org.jvmipc.Batch;
import org.jvmipc.mq.internal.RecordBuffer;

/**
 * Messages gathered in memory, which go into the log under one hold of its mutex.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
final class QueueBatch<T> implements Batch<T> {
    private static final int FULL_BYTES = 64 << 10;

    private final QueueSender<T> sender;
    private final RecordBuffer records;
    private boolean failed;
    private boolean interrupted;
    private boolean closed;

    QueueBatch(QueueSender<T> sender) {
        this.sender = sender;
        this.records = sender.newRecords();
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        ensureUsable();
        interrupted = false;
        if (records.end() >= FULL_BYTES) {
            flush();
        }
        try {
            sender.gather(records, message);
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        ensureUsable();
        interrupted = false;
        if (records.end() == 0) {
            return;
        }
        try {
            sender.flush(records);
            records.clear();
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        if (!failed && !interrupted) {
            flushOrInterrupt();
        }
        closed = true;
        if (interrupted && records.end() > 0) {
            throw new InterruptedIOException(sender.address() + ": " + records.end()
                    + " bytes of a batch were not handed over after an interrupt");
        }
    }

    /** A close must not throw InterruptedException: try-with-resources would suppress it and lose the interrupt. */
    private void flushOrInterrupt() throws IOException {
        try {
            flush();
        } catch (InterruptedException e) {
            interrupted = false; // this close has told it, and may be done again
            Thread.currentThread().interrupt();
            InterruptedIOException told =
                    new InterruptedIOException(sender.address() + ": interrupted while handing over a batch");
            told.initCause(e);
            throw told;
        }
    }

    private void ensureUsable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        sender.ensureOpen();
        if (failed) {
            throw new IOException(sender.address() + ": an earlier hand-over of this batch failed");
        }
    }
}
