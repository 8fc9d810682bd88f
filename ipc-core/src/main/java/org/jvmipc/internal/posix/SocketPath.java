package org.jvmipc.internal.posix;

import java.io.IOException;

/**
 * Stream sockets in blocking mode: whether a call waits is said with each ({@code MSG_DONTWAIT}), so that a reader can wait in
 * the read itself, which is one call instead of three.
 */
public class SocketPath implements DataPath {
    private static final String RECEIVE = "recv";

    /** One that carries bytes and nothing else. */
    public static final SocketPath BYTES = new SocketPath();

    SocketPath() {}

    @Override
    public int read(int fd, NativeBuffer target, int offset, int count) {
        int result;
        do {
            result = receive(fd, target.address() + offset, count, Sockets.MSG_DONTWAIT);
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
        return receive(fd, target.address() + offset, count, 0);
    }

    private static int receive(int fd, long address, int count, int flags) {
        int refused = Seam.before(RECEIVE);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(DirectCalls.SYS_RECVFROM, fd, address, count, flags, 0, 0)
                : Calls.result(Sockets.recv(fd, address, count, flags));
        Seam.after(RECEIVE, result);
        return result;
    }

    @Override
    public int write(int fd, NativeBuffer source, int offset, int count) {
        int result;
        do {
            result = send(fd, source.address() + offset, count);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static int send(int fd, long address, int count) {
        int refused = Seam.before("send");
        if (refused != 0) {
            return -refused;
        }
        int flags = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(DirectCalls.SYS_SENDTO, fd, address, count, flags, 0, 0)
                : Calls.result(Sockets.send(fd, address, count, flags));
        Seam.after("send", result);
        return result;
    }

    @Override
    public boolean blocksItself() {
        return true;
    }

    /** Less than of a pipe: a server has many connections, and what their buffers take is given back by a collection only. */
    @Override
    public int readBytes() {
        return 16 * 1024;
    }

    /** Half of {@code SO_SNDBUF}, which counts the kernel's bookkeeping as well; {@code socket(7)}. */
    @Override
    public int capacity(int fd) throws IOException {
        return SocketCalls.sendBufferBytes(fd) / 2;
    }

    @Override
    public int room(int fd) throws IOException {
        return Math.max(0, capacity(fd) - SocketCalls.bytesUnsent(fd));
    }

    @Override
    public boolean isAtomic() {
        return false;
    }
}
