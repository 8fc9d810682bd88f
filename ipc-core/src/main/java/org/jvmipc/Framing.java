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
     * Bytes as they are: a send writes them, a receive answers what is there, boundaries are not kept. There is no
     * goodbye: the end of the stream is {@link PeerGoneException.Reason#CLOSED}.
     */
    RAW
}
