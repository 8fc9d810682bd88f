package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Messages that each end with one byte; the last one may do without. */
final class DelimiterSplitter extends Splitter {
    private final byte delimiter;
    /** Up to here there is none. */
    private int searched;

    DelimiterSplitter(byte delimiter, long maxMessageBytes) {
        super(maxMessageBytes);
        this.delimiter = delimiter;
    }

    @Override
    @Nullable
    ByteBuffer cut() {
        for (int i = Math.max(at, searched); i < end; i++) {
            if (get(i) == delimiter) {
                searched = i + 1;
                return take(at, i, i + 1);
            }
        }
        searched = end;
        requireFits((long) end - at);
        return isEnded() && at < end ? take(at, end, end) : null;
    }

    @Override
    void moved(int bytes) {
        searched = Math.max(0, searched - bytes);
    }
}
