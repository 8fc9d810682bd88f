package org.jvmipc.testkit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.internal.posix.Errno;

/**
 * The errors that a call can end with on a valid argument, the most likely one first: what the seam makes it fail with. Of
 * a call that cannot fail the list is empty.
 */
final class Faults {
    private static final int EIO = 5;
    private static final int EROFS = 30;
    private static final int ENOLCK = 37;

    private static final Map<String, List<Integer>> OF = new TreeMap<>();

    static {
        // The path of data. A write without a reader (EPIPE) and a full pipe (EAGAIN) have tests of their own.
        OF.put("read", List.of(EIO, Errno.EINTR, Errno.ENOMEM));
        OF.put("write", List.of(Errno.ENOMEM, Errno.EINTR, EIO));
        OF.put("poll", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("read(eventfd)", List.of(Errno.EAGAIN));
        OF.put("write(eventfd)", List.of()); // of one that is open, below its maximum and never blocks
        OF.put("recvfrom", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("sendto", List.of(Errno.ENOBUFS, Errno.EINTR, Errno.ENOMEM));
        OF.put("getsockopt(SO_MEMINFO)", List.of(Errno.EINVAL));
        OF.put("socket", List.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM));
        OF.put("bind", List.of(Errno.EADDRINUSE, Errno.EACCES));
        OF.put("connect", List.of(Errno.EAGAIN, Errno.ENOMEM));
        OF.put("getsockname", List.of(Errno.ENOBUFS));
        OF.put("setsockopt(SO_RCVBUF)", List.of(Errno.ENOMEM));
        OF.put("setsockopt(SO_SNDBUF)", List.of(Errno.ENOMEM));
        OF.put("setsockopt(IPV6_V6ONLY)", List.of(Errno.EINVAL));

        // Sockets. Who has left (EPIPE, ECONNRESET) and what has to be waited for (EAGAIN, EINPROGRESS) have tests of
        // their own.
        OF.put("socket", List.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS));
        OF.put("bind", List.of(Errno.EADDRINUSE, Errno.EACCES));
        OF.put("listen", List.of(Errno.EADDRINUSE));
        OF.put("accept4", List.of(Errno.EINTR, Errno.ECONNABORTED, Errno.EMFILE, Errno.EPROTO));
        OF.put("connect", List.of(Errno.ECONNREFUSED, Errno.ENETUNREACH));
        OF.put("shutdown", List.of(Errno.ENOTCONN));
        OF.put("getsockname", List.of(Errno.ENOBUFS));
        OF.put("getpeername", List.of(Errno.ENOTCONN, Errno.ENOBUFS));
        OF.put("send", List.of(Errno.ENOMEM, Errno.EINTR, Errno.ENOBUFS));
        OF.put("recv", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("sendmsg", List.of(Errno.ENOMEM, Errno.EINTR, Errno.ENOBUFS));
        OF.put("recvmsg", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("ioctl(SIOCOUTQ)", List.of(Errno.EINVAL));
        for (String option : List.of("SO_ERROR", "SO_SNDBUF", "SO_PEERCRED", "TCP_INFO")) {
            OF.put("getsockopt(" + option + ")", List.of(Errno.ENOBUFS));
        }
        for (String option : List.of(
                "SO_REUSEADDR",
                "SO_SNDBUF",
                "SO_RCVBUF",
                "SO_KEEPALIVE",
                "SO_LINGER",
                "TCP_NODELAY",
                "TCP_KEEPIDLE",
                "TCP_KEEPINTVL",
                "TCP_KEEPCNT",
                "TCP_USER_TIMEOUT",
                "IPV6_V6ONLY",
                "SO_RXQ_OVFL")) {
            OF.put("setsockopt(" + option + ")", List.of(Errno.EINVAL));
        }
        OF.put("pipe2", List.of(Errno.EMFILE, Errno.ENFILE));
        OF.put("open", List.of(Errno.EMFILE, Errno.EINTR, Errno.ENOMEM, Errno.EACCES, Errno.ENFILE));
        OF.put("eventfd", List.of(Errno.EMFILE, Errno.ENOMEM, Errno.ENFILE));
        OF.put("tee", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("dup3", List.of(Errno.EMFILE, Errno.EINTR, Errno.EBUSY));
        OF.put("close", List.of()); // nobody looks at what it answers: the descriptor is gone in any case
        OF.put("fcntl(F_DUPFD_CLOEXEC)", List.of(Errno.EMFILE));
        OF.put("fcntl(F_SETFL)", List.of(Errno.EPERM, Errno.EINTR));
        OF.put("fcntl(F_GETPIPE_SZ)", List.of(Errno.EBADF));
        OF.put("fcntl(F_SETPIPE_SZ)", List.of(Errno.ENOMEM, Errno.EPERM, Errno.EBUSY));
        OF.put("ioctl(FIONREAD)", List.of(Errno.ENOTTY));
        OF.put("isatty", List.of(Errno.ENOTTY));

        OF.put("pread", List.of(EIO, Errno.EINTR, Errno.ENOMEM));
        OF.put("statx", List.of(Errno.ENOMEM, Errno.EACCES));
        OF.put("mkdir", List.of(Errno.ENOSPC, EROFS));
        OF.put("mkfifo", List.of(Errno.ENOSPC, Errno.EACCES));
        OF.put("unlink", List.of(EROFS, Errno.EACCES));
        OF.put("rename", List.of(Errno.ENOSPC, Errno.EACCES));
        OF.put("chmod", List.of(EROFS, Errno.EPERM));
        OF.put("fchmod", List.of(EROFS, Errno.EPERM));
        OF.put("fcntl(F_OFD_SETLK)", List.of(ENOLCK, Errno.EINTR));
        OF.put("fcntl(F_OFD_GETLK)", List.of(Errno.EINVAL, Errno.EINTR));
        OF.put("flock", List.of(ENOLCK, Errno.EINTR));

        OF.put("pidfd_open", List.of(Errno.EMFILE, Errno.ENOSYS));
        OF.put("pidfd_send_signal", List.of(Errno.EPERM, Errno.ENOMEM));
        OF.put("ioctl(PIDFD_GET_INFO)", List.of(Errno.ENOTTY));
        OF.put("kill", List.of(Errno.EPERM));
        OF.put("tgkill", List.of(Errno.EAGAIN));
        OF.put("rt_sigqueueinfo", List.of(Errno.EPERM));
        OF.put("signalfd", List.of(Errno.EMFILE, Errno.ENOMEM));
        OF.put("dladdr", List.of(Errno.EINVAL)); // it has no errno, and answers 0
        OF.put("posix_spawn", List.of(Errno.ENOMEM, Errno.EAGAIN));
        OF.put("waitpid", List.of(Errno.EINTR));
        OF.put("setpgid", List.of(Errno.EPERM));
        OF.put("getpgid", List.of(Errno.ESRCH));
        OF.put("geteuid", List.of());
        OF.put("getuid", List.of());
        OF.put("gettid", List.of());
        OF.put("clock_gettime", List.of());
        OF.put("getrlimit", List.of(Errno.EINVAL));
        OF.put("sigaction", List.of(Errno.EINVAL));
        OF.put("mmap", List.of(Errno.ENOMEM));
        OF.put("madvise", List.of(Errno.EINVAL, Errno.ENOMEM));
        OF.put("memfd_create", List.of(Errno.EMFILE, Errno.ENOMEM));
        OF.put("posix_fallocate", List.of(Errno.ENOSPC, Errno.EINTR, EIO));
        OF.put("ftruncate", List.of(EIO, Errno.EINTR));
        OF.put("linkat", List.of(Errno.ENOSPC, EROFS));
        OF.put("fcntl(F_ADD_SEALS)", List.of(Errno.EBUSY));
        OF.put("fcntl(F_GET_SEALS)", List.of(Errno.EINVAL));
        OF.put("futex(FUTEX_WAKE)", List.of()); // of a word that is mapped
        OF.put("futex(FUTEX_WAIT)", List.of(Errno.EINTR, Errno.EAGAIN));
        OF.put("futex_waitv", List.of(Errno.EINTR, Errno.EAGAIN));
        for (String command : List.of("GLOBAL_EXPEDITED", "PRIVATE_EXPEDITED")) {
            OF.put("membarrier(" + command + ")", List.of(Errno.ENOMEM));
            OF.put("membarrier(REGISTER_" + command + ")", List.of(Errno.EPERM));
        }
        OF.put("sem_open", List.of(Errno.EMFILE, Errno.EINTR, Errno.EACCES, Errno.ENOMEM));
        OF.put("mq_open", List.of(Errno.ENOMEM, Errno.EINTR, Errno.EMFILE, Errno.ENOSPC, Errno.EACCES));
        OF.put("mq_unlink", List.of(Errno.EACCES, Errno.EINTR));
        OF.put("mq_getsetattr", List.of(Errno.EBADF));
        OF.put("mq_timedsend", List.of(Errno.ENOMEM, Errno.EINTR));
        OF.put("mq_timedreceive", List.of(Errno.EBADF, Errno.EINTR));
        OF.put("sem_close", List.of());
        OF.put("sem_unlink", List.of(Errno.EACCES));
        OF.put("sem_trywait", List.of(Errno.EINVAL, Errno.EINTR));
        OF.put("sem_clockwait", List.of(Errno.EINVAL, Errno.EINTR));
        OF.put("sem_post", List.of(Errno.EINVAL));
        OF.put("sem_getvalue", List.of(Errno.EINVAL));
        OF.put("mprotect", List.of(Errno.EACCES, Errno.ENOMEM));
        OF.put("munmap", List.of(Errno.ENOMEM));
    }

    private Faults() {}

    /** The errors of a call. */
    static List<Integer> of(String call) {
        List<Integer> errnos = OF.get(call);
        if (errnos == null) {
            throw new AssertionError("the fault seam knows no errors of the call " + call + ": add them to Faults");
        }
        return errnos;
    }

    /**
     * An error of the call.
     *
     * @param kind 0 for the most likely one, 1 for the second
     * @return 0 if there is none of that kind
     */
    static int of(String call, int kind) {
        List<Integer> errnos = of(call);
        return kind < errnos.size() ? errnos.get(kind) : 0;
    }
}
