package org.jvmipc;

/** How messages are marked off in a stream of bytes, which by itself knows no messages. */
public enum Framing {
    /**
     * The toolkit's frames: length, type, checksum, and a goodbye that tells an end from a death. Any bytes, any length,
     * the empty message included. {@code docs/wire-formats.md} has the layout for peers in other languages.
     */
    FRAMED,
    /**
     * A message is a line: it ends with a newline, which is not part of it and which it must not contain. For text tools
     * on the other side. There is no goodbye: the end of the stream is {@link PeerGoneException.Reason#CLOSED}, and a
     * last line without newline is delivered.
     */
    LINE,
    /**
     * A message ends with a zero byte, which is not part of it and which it must not contain: names of files, and what
     * {@code find -print0} writes and {@code xargs -0} reads. Else as {@link #LINE}.
     */
    NUL,
    /**
     * Each message is preceded by its length in bytes, 32 bits, little-endian, unsigned; any bytes, the empty message
     * included. For programs that write such a length and know no more of this toolkit. A length over the largest message is
     * {@link CorruptDataException} before anything is allocated, and the receiver cannot go on: where the next message
     * begins nobody knows. There is no goodbye: an end between two messages is {@link PeerGoneException.Reason#CLOSED}, one
     * inside of a message {@link PeerGoneException.Reason#DIED}, and the part is not delivered.
     */
    LEN32,
    /**
     * Bytes as they are: a send writes them, a receive answers what is there, boundaries are not kept. There is no
     * goodbye: the end of the stream is {@link PeerGoneException.Reason#CLOSED}.
     */
    RAW
}
