package org.jvmipc.shm.internal;

/**
 * The table of threads that wait for a lock and hold another: the file {@code blocked-threads} of the runtime directory, mapped by
 * every process of this user that has had such a thread, made once and never removed; if somebody removes it, it is made anew. For
 * those who look only; nobody decides by it. Little-endian.
 *
 * <pre>
 *      0                               8               12              16
 *      +-------------------------------+---------------+---------------+
 *    0 | magic, published last         | version       | entries       |
 *      +-------------------------------+---------------+---------------+
 *   16 | 48 bytes 0                                                    |
 *      +---------------+---------------+-------------------------------+
 *   64 | pid           | start time    | serial                        |  entry 0, of 512 bytes
 *      +---------------+---------------+-------------------------------+
 *   80 | inode of its pid namespace    | thread                        |
 *      +-------------------------------+---------------+---------------+
 *   96 | since                         | flags         | held          |
 *      +-------------------------------+---------------+---------------+
 *  112 | 16 bytes 0                                                    |
 *      +---------------------------------------------------------------+
 *  128 | 11 locks of 40 bytes: the one waited for, then those held; 8 bytes 0
 *      |   device (u64), inode (u64), start (u64), length (u64), kind (u32), mode (u32)
 *      +---------------------------------------------------------------+
 *  576 | entry 1
 *      +-- ...
 *      +-------------------------------+-------------------------------+
 *  -16 | 0                             | magic                         |  last of 64 bytes after the entries
 *      +-------------------------------+-------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>pid, u32, and start time, u32 (of field 22 of {@code /proc/PID/stat} the low 32 bits): whose the entry is; both 0 is a free
 *       entry. It is taken by compare-and-set, from 0 or from a process that is dead, whose serial is set to 0 first.
 *   <li>serial, u64: another one for each wait; 0 while the entry is written, and after the wait. It is stored last: who finds the
 *       same before and after has read one wait
 *   <li>thread, u64: {@link Thread#getId}
 *   <li>since, i64: when it was first seen to wait, milliseconds since 1970
 *   <li>flags: 1 the wait has a time limit
 *   <li>held: how many locks of those it holds are told, at most 10
 *   <li>kind: 1 an object in a segment (start is its offset, length 0), 2 a range of a file (length 0 is up to the end)
 *   <li>mode: 1 exclusive, 2 shared, 3 alone (waits, with the writers' word, for readers to leave)
 * </ul>
 */
final class BlockedThreadLayout {
    /** "WAITHOLD". */
    static final long MAGIC = 0x444c_4f48_5449_4157L;

    static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int ENTRIES_AT = 12;
    static final int HEADER_BYTES = 64;

    static final int ENTRIES = 256;
    static final int ENTRY_BYTES = 512;
    static final int FILE_BYTES = HEADER_BYTES + ENTRIES * ENTRY_BYTES + HEADER_BYTES;

    /** The magic once more: it is gone if the file was cut off anywhere. */
    static final int END_AT = FILE_BYTES - Long.BYTES;

    /** The pid in the low half, the start time in the high one. */
    static final int OWNER = 0;

    static final int SERIAL = 8;
    static final int NAMESPACE = 16;
    static final int THREAD = 24;
    static final int SINCE = 32;
    static final int FLAGS = 40;
    static final int HELD = 44;
    static final int LOCKS = 64;
    static final int LOCK_BYTES = 40;
    static final int MOST_HELD = 10;

    static final int LOCK_DEVICE = 0;
    static final int LOCK_INODE = 8;
    static final int LOCK_START = 16;
    static final int LOCK_LENGTH = 24;
    static final int LOCK_KIND = 32;
    static final int LOCK_MODE = 36;

    static final int TIMED = 1;

    private BlockedThreadLayout() {}

    static int entry(int index) {
        return HEADER_BYTES + index * ENTRY_BYTES;
    }

    /** The lock that is waited for is number 0. */
    static int lock(int entry, int number) {
        return entry + LOCKS + number * LOCK_BYTES;
    }
}
