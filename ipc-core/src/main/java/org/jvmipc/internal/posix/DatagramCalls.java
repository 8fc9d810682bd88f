package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The door to the kernel for datagrams: one call carries one, with its address, and never waits. On the path of data, so
 * the calls answer {@code -errno}.
 *
 * <p>{@code recvfrom} with {@code MSG_TRUNC} answers the whole length of a datagram that was cut off, and the kernel's count
 * of dropped ones is asked for when somebody wants it: so no {@code struct msghdr} is needed, which the kernel would have to
 * copy for each datagram.
 */
public final class DatagramCalls {
    private static final long SYS_SENDTO = 44;
    private static final long SYS_RECVFROM = 45;

    private static final int SO_MEMINFO = 55;

    /** {@code linux/sock_diag.h}: nine numbers of 32 bits, the last of them how many were dropped. */
    private static final int MEMINFO_BYTES = 9 * Integer.BYTES;

    private static final int SK_MEMINFO_DROPS = 8 * Integer.BYTES;

    private DatagramCalls() {}

    /**
     * Receives one datagram, whose source {@link DatagramAddress#get()} tells then.
     *
     * @param capacity how much of it is wanted, in bytes; the rest is thrown away
     * @return its whole length, which may be more than the capacity; or {@code -errno}
     */
    public static int receive(int fd, NativeBuffer target, int capacity, DatagramAddress source) {
        try {
            int result;
            do {
                result = receiveOnce(fd, target.address(), capacity, source.address(), source.room());
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            Reference.reachabilityFence(target);
            Reference.reachabilityFence(source);
        }
    }

    private static int receiveOnce(int fd, long buffer, int capacity, long address, long length) {
        int refused = Seam.before("recvfrom");
        if (refused != 0) {
            return -refused;
        }
        int flags = Sockets.MSG_TRUNC | Sockets.MSG_DONTWAIT;
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(SYS_RECVFROM, fd, buffer, capacity, flags, address, length)
                : Calls.result(DatagramFunctions.recvfrom(fd, buffer, capacity, flags, address, length));
        Seam.after("recvfrom", result);
        return result;
    }

    /**
     * Sends one datagram from the buffer's beginning.
     *
     * @param target null if the socket is connected
     * @return its length, or {@code -errno}
     */
    public static int send(int fd, NativeBuffer source, int count, @Nullable DatagramAddress target) {
        try {
            long address = target == null ? 0 : target.address();
            int length = target == null ? 0 : target.length();
            int result;
            do {
                result = sendOnce(fd, source.address(), count, address, length);
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(target);
        }
    }

    private static int sendOnce(int fd, long buffer, int count, long address, int length) {
        int refused = Seam.before("sendto");
        if (refused != 0) {
            return -refused;
        }
        int flags = Sockets.MSG_NOSIGNAL | Sockets.MSG_DONTWAIT;
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(SYS_SENDTO, fd, buffer, count, flags, address, length)
                : Calls.result(DatagramFunctions.sendto(fd, buffer, count, flags, address, length));
        Seam.after("sendto", result);
        return result;
    }

    /**
     * How many datagrams the kernel has thrown away at this socket, because its buffer was full or their checksum was wrong;
     * modulo 2^32. {@code SO_MEMINFO}, Linux 4.12.
     */
    public static long dropped(Fd socket) throws IOException {
        return socket.use(DatagramCalls::dropped);
    }

    private static long dropped(int socket) throws IOException {
        NativeBuffer memory = new NativeBuffer(MEMINFO_BYTES + Integer.BYTES);
        memory.bytes().putInt(MEMINFO_BYTES, MEMINFO_BYTES);
        try {
            Calls.call(
                    "getsockopt(SO_MEMINFO)",
                    "fd=" + socket,
                    () -> Sockets.getsockopt(
                            socket,
                            Sockets.SOL_SOCKET,
                            SO_MEMINFO,
                            memory.address(),
                            memory.address() + MEMINFO_BYTES));
            return Integer.toUnsignedLong(memory.bytes().getInt(SK_MEMINFO_DROPS));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
