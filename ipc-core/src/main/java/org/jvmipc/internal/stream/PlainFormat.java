package org.jvmipc.internal.stream;

import org.jvmipc.Framing;

/** What stands before and behind a message that is not in one of the toolkit's frames. */
enum PlainFormat {
    LINE(0, 1, '\n', "a line", "a newline"),
    NUL(0, 1, '\0', "a message", "a zero byte"),
    LEN32(Integer.BYTES, 0, '\0', "a message", ""),
    RAW(0, 0, '\0', "a message", "");

    final int before;
    final int after;
    /** What ends a message, where that is one byte. */
    final byte delimiter;

    /** A message, in error messages. */
    final String noun;

    final String delimiterNoun;

    PlainFormat(int before, int after, char delimiter, String noun, String delimiterNoun) {
        this.before = before;
        this.after = after;
        this.delimiter = (byte) delimiter;
        this.noun = noun;
        this.delimiterNoun = delimiterNoun;
    }

    static PlainFormat of(Framing framing) {
        return switch (framing) {
            case LINE -> LINE;
            case NUL -> NUL;
            case LEN32 -> LEN32;
            case RAW -> RAW;
            case FRAMED -> throw new IllegalArgumentException("framing is FRAMED; frames are not plain");
        };
    }

    boolean isDelimited() {
        return after > 0;
    }
}
