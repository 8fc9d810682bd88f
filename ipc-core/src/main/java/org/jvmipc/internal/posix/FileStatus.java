package org.jvmipc.internal.posix;

import java.nio.ByteBuffer;

/**
 * What {@code statx(2)} says of a file: enough to know what it is, whose, and whether a path still names it.
 *
 * @param type the type bits of the mode, such as {@link #FIFO}
 * @param permissions the other twelve bits of the mode
 * @param links how many names it has
 * @param uid its owner
 * @param inode its number, unique within the device
 * @param device major and minor number of the device that holds it
 * @param sizeBytes its size
 * @param allocatedBytes what it takes up on the device: less than its size where it has holes
 * @param birthNanos when it came to be, by the kernel's clock, in nanoseconds since 1970; 0 where the file system does not
 *     keep it. With device and inode it names one file for ever: numbers of inodes are given again
 */
public record FileStatus(
        int type,
        int permissions,
        int links,
        int uid,
        long inode,
        long device,
        long sizeBytes,
        long allocatedBytes,
        long birthNanos) {
    public static final int FIFO = 0010000;
    public static final int DIRECTORY = 0040000;
    public static final int REGULAR = 0100000;
    public static final int SYMBOLIC_LINK = 0120000;
    public static final int SOCKET = 0140000;

    /*
     * struct statx, the same on every architecture:
     *   mask 0 (u32), nlink 16 (u32), uid 20 (u32), mode 28 (u16), ino 32 (u64), size 40 (u64),
     *   blocks 48 (u64, of 512 bytes),
     *   btime 80 (s64 seconds, u32 nanoseconds), dev_major 136 (u32), dev_minor 140 (u32)
     */
    static final int STATX_BYTES = 256;
    private static final int MASK = 0;
    private static final int NLINK = 16;
    private static final int UID = 20;
    private static final int MODE = 28;
    private static final int INO = 32;
    private static final int SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int BLOCK_BYTES = 512;
    private static final int BTIME_SECONDS = 80;
    private static final int BTIME_NANOS = 88;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;
    private static final int TYPE_BITS = 0170000;

    static FileStatus read(ByteBuffer statx) {
        int mode = statx.getShort(MODE) & 0xffff;
        long device = device(statx.getInt(DEV_MAJOR), statx.getInt(DEV_MINOR));
        return new FileStatus(
                mode & TYPE_BITS,
                mode & ~TYPE_BITS,
                statx.getInt(NLINK),
                statx.getInt(UID),
                statx.getLong(INO),
                device,
                statx.getLong(SIZE),
                statx.getLong(BLOCKS) * BLOCK_BYTES,
                birthNanos(statx));
    }

    /** A device by its two numbers, as {@link #device()} has it. */
    public static long device(int major, int minor) {
        return ((long) major << 32) | (minor & 0xffff_ffffL);
    }

    private static long birthNanos(ByteBuffer statx) {
        boolean known = (statx.getInt(MASK) & Fcntl.STATX_BTIME) != 0;
        return known ? statx.getLong(BTIME_SECONDS) * 1_000_000_000 + statx.getInt(BTIME_NANOS) : 0;
    }

    /** The type in words, for error messages. */
    public String typeName() {
        return typeName(type);
    }

    /** A type of file in words. */
    public static String typeName(int type) {
        return switch (type) {
            case FIFO -> "named or anonymous pipe";
            case DIRECTORY -> "directory";
            case REGULAR -> "regular file";
            case SYMBOLIC_LINK -> "symbolic link";
            case SOCKET -> "socket";
            default -> "file of type 0" + Integer.toOctalString(type);
        };
    }
}
