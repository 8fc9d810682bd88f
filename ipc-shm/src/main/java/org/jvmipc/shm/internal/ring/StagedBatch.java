package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.internal.HeldBatch;

/**
 * Messages gathered in memory of this process, as the records that they will be: a run of them goes into the ring by one copy, and
 * becomes visible by one store.
 *
 * <p><b>Thread safety.</b> None, as every {@link Batch}.
 */
public final class StagedBatch<T> extends HeldBatch<T> {
    /** What is copied while it is still near the processor. */
    private static final int FULL_BYTES = 16 << 10;

    /** Reachable while the batch is, and in each call to its end: else it might be closed as forgotten meanwhile. */
    private final Object sender;

    private final SendingEnd<T> end;
    private final RecordStage<T> stage;

    /** An empty one. */
    public StagedBatch(Object sender, SendingEnd<T> end, Codec<T> codec) {
        this.sender = sender;
        this.end = end;
        this.stage = end.newStage(codec);
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (stage.end() >= FULL_BYTES) {
            flush();
        }
        stage.add(message);
    }

    @Override
    protected Address address() {
        return end.address();
    }

    @Override
    protected void ensureSenderOpen() throws IOException {
        end.ensureOpen();
    }

    @Override
    public int heldBytes() {
        return stage.end() - stage.begin();
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        try {
            end.flush(stage);
        } finally {
            Reference.reachabilityFence(sender);
        }
    }
}
