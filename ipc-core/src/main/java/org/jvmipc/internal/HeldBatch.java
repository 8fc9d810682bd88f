package org.jvmipc.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;

/**
 * What batches share that hold messages in memory of this process: when they hand over, what an interrupt or a failure means for
 * what comes after it, and an orderly close. A subclass gathers, in its {@link #add}, which begins with {@link #begin()}.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 *
 * @param <T> what a message is in Java
 */
public abstract class HeldBatch<T> implements Batch<T> {
    private @Nullable Exception failure;
    private boolean interrupted;
    private boolean closed;

    /** The sender's. */
    protected abstract Address address();

    /** Whether there is anything to hand over to. */
    protected abstract void ensureSenderOpen() throws IOException;

    /** How many bytes wait to be handed over, marks included. */
    public abstract int heldBytes();

    /** How many of them nobody will send if the batch ends now. */
    protected int unsentBytes() {
        return heldBytes();
    }

    /** Hands over all; after an interrupt what is left of it is held. */
    protected abstract void handOver() throws IOException, InterruptedException;

    /** It is closed, and nothing is called any more. */
    protected void ended() throws IOException {}

    /** Why its hand-over failed, after which it is over. */
    public @Nullable Exception failure() {
        return failure;
    }

    /** Begins a call that adds or hands over. */
    protected final void begin() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        ensureSenderOpen();
        Exception earlier = failure();
        if (earlier != null) {
            throw new IOException(address() + ": an earlier hand-over of this batch failed", earlier);
        }
        interrupted = false;
    }

    /** Notes that the call is interrupted, which its caller then throws. */
    protected final InterruptedException interrupted(InterruptedException e) {
        interrupted = true;
        return e;
    }

    @Override
    public final void flush() throws IOException, InterruptedException {
        begin();
        if (heldBytes() == 0) {
            return;
        }
        try {
            handOver();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public final void close() throws IOException {
        if (closed) {
            return;
        }
        if (heldBytes() > 0 && failure() == null && !interrupted) {
            flushOrInterrupt();
        }
        closed = true;
        ended();
        if (interrupted && unsentBytes() > 0) {
            throw new InterruptedIOException(
                    address() + ": " + unsentBytes() + " bytes of a batch were not handed over after an interrupt");
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
                    new InterruptedIOException(address() + ": interrupted while handing over a batch");
            told.initCause(e);
            throw told;
        } catch (IOException | RuntimeException e) {
            closed = true; // it is not tried again
            throw e;
        }
    }
}
