package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;

/**
 * Puts envelopes around requests and replies, in memory of this process; before a plain message the ring itself puts {@link
 * InboxEnvelope#plainHeader()}.
 *
 * <p><b>Thread safety.</b> None: the caller has one message sent after another.
 *
 * @param <T> what a message is in Java
 */
public final class EnvelopeCodec<T> implements Codec<T> {
    private final Codec<T> codec;
    private byte[] envelope = {};

    /** One that has to {@link #begin} before each message. */
    public EnvelopeCodec(Codec<T> codec) {
        this.codec = codec;
    }

    /** What is sent from now on is a request, or a reply. */
    public void begin(int kind, long correlation, @Nullable Address replyTo) {
        envelope = InboxEnvelope.bytes(kind, correlation, replyTo);
    }

    /** How many bytes stand before the next message. */
    public int envelopeBytes() {
        return envelope.length;
    }

    @Override
    public int size(T message) {
        int size = codec.size(message);
        return size < 0 ? size : Math.addExact(size, envelopeBytes());
    }

    @Override
    public void encode(T message, ByteBuffer target) {
        if (envelope.length == 0) {
            throw new IllegalStateException("a request or a reply was not begun");
        }
        target.put(envelope);
        codec.encode(message, target);
    }

    /** Of what is sent nothing is decoded. */
    @Override
    public T decode(ByteBuffer source) {
        throw new UnsupportedOperationException("a sender decodes nothing");
    }

    @Override
    public String toString() {
        return codec.toString();
    }

    /**
     * What makes messages of envelopes, without what stands before them.
     *
     * @param <T> what a message is in Java
     */
    public static <T> Codec<T> bodies(Codec<T> codec) {
        return new Opening<>(codec) {
            @Override
            public T decode(ByteBuffer source) {
                InboxEnvelope.skip(source);
                return codec.decode(source);
            }
        };
    }

    /** Makes what is received of an envelope and its message. */
    public interface Mapping<T, R> {
        R map(InboxEnvelope envelope, T body);
    }

    /** What makes messages of envelopes, with what stands before them. */
    public static <T, R> Codec<R> messages(Codec<T> codec, Mapping<T, R> mapping) {
        return new Opening<>(codec) {
            @Override
            public R decode(ByteBuffer source) {
                InboxEnvelope envelope = InboxEnvelope.read(source);
                return mapping.map(envelope, codec.decode(source));
            }
        };
    }

    /** What only decodes. */
    private abstract static class Opening<R> implements Codec<R> {
        private final Codec<?> codec;

        private Opening(Codec<?> codec) {
            this.codec = codec;
        }

        @Override
        public int size(R message) {
            throw new UnsupportedOperationException("a receiver encodes nothing");
        }

        @Override
        public void encode(R message, ByteBuffer target) {
            throw new UnsupportedOperationException("a receiver encodes nothing");
        }

        @Override
        public String toString() {
            return codec.toString();
        }
    }
}
