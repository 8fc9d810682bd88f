package org.jvmipc.internal.posix;

/**
 * {@code fcntl.h}, {@code sys/stat.h}: opening, descriptor flags, pipe sizes, locks, file
 * status, names. {@code open} and {@code fcntl}
 * are variadic in C; on both architectures a fixed signature passes integers in the same registers.
 */
public final class Fcntl {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    /** Fails on a symbolic link. */
    public static final int O_NOFOLLOW = Platform.pick(0400000, 0100000);
    /** Fails on what is not a directory. */
    public static final int O_DIRECTORY = Platform.pick(0200000, 040000);

    /** On the writing end of a pipe: packet mode, each read takes one write. */
    public static final int O_DIRECT = Platform.pick(040000, 0200000);
    /** Names the file only; no permission on it is needed. */
    public static final int O_PATH = 010000000;

    /** A file without a name, in the directory opened. Needs {@code O_DIRECTORY}. */
    static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;
    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;
    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final short F_RDLCK = 0;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    public static final int AT_FDCWD = -100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    /** type, mode, link count, uid, gid, inode, size, times. */
    static final int STATX_BASIC_STATS = 0x7ff;
    /** The time of birth, where the file system keeps it. */
    static final int STATX_BTIME = 0x800;

    static {
        NativeLibraryLoader.bind(Fcntl.class);
    }

    private Fcntl() {}

    /** {@code open(2)}; path ends in a zero byte. */
    static native int open(byte[] path, int flags, int mode);

    /** {@code fcntl(2)}. */
    static native int fcntl(int fd, int command, long argument);

    /** {@code statx(2)}; path ends in a zero byte, buffer: 256 bytes. The one layout that all architectures share. */
    static native int statx(int directory, byte[] path, int flags, int mask, long buffer);

    /** {@code mkdir(2)}; path ends in a zero byte. */
    static native int mkdir(byte[] path, int mode);

    /** {@code mkfifo(3)}; path ends in a zero byte. */
    static native int mkfifo(byte[] path, int mode);

    /** {@code unlink(2)}; path ends in a zero byte. */
    static native int unlink(byte[] path);

    /** {@code rename(2)}; both end in a zero byte. */
    static native int rename(byte[] from, byte[] to);

    /** {@code chmod(2)}; path ends in a zero byte. */
    static native int chmod(byte[] path, int mode);

    /** {@code flock(2)}. */
    static native int flock(int fd, int operation);

    /** {@code fchmod(2)}. */
    static native int fchmod(int fd, int mode);

    /** {@code linkat(2)}; both paths end in a zero byte. */
    static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    /** {@code posix_fallocate(3)}: 0, or the errno as its value. */
    static native int posix_fallocate(int fd, long offset, long bytes);

    /** {@code fsync(2)}. */
    static native int fsync(int fd);

    /** {@code fstatfs(2)}; buffer: struct statfs, 120 bytes, of which the first eight are the type. */
    static native int fstatfs(int fd, long buffer);

    /** {@code ftruncate(2)}. */
    static native int ftruncate(int fd, long bytes);

    /** Does not wait where it would have to. */
    static final int SPLICE_F_NONBLOCK = 2;

    /** {@code tee(2)}. */
    static native long tee(int in, int out, long count, int flags);
}
