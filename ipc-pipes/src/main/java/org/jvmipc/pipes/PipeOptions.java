package org.jvmipc.pipes;

import org.jvmipc.Framing;

/**
 * What is settled when a pipe is made. Both ends use the same.
 *
 * @param framing how messages are marked off
 * @param capacityBytes the pipe's capacity in bytes, which the kernel rounds up to a power of two of pages (4 KiB); 0
 *     leaves it at the kernel's default, usually 64 KiB
 * @param maxMessageBytes the largest message, in bytes, that is sent or accepted
 */
public record PipeOptions(Framing framing, int capacityBytes, int maxMessageBytes) {
    /** The largest message unless said otherwise: 16 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    /** The largest message that can be asked for: 1 GiB. */
    public static final int HIGHEST_MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;

    private static final PipeOptions DEFAULTS = new PipeOptions(Framing.FRAMED, 0, DEFAULT_MAX_MESSAGE_BYTES);

    /** Checks the values. */
    public PipeOptions {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("capacityBytes is " + capacityBytes + "; it must be 0 or more");
        }
        if (maxMessageBytes < 1 || maxMessageBytes > HIGHEST_MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "maxMessageBytes is " + maxMessageBytes + "; it must be 1 to " + HIGHEST_MAX_MESSAGE_BYTES);
        }
    }

    /** Frames, the kernel's capacity, messages of up to 16 MiB. */
    public static PipeOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another framing. */
    public PipeOptions withFraming(Framing value) {
        return new PipeOptions(value, capacityBytes, maxMessageBytes);
    }

    /** The same with another capacity, in bytes. */
    public PipeOptions withCapacity(int bytes) {
        return new PipeOptions(framing, bytes, maxMessageBytes);
    }

    /** The same with another largest message, in bytes. */
    public PipeOptions withMaxMessage(int bytes) {
        return new PipeOptions(framing, capacityBytes, bytes);
    }
}
