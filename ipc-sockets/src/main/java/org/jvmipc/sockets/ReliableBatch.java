package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.HeldBatch;
import org.jvmipc.sockets.internal.reliable.Session;

/** Holds messages, each behind its length, and puts all into the session at once. */
final class ReliableBatch<T> extends HeldBatch<T> {
    private static final int MOST_HELD_BYTES = 64 << 10;
    private static final int LENGTH_BYTES = Integer.BYTES;

    private final ReliableSession<T> sender;
    private final ReliableEncoder<T> encoder;
    private int held;

    ReliableBatch(ReliableSession<T> sender, Codec<T> codec) {
        this.sender = sender;
        this.encoder = new ReliableEncoder<>(sender.address(), codec, sender.largestMessageBytes());
    }

    @Override
    protected Address address() {
        return sender.address();
    }

    @Override
    protected void ensureSenderOpen() throws IOException {
        sender.ensureSending();
    }

    @Override
    public int heldBytes() {
        return held;
    }

    @Override
    public void add(T message) throws IOException, InterruptedException {
        begin();
        if (held >= MOST_HELD_BYTES) {
            try {
                handOver();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        int length = encoder.encode(message, held + LENGTH_BYTES);
        encoder.buffer().putInt(held, length);
        held += LENGTH_BYTES + length;
    }

    @Override
    protected void handOver() throws IOException, InterruptedException {
        sender.put(this::into, Deadline.NEVER);
        held = 0;
        encoder.trim();
    }

    private void into(Session session) {
        ByteBuffer all = encoder.buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        all.clear().limit(held);
        while (all.hasRemaining()) {
            int length = all.getInt();
            int end = all.position() + length;
            all.limit(end);
            session.send(all);
            all.limit(held);
        }
    }
}
