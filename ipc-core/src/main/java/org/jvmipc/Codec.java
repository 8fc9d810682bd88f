package org.jvmipc;

import java.nio.ByteBuffer;

/**
 * Turns objects into bytes and back, at the edge of the toolkit; inside it there are only bytes. {@link Codecs} has the
 * usual ones.
 *
 * <p>A codec sees memory of its own process only, never memory that a peer can change under it. It treats every byte it
 * decodes as hostile: a length is checked against {@code source.remaining()} before anything is allocated.
 *
 * <p><b>Thread safety.</b> A codec is used by many endpoints and threads at once, so it keeps no state.
 *
 * @param <T> what a message is in Java
 */
public interface Codec<T> {
    /** What {@link #size(Object)} answers when only encoding would tell. */
    int UNKNOWN_SIZE = -1;

    /**
     * How many bytes {@link #encode} will write for this message.
     *
     * @return the exact number of bytes, or {@link #UNKNOWN_SIZE}
     */
    int size(T message);

    /**
     * Writes the message at the target's position and moves the position behind it. The target is little-endian.
     *
     * @throws java.nio.BufferOverflowException if it does not fit; the caller tries again with more room
     */
    void encode(T message, ByteBuffer target);

    /**
     * Makes the message, never null, from all bytes between the source's position and limit. The source is little-endian, read-only
     * and valid only during the call, or, for what is handed on as it is, until the next receive.
     *
     * @throws RuntimeException if the bytes are not such a message; the receiver throws {@link CorruptDataException}
     */
    T decode(ByteBuffer source);
}
