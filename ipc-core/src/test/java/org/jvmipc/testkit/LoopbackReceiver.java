package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;

/** The receiving end of {@code loop:}. */
final class LoopbackReceiver<T> extends LoopbackEndpoint<T> implements Receiver<T> {
    LoopbackReceiver(LoopbackChannel channel, Codec<T> codec) {
        super(channel, codec);
        channel.attachReceiver();
    }

    @Override
    void detach() {
        channel.detachReceiver();
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = inTurn(Deadline.NEVER, this::take);
        if (message == null) {
            throw new IllegalStateException("a wait without end has ended");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        return now(this::take);
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryReceive() : inTurn(deadline, this::take);
    }

    private @Nullable T take(Deadline deadline) throws IOException, InterruptedException {
        byte[] encoded = channel.take(deadline, this::isClosed);
        if (encoded == null) {
            return null;
        }
        try {
            return codec.decode(ByteBuffer.wrap(encoded).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        } catch (RuntimeException e) {
            throw new CorruptDataException(
                    address() + ": a message of " + encoded.length + " bytes could not be decoded: " + e.getMessage(),
                    e);
        }
    }
}
