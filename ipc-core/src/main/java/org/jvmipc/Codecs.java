package org.jvmipc;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * The usual codecs: bytes, text, numbers and records.
 *
 * <pre>{@code
 * record Price(String symbol, long cents) {}
 *
 * Sender<Price> out = Ipc.sender(address, Codecs.record(Price.class));
 * Sender<String> lines = Ipc.sender(address, Codecs.utf8());
 * }</pre>
 *
 * <table>
 * <caption>Codecs</caption>
 * <tr><th></th><th>message</th><th>on the wire</th></tr>
 * <tr><td>{@link #bytes()}</td><td>{@code byte[]}</td><td>the bytes</td></tr>
 * <tr><td>{@link #buffers()}</td><td>{@code ByteBuffer}, no copy on receiving</td><td>the bytes</td></tr>
 * <tr><td>{@link #utf8()}</td><td>{@code String}</td><td>UTF-8, without length or terminator</td></tr>
 * <tr><td>{@link #int64()}</td><td>{@code Long}</td><td>8 bytes, little-endian, two's complement</td></tr>
 * <tr><td>{@link #record(Class)}</td><td>a record</td><td>its components, little-endian, in order</td></tr>
 * </table>
 *
 * <p>Bytes that are not such a message are an {@link IllegalArgumentException} on decoding, which a receiver hands on as
 * {@link CorruptDataException}; a message that has no such form is one on encoding. Null is no message.
 *
 * <p><b>Thread safety.</b> Codecs are stateless and shared.
 */
public final class Codecs {
    private Codecs() {}

    /** Byte arrays. What is received is a new array, the caller's own. */
    public static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /**
     * Byte buffers, without anything allocated per message. Sending takes the bytes between position and limit, and moves
     * neither. What is received is a read-only view, little-endian, that is valid until the next receive from the same
     * receiver; what is needed longer has to be copied.
     */
    public static Codec<ByteBuffer> buffers() {
        return BuffersCodec.INSTANCE;
    }

    /** Text as UTF-8. Half a surrogate pair cannot be sent; bytes that are not UTF-8 are refused, never replaced. */
    public static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }

    /** Numbers of 64 bits. */
    public static Codec<Long> int64() {
        return Int64Codec.INSTANCE;
    }

    /**
     * Records with components of primitive types, {@code String}, enums, records, and arrays, lists and options of these, none
     * of them null. Local and private records work too; one in a named module has to be in a package that is open to this
     * one.
     *
     * <pre>{@code
     * enum Side { BUY, SELL }
     * record Item(String symbol, int count) {}
     * record Order(long id, Side side, List<Item> items, Optional<String> note) {}
     *
     * Codec<Order> orders = Codecs.record(Order.class);
     * }</pre>
     *
     * <table>
     * <caption>Layout: the components in the order of their declaration, without padding, little-endian</caption>
     * <tr><th>component</th><th>bytes</th><th>on the wire</th></tr>
     * <tr><td>{@code boolean}</td><td>1</td><td>0 or 1</td></tr>
     * <tr><td>{@code byte}</td><td>1</td><td>two's complement</td></tr>
     * <tr><td>{@code short}</td><td>2</td><td>two's complement</td></tr>
     * <tr><td>{@code char}</td><td>2</td><td>one UTF-16 unit, unsigned</td></tr>
     * <tr><td>{@code int}</td><td>4</td><td>two's complement</td></tr>
     * <tr><td>{@code long}</td><td>8</td><td>two's complement</td></tr>
     * <tr><td>{@code float}</td><td>4</td><td>IEEE 754 binary32</td></tr>
     * <tr><td>{@code double}</td><td>8</td><td>IEEE 754 binary64</td></tr>
     * <tr><td>{@code String}</td><td>4 + n</td><td>int32 n, then n bytes of UTF-8</td></tr>
     * <tr><td>{@code byte[]}</td><td>4 + n</td><td>int32 n, then n bytes</td></tr>
     * <tr><td>array of another primitive type</td><td>4 + n elements</td><td>int32 n, then n elements</td></tr>
     * <tr><td>{@code Integer} and the like</td><td>as {@code int}</td><td>as {@code int}</td></tr>
     * <tr><td>enum</td><td>4</td><td>int32, the ordinal</td></tr>
     * <tr><td>record</td><td>its components</td><td>its components</td></tr>
     * <tr><td>{@code List<E>}</td><td>4 + n elements</td><td>int32 n, then n elements</td></tr>
     * <tr><td>{@code Optional<E>}</td><td>1, or 1 + the value</td><td>0, or 1 and the value</td></tr>
     * </table>
     *
     * <p>There is neither version, name nor field number in it: both sides have to use the same records and enums. A list
     * that is received is immutable. A record that contains itself, by whatever way, is refused, so the depth of a message is
     * that of its type; so are lists of what takes no bytes, and types that are not certain, such as
     * {@code List<? extends Item>} or a type variable.
     *
     * <p><b>Errors</b> name the component by its path, such as {@code Order.items[3].symbol}: one that is null, or text
     * with half a surrogate pair, on encoding; on decoding a length beyond the bytes that are here, which is noticed before
     * anything is allocated, a constant that does not exist, bytes that are missing, or a value that a record's constructor
     * refuses.
     *
     * <p><b>Size.</b> It is exact where no {@code String} is inside, and {@link Codec#UNKNOWN_SIZE} otherwise: counting costs
     * as much as encoding.
     *
     * @throws IllegalArgumentException if a component has another type, or a record cannot be accessed; says which and why
     */
    public static <R extends Record> Codec<R> record(Class<R> type) {
        return new RecordCodec<>(type);
    }

    private enum BytesCodec implements Codec<byte[]> {
        INSTANCE;

        @Override
        public int size(byte[] message) {
            return message.length;
        }

        @Override
        public void encode(byte[] message, ByteBuffer target) {
            target.put(message);
        }

        @Override
        public byte[] decode(ByteBuffer source) {
            byte[] message = new byte[source.remaining()];
            source.get(message);
            return message;
        }
    }

    private enum BuffersCodec implements Codec<ByteBuffer> {
        INSTANCE;

        @Override
        public int size(ByteBuffer message) {
            return message.remaining();
        }

        @Override
        public void encode(ByteBuffer message, ByteBuffer target) {
            int size = message.remaining();
            if (size > target.remaining()) {
                throw new BufferOverflowException();
            }
            int position = target.position();
            // The absolute form leaves the caller's position alone, without a duplicate per message.
            target.put(position, message, message.position(), size);
            target.position(position + size);
        }

        @Override
        public ByteBuffer decode(ByteBuffer source) {
            return source;
        }
    }

    private enum Utf8Codec implements Codec<String> {
        INSTANCE;

        @Override
        public int size(String message) {
            return UNKNOWN_SIZE; // counting costs more than encoding
        }

        @Override
        public void encode(String message, ByteBuffer target) {
            target.put(Utf8.encode(message));
        }

        @Override
        public String decode(ByteBuffer source) {
            return Utf8.decode(BytesCodec.INSTANCE.decode(source));
        }
    }

    private enum Int64Codec implements Codec<Long> {
        INSTANCE;

        @Override
        public int size(Long message) {
            return Long.BYTES;
        }

        @Override
        public void encode(Long message, ByteBuffer target) {
            target.putLong(message);
        }

        @Override
        public Long decode(ByteBuffer source) {
            if (source.remaining() != Long.BYTES) {
                throw new IllegalArgumentException(
                        "message has " + source.remaining() + " bytes; a number of 64 bits has " + Long.BYTES);
            }
            return source.getLong();
        }
    }
}
