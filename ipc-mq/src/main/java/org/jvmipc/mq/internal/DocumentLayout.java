package org.jvmipc.mq.internal;

/**
 * Chronicle's file, as far as a reader has to know it: documents one behind the other, each with a header of 32 bits, at
 * multiples of 4.
 *
 * <pre>
 *    bit 31  not complete   bit 30  metadata   bits 29 to 0  length of what follows
 *    0                       nothing was written here yet
 *    0xC0000000              end of the file
 * </pre>
 *
 * <p>Metadata are Chronicle's own: its header, its index. Ours are the others.
 */
final class DocumentLayout {
    static final int HEADER_BYTES = 4;
    static final int NONE = 0;
    static final int NOT_COMPLETE = 0x8000_0000;
    static final int METADATA = 0x4000_0000;
    static final int LENGTH = 0x3fff_ffff;
    static final int END_OF_FILE = NOT_COMPLETE | METADATA;

    /** The name of the one file with messages in a cycle's directory. */
    static final String FILE = "19700101-0005V.cq4";

    private DocumentLayout() {}

    static boolean isNotComplete(int header) {
        return (header & NOT_COMPLETE) != 0;
    }

    static boolean isMetadata(int header) {
        return (header & METADATA) != 0;
    }

    static int length(int header) {
        return header & LENGTH;
    }

    /** Where the next document begins. */
    static long next(long offset, int length) {
        return EnvelopeLayout.padded(offset + HEADER_BYTES + length);
    }
}
