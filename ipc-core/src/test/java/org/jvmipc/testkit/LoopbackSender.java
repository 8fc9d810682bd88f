package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.HeldBatch;

/** The sending end of {@code loop:}. */
final class LoopbackSender<T> extends LoopbackEndpoint<T> implements Sender<T> {
    private static final int FIRST_GUESS_BYTES = 256;

    LoopbackSender(LoopbackChannel channel, Codec<T> codec) {
        super(channel, codec);
        channel.attachSender();
    }

    @Override
    void detach() {
        channel.detachSender();
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        transmit(message, Deadline.NEVER);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        return Boolean.TRUE.equals(now(deadline -> put(encode(message), deadline)));
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? trySend(message) : transmit(message, deadline);
    }

    private boolean transmit(T message, Deadline deadline) throws IOException, InterruptedException {
        return Boolean.TRUE.equals(inTurn(deadline, time -> put(encode(message), time)));
    }

    private boolean put(byte[] encoded, Deadline deadline) throws IOException, InterruptedException {
        return channel.put(encoded, deadline, this::isClosed);
    }

    private byte[] encode(T message) throws LimitException {
        int size = codec.size(message);
        checkLimit(size);
        if (size != Codec.UNKNOWN_SIZE) {
            return encode(message, size);
        }
        int guess = FIRST_GUESS_BYTES;
        while (true) {
            try {
                byte[] encoded = encode(message, guess);
                checkLimit(encoded.length);
                return encoded;
            } catch (BufferOverflowException e) {
                if (guess > channel.maxMessageBytes()) {
                    checkLimit(guess);
                }
                guess *= 2;
            }
        }
    }

    private byte[] encode(T message, int room) {
        ByteBuffer target = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(message, target);
        byte[] encoded = new byte[target.position()];
        target.get(0, encoded);
        return encoded;
    }

    private void checkLimit(int size) throws LimitException {
        if (size > channel.maxMessageBytes()) {
            throw new LimitException(
                    address() + ": a message of " + size + " bytes",
                    "max",
                    channel.maxMessageBytes(),
                    "create the channel with a larger one");
        }
    }

    @Override
    public Batch<T> batch() {
        return new LoopbackBatch();
    }

    /** Holds encoded messages; hands them over when there are many, and when asked. */
    private final class LoopbackBatch extends HeldBatch<T> {
        private static final int MOST_HELD = 16;

        private final ArrayDeque<byte[]> held = new ArrayDeque<>();

        @Override
        public void add(T message) throws IOException, InterruptedException {
            begin();
            byte[] encoded = encode(message);
            if (held.size() >= MOST_HELD) {
                flush();
            }
            held.add(encoded);
        }

        @Override
        protected Address address() {
            return LoopbackSender.this.address();
        }

        @Override
        protected void ensureSenderOpen() throws IOException {
            ensureOpen();
        }

        @Override
        public int heldBytes() {
            return held.stream()
                    .mapToInt(message -> Math.max(1, message.length))
                    .sum();
        }

        @Override
        protected void handOver() throws IOException, InterruptedException {
            inTurn(Deadline.NEVER, this::putAll);
        }

        private boolean putAll(Deadline deadline) throws IOException, InterruptedException {
            while (!held.isEmpty()) {
                put(held.element(), deadline);
                held.remove();
            }
            return true;
        }
    }
}
