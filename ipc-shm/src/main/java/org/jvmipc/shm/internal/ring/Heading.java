package org.jvmipc.shm.internal.ring;

/**
 * What a sender puts before each of its messages, inside the record: nothing, or eight bytes that are always the same.
 *
 * @param value the eight bytes, little-endian
 * @param bytes 8, or 0 for nothing
 */
public record Heading(long value, int bytes) {
    /** Nothing. */
    public static final Heading NONE = new Heading(0, 0);

    /** These eight bytes. */
    public static Heading of(long value) {
        return new Heading(value, Long.BYTES);
    }
}
