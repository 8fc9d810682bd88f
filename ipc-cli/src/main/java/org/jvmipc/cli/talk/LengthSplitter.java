package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.ErrorKind;

/** Messages with their length before them, 4 bytes little-endian. */
final class LengthSplitter extends Splitter {
    LengthSplitter(long maxMessageBytes) {
        super(maxMessageBytes);
    }

    @Override
    @Nullable
    ByteBuffer cut() {
        int there = end - at;
        if (there >= Integer.BYTES) {
            long length = Integer.toUnsignedLong(bytes().getInt(at));
            requireFits(length);
            if (there - Integer.BYTES >= length) {
                int from = at + Integer.BYTES;
                int to = from + (int) length;
                return take(from, to, to);
            }
        }
        if (isEnded() && there > 0) {
            String part = there < Integer.BYTES
                    ? there + " of the 4 bytes of its length"
                    : (there - Integer.BYTES) + " of its " + Integer.toUnsignedString(bytes().getInt(at)) + " bytes";
            throw failure(ErrorKind.CORRUPT, "the input ends after " + part);
        }
        return null;
    }
}
