package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.posix.SocketPath;

/**
 * The last moments of a connection. TCP throws away what was sent and not taken by the other side's kernel if something came
 * in that nobody has read, or comes in after the close (RFC 1122, 4.2.2.13): so first the sending direction is ended, then it
 * is waited, and what comes in is read and dropped, until all is there.
 */
final class Lingering {
    private static final int SCRATCH_BYTES = 16 * 1024;

    /** A peer that sends on and on does not hold up a close for longer than it takes to drop so much. */
    private static final int MOST_READS = 256;

    private static final long PAUSE_NANOS = 1_000_000;

    private Lingering() {}

    /** Waits until the other side's kernel has taken what was sent, at most so long. Not interruptible; keeps the status. */
    static void await(Fd socket, Duration linger) {
        long until = System.nanoTime() + linger.toNanos();
        try {
            int number = socket.ensureOpen();
            SocketCalls.endSending(number);
            while (SocketCalls.bytesUnacknowledged(number) > 0 && drop(number) && until - System.nanoTime() > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            // Nothing can be told to the other side any more, and the descriptor is to be closed in any case.
        }
    }

    /** Reads and drops what has come in; false if nothing can be sent any more, since the connection is lost. */
    private static boolean drop(int socket) {
        NativeBuffer scratch = Scratch.MEMORY;
        for (int reads = 0; reads < MOST_READS; reads++) {
            int count = SocketPath.BYTES.read(socket, scratch, 0, SCRATCH_BYTES);
            if (count <= 0) {
                return count == 0 || count == -Errno.EAGAIN;
            }
        }
        return true;
    }

    /** Has the close throw away what was not sent, and tell the other side. */
    static void reset(Fd socket) {
        try {
            SocketCalls.resetOnClose(socket.ensureOpen());
        } catch (IOException e) {
            // It will be an end instead of a reset.
        }
    }

    /** Bytes that nobody looks at; shared by all. */
    private static final class Scratch {
        private static final NativeBuffer MEMORY = new NativeBuffer(SCRATCH_BYTES);
    }
}
