package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;

/**
 * The memory of messages that are being put together: counts how much all of them hold, and keeps the block of the last one
 * for the next.
 *
 * <p><b>Thread safety.</b> None: used under the receiver's lock.
 */
final class PartsMemory {
    private static final int FIRST_BYTES = 256 * 1024;
    private static final int LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

    static final Block NONE = new Block(0);

    final int maxMessageBytes;
    private final long limitBytes;
    private long held;
    private Block spare = NONE;

    /** For one message after the other. */
    PartsMemory(int maxMessageBytes) {
        this(maxMessageBytes, Long.MAX_VALUE);
    }

    /**
     * For messages of several senders at the same time.
     *
     * @param limitBytes how much all of them should hold at most
     */
    PartsMemory(int maxMessageBytes, long limitBytes) {
        this.maxMessageBytes = maxMessageBytes;
        this.limitBytes = limitBytes;
    }

    /** Some memory, and the read-only view of it that codecs see. */
    static final class Block {
        final ByteBuffer bytes;
        final ByteBuffer view;

        private Block(int capacity) {
            this.bytes = ByteBuffer.allocate(capacity);
            this.view = bytes.asReadOnlyBuffer();
        }
    }

    /**
     * A block with room for so many bytes more, in the place of this one, whose bytes are copied.
     *
     * @param announced how long the message will be at most
     */
    Block grow(Block block, int length, int announced) {
        int wanted = block.bytes.position() + length;
        long capacity = Math.max(wanted, Math.max(FIRST_BYTES, 2L * block.bytes.capacity()));
        capacity = Math.min(capacity, Math.max(wanted, announced));
        Block larger;
        if (spare.bytes.capacity() >= capacity) {
            larger = spare;
            larger.bytes.clear();
            spare = NONE;
        } else {
            larger = new Block((int) Math.min(maxMessageBytes, capacity));
        }
        larger.bytes.put(block.bytes.flip());
        held += larger.bytes.capacity();
        giveBack(block);
        return larger;
    }

    /** A block that is not needed any more; its bytes stay as they are until another message begins. */
    void giveBack(Block block) {
        held -= block.bytes.capacity();
        if (block.bytes.capacity() <= LARGEST_KEPT_BYTES && block.bytes.capacity() > spare.bytes.capacity()) {
            spare = block;
        }
    }

    /** Whether there is more in use than there should be. */
    boolean isOverdrawn() {
        return held > limitBytes;
    }

    long limitBytes() {
        return limitBytes;
    }
}
