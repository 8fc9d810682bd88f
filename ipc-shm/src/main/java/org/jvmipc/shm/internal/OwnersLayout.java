package org.jvmipc.shm.internal;

/**
 * Places that processes hold.
 *
 * <pre>
 *    0  number of places (u32)
 *    4  60 bytes 0                                                   64
 *   64  for each place an owned word (u32): 0 free, or its holder, see {@link SegmentLayout}
 * </pre>
 */
final class OwnersLayout {
    static final int COUNT = 0;
    static final int WORDS = 64;
    static final int BYTES = WORDS + Integer.BYTES;
    static final int MAX_PLACES = 65_536;

    private OwnersLayout() {}
}
