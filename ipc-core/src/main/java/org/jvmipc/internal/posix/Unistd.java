package org.jvmipc.internal.posix;

/** {@code unistd.h}: pipes, reading, writing, process groups. Addresses are of memory outside the Java heap. */
final class Unistd {
    static {
        NativeLibraryLoader.bind(Unistd.class);
    }

    private Unistd() {}

    /** {@code pipe2(2)}; fds: int[2]. */
    static native int pipe2(long fds, int flags);

    /** {@code read(2)}. */
    static native long read(int fd, long buffer, long count);

    /** {@code pread(2)}. */
    static native long pread(int fd, long buffer, long count, long offset);

    /** {@code write(2)}. */
    static native long write(int fd, long buffer, long count);

    /** {@code close(2)}. */
    static native int close(int fd);

    /** {@code dup3(2)}. */
    static native int dup3(int from, int to, int flags);

    /** {@code geteuid(2)}. */
    static native int geteuid();

    /** {@code setpgid(2)}. */
    static native int setpgid(int pid, int group);

    /** {@code getpgid(2)}. */
    static native int getpgid(int pid);

    /** {@code isatty(3)}. */
    static native int isatty(int fd);

    /** {@code clock_gettime(2)}; time: struct timespec. */
    static native int clock_gettime(int clock, long time);

    /** {@code syscall(2)} with five arguments, for calls that the C library has no function for. */
    static native long syscall(long number, long a, long b, long c, long d, long e);
}
