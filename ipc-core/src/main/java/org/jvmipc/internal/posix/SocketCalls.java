package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;

/**
 * The door to the kernel as far as sockets go: made, named, connected, accepted and settled here; their data goes through
 * {@link PolledFd} by a {@link SocketPath}. All sockets are close-on-exec, and non-blocking when they are made.
 */
public final class SocketCalls {
    private SocketCalls() {}

    /** A stream socket of the family that the address is of. */
    public static Fd stream(InetSocketAddress address) throws IpcException {
        return socket(SocketAddressLayout.family(address), Sockets.SOCK_STREAM);
    }

    /** A stream socket of the Unix domain. */
    public static Fd unixStream() throws IpcException {
        return socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM);
    }

    /** A datagram socket of the family that the address is of. */
    public static Fd datagram(InetSocketAddress address) throws IpcException {
        return socket(SocketAddressLayout.family(address), Sockets.SOCK_DGRAM);
    }

    private static Fd socket(int family, int type) throws IpcException {
        NativeLibraryLoader.require();
        int flags = type | Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK;
        int fd = Calls.call("socket", "", () -> Sockets.socket(family, flags, 0));
        return new Fd(OsCalls.aboveStandard(fd));
    }

    /** {@code bind(2)}. */
    public static void bind(Fd socket, InetSocketAddress address) throws IpcException {
        NativeBuffer memory = new NativeBuffer(SocketAddressLayout.BYTES);
        int length = SocketAddressLayout.put(memory.bytes(), 0, address);
        bind(socket, memory, length, "address=" + text(address));
    }

    /** {@code bind(2)}: makes the file, with the mode that the umask leaves. Fails with {@code EADDRINUSE} whatever is there. */
    public static void bind(Fd socket, String path) throws IpcException {
        NativeBuffer memory = new NativeBuffer(SocketAddressLayout.BYTES);
        int length = SocketAddressLayout.put(memory.bytes(), 0, path);
        bind(socket, memory, length, "path=" + path);
    }

    private static void bind(Fd socket, NativeBuffer memory, int length, String object) throws IpcException {
        try {
            Calls.call("bind", object, () -> Sockets.bind(socket.number(), memory.address(), length));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@code listen(2)}. */
    public static void listen(Fd socket, int backlog) throws IpcException {
        Calls.call("listen", socket + " backlog=" + backlog, () -> Sockets.listen(socket.number(), backlog));
    }

    /**
     * {@code accept4(2)}: the next connection, in blocking mode, or {@code -errno}: {@code EAGAIN} if nobody waits, {@code ECONNABORTED} if who
     * waited has left, {@code EMFILE} if there is no descriptor for it.
     */
    public static int accept(int listening) {
        int result;
        do {
            result = Calls.result("accept4", () -> Sockets.accept4(listening, 0, 0, Sockets.SOCK_CLOEXEC));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** What it means that the kernel had no room for one more socket. */
    public static LimitException shortage(String call, int errno, String object) {
        try {
            Calls.check(call, -errno, object);
        } catch (LimitException e) {
            return e;
        } catch (IpcException e) {
            return new LimitException(String.valueOf(e.getMessage()), "memory of the kernel", 0, "close some sockets");
        }
        throw new IllegalArgumentException("errno is " + errno + "; it must be an error");
    }

    /** A descriptor that {@link #accept} has answered; its number is above 2. */
    public static Fd accepted(int number) throws IpcException {
        return new Fd(OsCalls.aboveStandard(number));
    }

    /**
     * {@code connect(2)}: 0, or {@code -errno}: {@code EINPROGRESS} if it is under way, and {@link #connectResult} tells once
     * the socket is writable.
     */
    public static int connect(Fd socket, InetSocketAddress address) {
        NativeBuffer memory = new NativeBuffer(SocketAddressLayout.BYTES);
        return connect(socket, memory, SocketAddressLayout.put(memory.bytes(), 0, address));
    }

    /** The same to a path: 0, or {@code -errno}: {@code EAGAIN} if the backlog is full, which nothing tells the end of. */
    public static int connect(Fd socket, String path) throws IpcException {
        NativeBuffer memory = new NativeBuffer(SocketAddressLayout.BYTES);
        return connect(socket, memory, SocketAddressLayout.put(memory.bytes(), 0, path));
    }

    private static int connect(Fd socket, NativeBuffer memory, int length) {
        try {
            int result = Calls.result("connect", () -> Sockets.connect(socket.number(), memory.address(), length));
            // One that a signal has cut short goes on by itself; connect(2).
            return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** What became of a connect that was under way: 0, or {@code -errno}. */
    public static int connectResult(Fd socket) throws IpcException {
        return -option(socket, Sockets.SOL_SOCKET, Sockets.SO_ERROR, "SO_ERROR");
    }

    /** Puts a connected socket into blocking mode, as a {@link SocketPath} wants it. */
    public static void makeBlocking(Fd socket) throws IpcException {
        setFlags(socket, 0);
    }

    /** Puts a connected socket into non-blocking mode, as an event loop wants it. */
    public static void makeNonBlocking(Fd socket) throws IpcException {
        setFlags(socket, Fcntl.O_NONBLOCK);
    }

    private static void setFlags(Fd socket, int flags) throws IpcException {
        int result = OsCalls.fcntlResult("fcntl(F_SETFL)", socket.number(), Fcntl.F_SETFL, flags);
        Calls.check("fcntl(F_SETFL)", result, socket.toString());
    }

    /** {@code shutdown(2)} of the sending direction; one that is not connected any more needs none. */
    public static void endSending(int socket) throws IpcException {
        int result = Calls.result("shutdown", () -> Sockets.shutdown(socket, Sockets.SHUT_WR));
        if (result != -Errno.ENOTCONN) {
            Calls.check("shutdown", result, "fd=" + socket);
        }
    }

    /** The address of the internet that it is bound to. */
    public static @Nullable InetSocketAddress localAddress(Fd socket) throws IOException {
        return internet(socket.use(number -> name("getsockname", number, Sockets::getsockname)));
    }

    /** The address of the internet that it is connected to; null if it is not, or no more. */
    public static @Nullable InetSocketAddress remoteAddress(Fd socket) throws IOException {
        try {
            return internet(socket.use(number -> name("getpeername", number, Sockets::getpeername)));
        } catch (OsException e) {
            if (e.errno() == Errno.ENOTCONN) {
                return null;
            }
            throw e;
        }
    }

    private interface Naming {
        int call(int fd, long address, long length);
    }

    /** What the kernel answers, and behind it how long it is. */
    private static NativeBuffer name(String call, int socket, Naming naming) throws IpcException {
        NativeBuffer memory = new NativeBuffer(SocketAddressLayout.BYTES + Integer.BYTES);
        int lengthAt = SocketAddressLayout.BYTES;
        memory.bytes().putInt(lengthAt, SocketAddressLayout.BYTES);
        try {
            Calls.call(call, "fd=" + socket, () -> naming.call(socket, memory.address(), memory.address() + lengthAt));
            return memory;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    private static @Nullable InetSocketAddress internet(NativeBuffer named) {
        int length = Math.min(SocketAddressLayout.BYTES, named.bytes().getInt(SocketAddressLayout.BYTES));
        return SocketAddressLayout.internet(named.bytes(), 0, length);
    }

    // ---- settings

    /** Lets a server bind to a port of which old connections are still being wound up. */
    public static void reuseAddress(Fd socket) throws IpcException {
        setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, "SO_REUSEADDR", 1);
    }

    /** An IPv6 socket takes no IPv4. */
    public static void onlyIpv6(Fd socket) throws IpcException {
        setOption(socket, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, "IPV6_V6ONLY", 1);
    }

    /** Small writes go out at once. */
    public static void noDelay(Fd socket, boolean on) throws IpcException {
        setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, "TCP_NODELAY", on ? 1 : 0);
    }

    /** Sets the size of the kernel's buffers, in bytes; the kernel doubles it, within its own limits. */
    public static void bufferSizes(Fd socket, int sendBytes, int receiveBytes) throws IpcException {
        if (sendBytes > 0) {
            setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, "SO_SNDBUF", sendBytes);
        }
        if (receiveBytes > 0) {
            setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, "SO_RCVBUF", receiveBytes);
        }
    }

    /**
     * A silent peer is asked whether it lives after so many seconds, and given up within as many again; data that it does not
     * acknowledge in that time ends the connection, too; {@code tcp(7)}.
     */
    public static void keepAlive(Fd socket, int seconds) throws IpcException {
        int probes = 3;
        setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE, "SO_KEEPALIVE", 1);
        setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, "TCP_KEEPIDLE", seconds);
        setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, "TCP_KEEPINTVL", Math.max(1, seconds / probes));
        setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT, "TCP_KEEPCNT", probes);
        setOption(socket, Sockets.IPPROTO_TCP, Sockets.TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT", 2_000 * seconds);
    }

    /** A close throws away what was not sent yet, and the peer's next call fails with {@code ECONNRESET}. */
    public static void resetOnClose(int socket) throws IpcException {
        NativeBuffer linger = new NativeBuffer(2 * Integer.BYTES);
        linger.bytes().putInt(0, 1);
        try {
            Calls.call(
                    "setsockopt(SO_LINGER)",
                    "fd=" + socket,
                    () -> Sockets.setsockopt(
                            socket, Sockets.SOL_SOCKET, Sockets.SO_LINGER, linger.address(), linger.capacity()));
        } finally {
            Reference.reachabilityFence(linger);
        }
    }

    /** How many bytes the kernel keeps for sending at most, its own bookkeeping included. */
    static int sendBufferBytes(int socket) throws IpcException {
        return option(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, "SO_SNDBUF");
    }

    /** How many bytes were sent and not taken by the peer's kernel (TCP) or the peer (Unix); {@code SIOCOUTQ}. */
    public static int bytesUnsent(int socket) throws IpcException {
        NativeBuffer count = new NativeBuffer(Integer.BYTES);
        Calls.call("ioctl(SIOCOUTQ)", "fd=" + socket, () -> Poll.ioctl(socket, Sockets.SIOCOUTQ, count.address()));
        return count.bytes().getInt(0);
    }

    /**
     * How many bytes of a TCP socket whose sending direction was ended the other side's kernel has not taken yet. The end itself,
     * which counts as one, and is acknowledged late, is not among them; of a connection that is lost there are none.
     */
    public static int bytesUnacknowledged(int socket) throws IpcException {
        int state = option(socket, Sockets.IPPROTO_TCP, Sockets.TCP_INFO, "TCP_INFO") & 0xff;
        return switch (state) {
            case Sockets.TCP_CLOSE -> 0;
            case Sockets.TCP_FIN_WAIT1, Sockets.TCP_LAST_ACK, Sockets.TCP_CLOSING -> bytesUnsent(socket) - 1;
            default -> bytesUnsent(socket);
        };
    }

    /** Who has the other end of a Unix domain socket: as it was when he connected, or began to listen; {@code unix(7)}. */
    public static int[] peerCredentials(Fd socket) throws IpcException {
        NativeBuffer memory = new NativeBuffer(4 * Integer.BYTES);
        int lengthAt = 3 * Integer.BYTES;
        memory.bytes().putInt(lengthAt, 3 * Integer.BYTES);
        try {
            Calls.call(
                    "getsockopt(SO_PEERCRED)",
                    socket.toString(),
                    () -> Sockets.getsockopt(
                            socket.number(),
                            Sockets.SOL_SOCKET,
                            Sockets.SO_PEERCRED,
                            memory.address(),
                            memory.address() + lengthAt));
            return new int[] {
                memory.bytes().getInt(0),
                memory.bytes().getInt(Integer.BYTES),
                memory.bytes().getInt(2 * Integer.BYTES)
            };
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    private static int option(Fd socket, int level, int name, String text) throws IpcException {
        return option(socket.number(), level, name, text);
    }

    private static int option(int socket, int level, int name, String text) throws IpcException {
        NativeBuffer memory = new NativeBuffer(2 * Integer.BYTES);
        memory.bytes().putInt(Integer.BYTES, Integer.BYTES);
        try {
            Calls.call(
                    "getsockopt(" + text + ")",
                    "fd=" + socket,
                    () -> Sockets.getsockopt(socket, level, name, memory.address(), memory.address() + Integer.BYTES));
            return memory.bytes().getInt(0);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    static void setOption(Fd socket, int level, int name, String text, int value) throws IpcException {
        NativeBuffer memory = new NativeBuffer(Integer.BYTES);
        memory.bytes().putInt(0, value);
        try {
            Calls.call(
                    "setsockopt(" + text + ")",
                    socket + " value=" + value,
                    () -> Sockets.setsockopt(socket.number(), level, name, memory.address(), Integer.BYTES));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** An address as people write it. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
