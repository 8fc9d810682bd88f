package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.Json;

/** JSON values, one after another however they are laid out; each is given out on one line. */
final class JsonSplitter extends Splitter {
    /** Up to here the value that begins at {@link #at} has been looked at. */
    private int scanned;

    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonSplitter(long maxMessageBytes) {
        super(maxMessageBytes);
    }

    @Override
    @Nullable
    ByteBuffer cut() {
        skipSpace();
        scanned = Math.max(at, scanned);
        while (scanned < end) {
            boolean first = scanned == at;
            byte b = get(scanned++);
            if (inString) {
                if (inside(b) && depth == 0) {
                    return value(scanned);
                }
            } else if (b == '"') {
                if (!first && depth == 0) {
                    return value(--scanned); // a number or word, then a string without space between
                }
                inString = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                if (--depth <= 0) {
                    return value(scanned);
                }
            } else if (depth == 0 && isSpace(b)) {
                return value(scanned - 1);
            }
        }
        requireFits((long) end - at);
        return isEnded() && at < end ? value(end) : null;
    }

    /** A byte inside a string: whether the string ends with it. */
    private boolean inside(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
            return true;
        }
        return false;
    }

    private ByteBuffer value(int to) {
        depth = 0;
        inString = false;
        escaped = false;
        scanned = to;
        byte[] text = new byte[to - at];
        take(at, to, to).get(text);
        try {
            return ByteBuffer.wrap(Json.oneLine(text));
        } catch (IllegalArgumentException e) {
            throw failure(ErrorKind.CORRUPT, "no JSON: " + e.getMessage());
        }
    }

    private void skipSpace() {
        while (!inString && depth == 0 && scanned <= at && at < end && isSpace(get(at))) {
            at++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    @Override
    void moved(int bytes) {
        scanned = Math.max(0, scanned - bytes);
    }
}
