package org.jvmipc.mq;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.ProcFiles;

/**
 * Puts messages into private memory, where the kernel copies them from.
 *
 * <p><b>Thread safety.</b> None.
 */
final class PosixMessageEncoder<T> {
    private static final String MOST = "/proc/sys/fs/mqueue/msgsize_max";

    private final Address address;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private @Nullable NativeBuffer memory;

    PosixMessageEncoder(Address address, Codec<T> codec, int maxMessageBytes) {
        this.address = address;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Where the last message lies. */
    NativeBuffer memory() {
        NativeBuffer present = memory;
        if (present == null) {
            present = new NativeBuffer(maxMessageBytes);
            memory = present;
        }
        return present;
    }

    /**
     * Encodes a message.
     *
     * @return its length in bytes
     */
    int encode(T message) throws LimitException {
        int size = codec.size(message);
        if (size > maxMessageBytes) {
            throw tooLarge("message of " + size + " bytes refused");
        }
        ByteBuffer bytes = memory().bytes();
        bytes.limit(size < 0 ? maxMessageBytes : size).position(0).order(ByteOrder.LITTLE_ENDIAN);
        try {
            codec.encode(message, bytes);
        } catch (BufferOverflowException e) {
            if (size < 0) {
                throw tooLarge("message refused, it is larger than any allowed");
            }
            throw e;
        }
        if (size >= 0 && bytes.position() != size) {
            throw new IllegalStateException(
                    codec + " wrote " + bytes.position() + " bytes of a message whose size it gave as " + size);
        }
        return bytes.position();
    }

    private static String most() {
        long most = ProcFiles.number(MOST);
        return most < 0 ? "" : ", " + most;
    }

    private LimitException tooLarge(String what) {
        return new LimitException(
                address + ": " + what + " (EMSGSIZE)",
                "maxMessageBytes",
                maxMessageBytes,
                "create the queue with a larger max-message, without privilege at most " + MOST + most());
    }
}
