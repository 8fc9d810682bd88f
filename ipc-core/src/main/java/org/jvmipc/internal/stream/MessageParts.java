package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts together a message that came in several frames. Memory grows with what has arrived, up to the largest message
 * allowed; beyond that the rest is counted off and the message dropped.
 */
final class MessageParts {
    private static final int FIRST_BYTES = 256 * 1024;
    private static final int LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

    private final int maxMessageBytes;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private ByteBuffer view = bytes;
    private boolean open;
    private boolean tooLarge;

    MessageParts(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Whether a message has begun. */
    boolean isOpen() {
        return open;
    }

    void append(ByteBuffer source, int from, int length) {
        if (!open && bytes.capacity() > LARGEST_KEPT_BYTES) {
            bytes = ByteBuffer.allocate(0);
            view = bytes;
        }
        open = true;
        if (tooLarge || length > maxMessageBytes - bytes.position()) {
            tooLarge = true;
            return;
        }
        if (length > bytes.remaining()) {
            grow(bytes.position() + length);
        }
        int position = bytes.position();
        bytes.put(position, source, from, length);
        bytes.position(position + length);
    }

    private void grow(int wanted) {
        long capacity = Math.max(wanted, Math.max(FIRST_BYTES, 2L * bytes.capacity()));
        ByteBuffer larger = ByteBuffer.allocate((int) Math.min(maxMessageBytes, capacity));
        larger.put(bytes.flip());
        bytes = larger;
        view = larger.asReadOnlyBuffer();
    }

    /** The whole message, read-only and valid until the next one begins; null if it was too large. */
    @Nullable
    ByteBuffer complete() {
        boolean dropped = tooLarge;
        int length = bytes.position();
        drop();
        if (dropped) {
            return null;
        }
        view.limit(length).position(0);
        return view;
    }

    void drop() {
        bytes.clear();
        open = false;
        tooLarge = false;
    }
}
