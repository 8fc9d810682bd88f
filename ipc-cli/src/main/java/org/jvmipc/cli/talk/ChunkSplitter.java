package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Pieces of whatever comes: at most 64 KiB, and at most the largest message. */
final class ChunkSplitter extends Splitter {
    private static final int LARGEST_BYTES = 1 << 16;

    private final int largest;

    ChunkSplitter(long maxMessageBytes) {
        super(maxMessageBytes);
        this.largest = (int) Math.max(1, Math.min(LARGEST_BYTES, maxMessageBytes));
    }

    @Override
    @Nullable
    ByteBuffer cut() {
        if (at == end) {
            return null;
        }
        int to = at + Math.min(largest, end - at);
        return take(at, to, to);
    }
}
