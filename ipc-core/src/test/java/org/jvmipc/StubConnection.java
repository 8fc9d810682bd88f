package org.jvmipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Both ends of a queue that never fills and never waits, for the tests of {@link Ipc}: enough to see who was called. */
final class StubConnection<T> implements Connection<T> {
    private final Address address;
    private final Codec<T> codec;
    private final Queue<byte[]> queue;

    StubConnection(Address address, Codec<T> codec, Queue<byte[]> queue) {
        this.address = address;
        this.codec = codec;
        this.queue = queue;
    }

    @Override
    public void send(T message) {
        trySend(message);
    }

    @Override
    public boolean trySend(T message) {
        ByteBuffer target = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(message, target);
        byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        return queue.add(bytes);
    }

    @Override
    public boolean trySend(T message, Duration timeout) {
        return trySend(message);
    }

    @Override
    public Batch<T> batch() {
        throw new UnsupportedOperationException();
    }

    @Override
    public T receive() throws IOException {
        T message = tryReceive();
        if (message == null) {
            throw new PeerGoneException(PeerGoneException.Reason.CLOSED, address, "nothing left");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() {
        byte[] bytes = queue.poll();
        return bytes == null ? null : codec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) {
        return tryReceive();
    }

    @Override
    public void endSending() {}

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
