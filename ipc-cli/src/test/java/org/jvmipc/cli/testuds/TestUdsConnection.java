package org.jvmipc.cli.testuds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

/** A connection; one thread may send while another receives. */
final class TestUdsConnection<T> implements Connection<T> {
    private final SocketChannel channel;
    private final Address address;
    private final Codec<T> codec;
    private final Readiness readable;
    private final Readiness writable;
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private @Nullable ByteBuffer body;

    TestUdsConnection(SocketChannel channel, Address address, Codec<T> codec) throws IOException {
        this.channel = channel;
        this.address = address;
        this.codec = codec;
        readable = new Readiness(channel, SelectionKey.OP_READ);
        writable = new Readiness(channel, SelectionKey.OP_WRITE);
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        trySend(message, Readiness.FOREVER);
    }

    @Override
    public boolean trySend(T message) throws IOException {
        throw new UnsupportedOperationException("no test needs it");
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        int size = codec.size(message);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
        codec.encode(message, bytes);
        bytes.rewind();
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                writable.await(Readiness.end(Readiness.FOREVER));
            }
        }
        return true;
    }

    @Override
    public Batch<T> batch() {
        return new Batch<>() {
            @Override
            public void add(T message) throws IOException, InterruptedException {
                send(message);
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is held back
            }
        };
    }

    @Override
    public T receive() throws IOException, InterruptedException {
        T message = tryReceive(Readiness.FOREVER);
        if (message == null) {
            throw new IOException("nothing came");
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws IOException, InterruptedException {
        long end = Readiness.end(timeout);
        T message = tryReceive();
        while (message == null && readable.await(end)) {
            message = tryReceive();
        }
        return message;
    }

    @Override
    public @Nullable T tryReceive() throws IOException {
        ByteBuffer open = body;
        if (open == null) {
            if (!fill(length)) {
                return null;
            }
            open = ByteBuffer.allocate(length.getInt(0));
            body = open;
        }
        if (!fill(open)) {
            return null;
        }
        length.clear();
        body = null;
        return codec.decode(open.flip());
    }

    private boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int count = channel.read(target);
            if (count < 0) {
                Reason reason = length.position() == 0 ? Reason.CLOSED : Reason.DIED;
                throw new PeerGoneException(reason, address, "the other side has ended");
            }
            if (count == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void endSending() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DUPLEX, Capability.RELIABLE, Capability.ORDERED);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }
}
