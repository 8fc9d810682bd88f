package org.jvmipc.shm.internal;

/**
 * The table of who holds which file lock exclusively: the file {@code lock-holders} of the runtime directory, mapped by every
 * process of this user that uses file locks, made once and never removed. Little-endian.
 *
 * <pre>
 *      0                               8               12              16
 *      +-------------------------------+---------------+---------------+
 *    0 | magic, published last         | version       | entries       |
 *      +-------------------------------+---------------+---------------+
 *   16 | 0                                                             |
 *      +                                                               +
 *      |                                                               |
 *      +-------------------------------+---------------+---------------+
 *   64 | key                           | pid           | start time    |  entry 0
 *      +-------------------------------+---------------+---------------+
 *   80 | since                         | 0                             |
 *      +-------------------------------+-------------------------------+
 *   96 | key                           | pid           | start time    |  entry 1
 *      +-- ...
 *      +-------------------------------+-------------------------------+
 *  -16 | 0                             | magic                           |  last of 64 bytes after the entries
 *      +-------------------------------+-------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>key, u64: a hash of the file and the range ({@link #key}), never 0; 0 is a free entry, whose other words mean nothing
 *   <li>pid, u32, and start time, u32: the holder; of the start time (field 22 of {@code /proc/PID/stat}) the low 32 bits
 *   <li>since, i64: when it got the lock, milliseconds since 1970
 * </ul>
 *
 * <p>Who has taken the kernel's lock looks for its key in the {@value #WINDOW} entries from {@link #home} on, around the end
 * of the table. Is it there, then the last holder has not given the lock back: it died. Is it not, a free one is taken by
 * compare-and-set. Before the kernel's lock is given back the key is set to 0. So an entry of a key is written by the one
 * process only that has that lock; without a free entry nothing is written.
 */
public final class LockHolderLayout {
    /** "LOCKHOLD". */
    public static final long MAGIC = 0x444c4f484b434f4cL;

    public static final int VERSION = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 8;
    public static final int ENTRIES_OFFSET = 12;

    public static final int HEADER_BYTES = 64;
    public static final int ENTRY_BYTES = 32;

    /** How many entries there are; a power of two. */
    public static final int ENTRIES = 4096;

    /** In how many entries a key may be. */
    public static final int WINDOW = 8;

    /** The size of the file. */
    public static final int FILE_BYTES = HEADER_BYTES + ENTRIES * ENTRY_BYTES + HEADER_BYTES;

    /** The magic once more: it is gone if the file was cut off anywhere. */
    public static final int END_OFFSET = FILE_BYTES - Long.BYTES;

    public static final int KEY = 0;

    /** The pid in the low half, the start time in the high one. */
    public static final int HOLDER = 8;

    public static final int SINCE = 16;

    private LockHolderLayout() {}

    /** Where entry number {@code index} begins; numbers go around. */
    public static int entry(int index) {
        return HEADER_BYTES + (index & (ENTRIES - 1)) * ENTRY_BYTES;
    }

    /** The number of the first entry in which the key may be. */
    public static int home(long key) {
        return (int) (key >>> 32) & (ENTRIES - 1);
    }

    /**
     * The key of a range of a file.
     *
     * @param born the file's birth in nanoseconds since 1970, so that a new file with an old number has a key of its own; 0 if
     *     unknown
     * @param length 0 is up to the end
     */
    public static long key(long device, long inode, long born, long start, long length) {
        long hash = mix(device);
        hash = mix(hash ^ inode);
        hash = mix(hash ^ born);
        hash = mix(hash ^ start);
        hash = mix(hash ^ length);
        return hash == 0 ? 1 : hash;
    }

    /** The finaliser of splitmix64. */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** The holder's word. */
    public static long holder(long pid, long startTime) {
        return (pid & 0xffffffffL) | startTime << 32;
    }
}
