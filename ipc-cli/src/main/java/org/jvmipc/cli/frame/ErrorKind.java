package org.jvmipc.cli.frame;

import org.jvmipc.internal.posix.Errno;

/** The kinds of failure: a number that scripts may rely on, {@code IPC-1xx}, and the exit code. */
public enum ErrorKind {
    FAILED(100, ExitCode.FAILED),
    USAGE(101, ExitCode.USAGE),
    NO_ENDPOINT(102, ExitCode.NO_ENDPOINT),
    PEER_GONE(103, ExitCode.PEER_GONE),
    LIMIT(104, ExitCode.LIMIT),
    PERMISSION(105, ExitCode.PERMISSION),
    UNSUPPORTED(106, ExitCode.UNSUPPORTED),
    TIMED_OUT(107, ExitCode.TIMED_OUT),
    CORRUPT(108, ExitCode.UNVERIFIED),
    BUSY(109, ExitCode.BUSY),
    CHILD_FAILED(110, ExitCode.FAILED),
    INTERNAL(199, ExitCode.INTERNAL);

    private final int number;
    private final int exit;

    ErrorKind(int number, int exit) {
        this.number = number;
        this.exit = exit;
    }

    /** The stable number, as {@code IPC-104}. */
    public String code() {
        return "IPC-" + number;
    }

    /** The exit code of the command. */
    public int exit() {
        return exit;
    }

    /** What a failed system call amounts to. */
    public static ErrorKind ofErrno(int errno) {
        return switch (errno) {
            case Errno.EACCES, Errno.EPERM, EROFS -> PERMISSION;
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ESRCH, Errno.ENXIO -> NO_ENDPOINT;
            case Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH -> NO_ENDPOINT;
            case Errno.EPIPE, Errno.ECONNRESET -> PEER_GONE;
            case Errno.ENOSPC,
                    Errno.EMFILE,
                    Errno.ENFILE,
                    Errno.ENOMEM,
                    EFBIG,
                    EMSGSIZE,
                    Errno.ENOBUFS,
                    EDQUOT -> LIMIT;
            case Errno.ENOSYS, EOPNOTSUPP -> UNSUPPORTED;
            case Errno.EAGAIN, Errno.EBUSY, Errno.EADDRINUSE -> BUSY;
            case Errno.ETIMEDOUT -> TIMED_OUT;
            default -> FAILED;
        };
    }

    private static final int EFBIG = 27;
    private static final int EROFS = 30;
    private static final int EMSGSIZE = 90;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;
}
