package org.jvmipc.mq;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.HeldBatch;

/**
 * One call carries one message, so each goes out as it is added; the one for which there is no room is held, and the next one waits
 * until that is sent.
 *
 * <p><b>Thread safety.</b> None.
 */
final class PosixQueueBatch<T> extends HeldBatch<T> {
    private static final int NONE = -1;

    private final PosixMessageSender<T> sender;
    private final PosixMessageEncoder<T> encoder;
    private int held = NONE;

    PosixQueueBatch(PosixMessageSender<T> sender, PosixMessageEncoder<T> encoder) {
        this.sender = sender;
        this.encoder = encoder;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        flush();
        int length = encoder.encode(message);
        if (!sender.put(encoder.memory(), length, Deadline.NOW)) {
            held = length;
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

    /** An empty message counts as a byte. */
    @Override
    public int heldBytes() {
        return held == NONE ? 0 : Math.max(1, held);
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        sender.put(encoder.memory(), held, Deadline.NEVER);
        held = NONE;
    }
}
