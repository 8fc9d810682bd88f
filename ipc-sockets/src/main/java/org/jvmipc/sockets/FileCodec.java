package org.jvmipc.sockets;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.internal.posix.DescriptorPath;
import org.jvmipc.internal.posix.Fd;

/**
 * Where messages and files meet: a message is encoded and decoded by the thread that sends or receives it, while no other does
 * so over that connection.
 */
final class FileCodec<T> implements Codec<T> {
    private final Codec<T> codec;
    private final DescriptorPath path;
    private final Map<Thread, Basket> wanting = new ConcurrentHashMap<>();
    private volatile LongSupplier position = () -> 0;
    private volatile @Nullable Outgoing outgoing;

    private static final class Outgoing {
        private final Thread thread = Thread.currentThread();
        private final int[] descriptors;
        private final int mostBytes;

        private Outgoing(int[] descriptors, int mostBytes) {
            this.descriptors = descriptors;
            this.mostBytes = mostBytes;
        }
    }

    /** The message has more bytes than files may go with. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int bytes;

        private TooLongException(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }

    /** What a thread that wants files has got with its message. */
    static final class Basket {
        DescriptorPath.@Nullable Taken taken;
    }

    FileCodec(Codec<T> codec, DescriptorPath path) {
        this.codec = codec;
        this.path = path;
    }

    /** Where the message that is decoded ends in the stream. */
    void position(LongSupplier end) {
        position = end;
    }

    /**
     * The next message that this thread encodes has these with it, until {@link #sent()}.
     *
     * @param mostBytes how long it may be
     */
    void sending(int[] descriptors, int mostBytes) {
        outgoing = new Outgoing(descriptors, mostBytes);
    }

    void sent() {
        outgoing = null;
    }

    /** This thread wants the files of the message that it receives, until {@link #received()}. */
    Basket receiving() {
        Basket basket = new Basket();
        wanting.put(Thread.currentThread(), basket);
        return basket;
    }

    void received() {
        wanting.remove(Thread.currentThread());
    }

    @Override
    public int size(T message) {
        return codec.size(message);
    }

    @Override
    public void encode(T message, ByteBuffer target) {
        int from = target.position();
        codec.encode(message, target);
        Outgoing files = outgoing;
        if (files != null && files.thread == Thread.currentThread()) {
            int length = target.position() - from;
            if (length > files.mostBytes) {
                throw new TooLongException(length);
            }
            path.attach(files.descriptors);
        }
    }

    @Override
    public T decode(ByteBuffer source) {
        DescriptorPath.Taken taken = path.take(position.getAsLong());
        if (taken == null) {
            return codec.decode(source);
        }
        Basket basket = wanting.get(Thread.currentThread());
        boolean kept = false;
        try {
            T message = codec.decode(source);
            if (basket != null) {
                basket.taken = taken;
                kept = true;
            }
            return message;
        } finally {
            if (!kept) {
                close(taken.descriptors());
            }
        }
    }

    private static void close(List<Fd> descriptors) {
        descriptors.forEach(Fd::close);
    }

    @Override
    public String toString() {
        return codec.toString();
    }
}
