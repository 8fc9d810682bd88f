package org.jvmipc.internal.posix;

/** {@code sys/socket.h}: making, naming and settling sockets, and what goes through them with ancillary data. */
final class Sockets {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = Fcntl.O_CLOEXEC;
    static final int SOCK_NONBLOCK = Fcntl.O_NONBLOCK;

    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_ERROR = 4;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_KEEPALIVE = 9;
    static final int SO_LINGER = 13;
    static final int SO_PEERCRED = 17;
    static final int SO_ACCEPTCONN = 30;
    static final int SO_RXQ_OVFL = 40;

    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int TCP_KEEPIDLE = 4;
    static final int TCP_KEEPINTVL = 5;
    static final int TCP_KEEPCNT = 6;
    static final int TCP_USER_TIMEOUT = 18;
    static final int TCP_INFO = 11;

    /** States of TCP, the first byte of {@code struct tcp_info}. */
    static final int TCP_FIN_WAIT1 = 4;

    static final int TCP_CLOSE = 7;
    static final int TCP_LAST_ACK = 9;
    static final int TCP_CLOSING = 11;

    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;

    static final int SCM_RIGHTS = 1;

    static final int MSG_PEEK = 2;
    static final int MSG_CTRUNC = 8;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    static final int SHUT_WR = 1;
    static final int SHUT_RDWR = 2;

    static final long SIOCOUTQ = 0x5411;

    static {
        NativeLibraryLoader.bind(Sockets.class);
    }

    private Sockets() {}

    /** {@code socket(2)}. */
    static native int socket(int family, int type, int protocol);

    /** {@code bind(2)}; address: struct sockaddr. */
    static native int bind(int fd, long address, int length);

    /** {@code listen(2)}. */
    static native int listen(int fd, int backlog);

    /** {@code accept4(2)}; address: struct sockaddr, length: socklen_t, both may be 0. */
    static native int accept4(int fd, long address, long length, int flags);

    /** {@code connect(2)}. */
    static native int connect(int fd, long address, int length);

    /** {@code shutdown(2)}. */
    static native int shutdown(int fd, int how);

    /** {@code getsockname(2)}. */
    static native int getsockname(int fd, long address, long length);

    /** {@code getpeername(2)}. */
    static native int getpeername(int fd, long address, long length);

    /** {@code getsockopt(2)}. */
    static native int getsockopt(int fd, int level, int name, long value, long length);

    /** {@code setsockopt(2)}. */
    static native int setsockopt(int fd, int level, int name, long value, int length);

    /** {@code send(2)}. */
    static native long send(int fd, long buffer, long count, int flags);

    /** {@code recv(2)}. */
    static native long recv(int fd, long buffer, long count, int flags);

    /** {@code sendmsg(2)}; message: struct msghdr. */
    static native long sendmsg(int fd, long message, int flags);

    /** {@code recvmsg(2)}; message: struct msghdr. */
    static native long recvmsg(int fd, long message, int flags);
}
