package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts together a message that came in several frames. Memory grows with what has arrived, up to the largest message
 * allowed; beyond that the rest is counted off and the message dropped.
 */
final class MessageParts {
    private final PartsMemory memory;
    private PartsMemory.Block block = PartsMemory.NONE;
    private boolean open;
    private boolean tooLarge;
    private boolean givenUp;

    MessageParts(PartsMemory memory) {
        this.memory = memory;
    }

    /** Whether a message has begun. */
    boolean isOpen() {
        return open;
    }

    /** Whether there are bytes of one in memory. */
    boolean holdsMemory() {
        return block != PartsMemory.NONE;
    }

    /** The next part of a message whose length is not known before its last part. */
    void append(ByteBuffer source, int from, int length) {
        append(source, from, length, memory.maxMessageBytes);
    }

    /**
     * The next part.
     *
     * @param total how long the message will be, unsigned
     */
    void append(ByteBuffer source, int from, int length, int total) {
        open = true;
        if (tooLarge || givenUp) {
            return;
        }
        if (Integer.compareUnsigned(total, memory.maxMessageBytes) > 0
                || length > memory.maxMessageBytes - block.bytes.position()) {
            tooLarge = true;
            release();
            return;
        }
        if (length > block.bytes.remaining()) {
            block = memory.grow(block, length, total);
        }
        int position = block.bytes.position();
        block.bytes.put(position, source, from, length);
        block.bytes.position(position + length);
    }

    /** The whole message, read-only and valid until the next one begins; null if it was too large or given up. */
    @Nullable
    ByteBuffer complete() {
        ByteBuffer view = tooLarge || givenUp ? null : block.view;
        int length = block.bytes.position();
        drop();
        if (view != null) {
            view.limit(length).position(0);
        }
        return view;
    }

    /** Lets go of the memory; the message is lost, what else comes of it is counted off. */
    void giveUp() {
        givenUp = true;
        release();
    }

    /** Whether the present message was given up. */
    boolean isGivenUp() {
        return givenUp;
    }

    void drop() {
        release();
        open = false;
        tooLarge = false;
        givenUp = false;
    }

    private void release() {
        if (holdsMemory()) {
            memory.giveBack(block);
            block = PartsMemory.NONE;
        }
    }
}
