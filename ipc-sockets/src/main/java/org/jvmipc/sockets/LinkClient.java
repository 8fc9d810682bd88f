package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;

/** One client of a {@link FaultyLink}, with the socket through which the target sees it: another port for each. */
final class LinkClient implements AutoCloseable {
    /** A send tells what became of an earlier one, and sends nothing then. */
    private static final int TRIES = 3;

    final InetSocketAddress address;
    final int slot;
    final Fd back;
    final LinkLane forward;
    final LinkLane backward;
    long activeNanos = System.nanoTime();

    private boolean closed;

    /**
     * A client.
     *
     * @param slot its number in the set that is polled
     * @param back its socket, connected to the target
     * @param front the socket to answer through
     * @param memory for sending
     */
    LinkClient(InetSocketAddress address, int slot, Fd back, Fd front, NativeBuffer memory) {
        this.address = address;
        this.slot = slot;
        this.back = back;
        DatagramAddress answers = new DatagramAddress();
        answers.set(address);
        this.forward = new LinkLane(bytes -> send(back, bytes, memory, null));
        this.backward = new LinkLane(bytes -> send(front, bytes, memory, answers));
    }

    private boolean send(Fd fd, byte[] bytes, NativeBuffer memory, @Nullable DatagramAddress target) {
        if (closed) {
            return false;
        }
        memory.bytes().put(0, bytes);
        int result = -Errno.ECONNREFUSED;
        for (int tries = 0; tries < TRIES && result == -Errno.ECONNREFUSED; tries++) {
            result = DatagramCalls.send(fd.number(), memory, bytes.length, target);
        }
        return result >= 0;
    }

    @Override
    public void close() {
        closed = true;
        back.close();
    }
}
