package org.jvmipc.internal.posix;

/** {@code sys/socket.h}: the two calls that carry a datagram and its address. */
final class DatagramFunctions {
    static {
        NativeLibraryLoader.bind(DatagramFunctions.class);
    }

    private DatagramFunctions() {}

    /** {@code sendto(2)}; address: struct sockaddr, 0 if the socket is connected. */
    static native long sendto(int fd, long buffer, long count, int flags, long address, int length);

    /** {@code recvfrom(2)}; address: struct sockaddr, length: socklen_t. */
    static native long recvfrom(int fd, long buffer, long count, int flags, long address, long length);
}
