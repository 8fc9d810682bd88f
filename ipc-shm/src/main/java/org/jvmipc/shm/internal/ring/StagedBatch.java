package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Batch;
import org.jvmipc.Codec;

/**
 * Messages gathered in memory of this process, as the records that they will be: a run of them goes into the ring by one copy, and
 * becomes visible by one store.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
public final class StagedBatch<T> implements Batch<T> {
    /** What is copied while it is still near the processor. */
    private static final int FULL_BYTES = 16 << 10;

    /** Reachable while the batch is, and in each call to its end: else it might be closed as forgotten meanwhile. */
    private final Object sender;

    private final SendingEnd<T> end;
    private final RecordStage<T> stage;
    private @Nullable Exception failure;
    private boolean interrupted;
    private boolean closed;

    /** An empty one. */
    public StagedBatch(Object sender, SendingEnd<T> end, Codec<T> codec) {
        this.sender = sender;
        this.end = end;
        this.stage = end.newStage(codec);
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        ensureUsable();
        interrupted = false;
        if (stage.end() >= FULL_BYTES) {
            flush();
        }
        stage.add(message);
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        ensureUsable();
        interrupted = false;
        if (stage.isEmpty()) {
            return;
        }
        try {
            end.flush(stage);
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            Reference.reachabilityFence(sender);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        if (!stage.isEmpty() && failure == null && !interrupted) {
            flushOrInterrupt();
        }
        closed = true;
        if (interrupted && !stage.isEmpty()) {
            throw new InterruptedIOException(end.address() + ": " + (stage.end() - stage.begin())
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
                    new InterruptedIOException(end.address() + ": interrupted while handing over a batch");
            told.initCause(e);
            throw told;
        } catch (IOException | RuntimeException e) {
            closed = true; // it is not tried again
            throw e;
        }
    }

    private void ensureUsable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        end.ensureOpen();
        if (failure != null) {
            throw new IOException(end.address() + ": an earlier hand-over of this batch failed", failure);
        }
    }
}
