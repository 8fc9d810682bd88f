package org.jvmipc.shm.internal;

/**
 * The table of the holders of file locks: {@code lock-holders} in the runtime directory, 4096 entries of 32 bytes,
 * little-endian. An entry is in use as long as somebody of this toolkit holds that lock exclusively; one that is found by
 * the next holder was left by one that died.
 *
 * <pre>
 *    0  key (u64): which file and which range; 0 nobody. Taken by a compare-and-set from 0
 *    8  pid (u32)                          | start time, the low half (u32)
 *   16  when it was locked, milliseconds since 1970 (u64)
 *   24  0
 * </pre>
 *
 * <p>An entry lies in one of the 8 places from the key's low 12 bits on.
 */
final class LockHolderLayout {
    static final int ENTRIES = 4096;
    static final int WINDOW = 8;
    static final int ENTRY_BYTES = 32;
    static final int FILE_BYTES = ENTRIES * ENTRY_BYTES;
    static final int KEY = 0;
    static final int PID = 8;
    static final int START_TIME = 12;
    static final int MILLIS = 16;

    private LockHolderLayout() {}

    /** Where the i-th place for a key is. */
    static int place(long key, int i) {
        return (int) ((key + i) & (ENTRIES - 1)) * ENTRY_BYTES;
    }
}
