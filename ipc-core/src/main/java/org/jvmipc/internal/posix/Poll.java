package org.jvmipc.internal.posix;

/** {@code poll.h}, {@code sys/eventfd.h}, {@code sys/ioctl.h}: waiting on descriptors, waking a waiter, bytes waiting. */
public final class Poll {
    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;
    public static final int POLLNVAL = 32;

    /** Size of {@code struct pollfd}: int fd at 0, short events at 4, short revents at 6. */
    static final int POLLFD_BYTES = 8;

    static final int POLLFD_EVENTS = 4;
    static final int POLLFD_REVENTS = 6;
    static final int EFD_CLOEXEC = Fcntl.O_CLOEXEC;
    static final int EFD_NONBLOCK = Fcntl.O_NONBLOCK;
    static final long FIONREAD = 0x541B;

    static {
        NativeLibraryLoader.bind(Poll.class);
    }

    private Poll() {}

    /** {@code poll(2)}; fds: array of struct pollfd. */
    static native int poll(long fds, long count, int timeoutMillis);

    /** {@code eventfd(2)}. */
    static native int eventfd(int initial, int flags);

    /** {@code ioctl(2)}. */
    static native int ioctl(int fd, long request, long argument);
}
