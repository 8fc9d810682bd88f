package org.jvmipc.cli.talk;

import java.util.Locale;
import org.jvmipc.Framing;

/** How messages are marked off: on standard input and output, and in an endpoint that is a stream of bytes. */
enum Frame {
    /** Each ends with a newline, which is not part of it. */
    LINE(Framing.LINE),
    /** Each ends with a zero byte, which is not part of it. */
    NUL(Framing.NUL),
    /** Before each its length, 4 bytes little-endian. */
    LEN32(Framing.LEN32),
    /** Each is a JSON value; printed, and in a stream of bytes, one a line. */
    JSON(Framing.LINE),
    /** Bytes as they come. */
    RAW(Framing.RAW),
    /** The toolkit's frames in the stream; lines on standard input and output. */
    FRAMED(Framing.FRAMED);

    private final Framing wire;

    Frame(Framing wire) {
        this.wire = wire;
    }

    /** What is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How a stream of bytes marks off its messages then. */
    Framing wire() {
        return wire;
    }

    /** How standard input and output do. */
    Frame onStandardStreams() {
        return this == FRAMED ? LINE : this;
    }

    /** How standard input and output do for a stream that is framed so. */
    static Frame of(Framing framing) {
        return switch (framing) {
            case LINE, FRAMED -> LINE;
            case NUL -> NUL;
            case LEN32 -> LEN32;
            case RAW -> RAW;
        };
    }
}
