package org.jvmipc.internal.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/**
 * Sees what lies in a pipe, and leaves it there: {@code tee(2)} into a pipe of its own, which is read then.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class PipePeek implements AutoCloseable {
    /** As much as a pipe usually holds. */
    private static final int MOST_BYTES = 64 * 1024;

    private final NativeBuffer seen = new NativeBuffer(MOST_BYTES);
    private final Fd reading;
    private final Fd writing;

    /** Whether bytes of a look that failed are in the pipe. */
    private boolean unread;

    /** Makes the pipe. */
    public PipePeek() throws IpcException {
        Fd[] ends = OsCalls.pipe(Fcntl.O_NONBLOCK);
        reading = ends[0];
        writing = ends[1];
    }

    /**
     * Looks.
     *
     * @return how many bytes from the front of the pipe are in {@link #bytes()} now, 64 KiB at most; 0 if there are none
     */
    int look(int pipe) throws IOException {
        if (unread) {
            forget();
        }
        int count = OsCalls.tee(pipe, writing.number(), MOST_BYTES);
        if (count == -Errno.EAGAIN) {
            return 0;
        }
        if (count < 0) {
            throw new OsException("tee", -count, "fd=" + pipe);
        }
        unread = true;
        for (int at = 0; at < count; ) {
            int read = OsCalls.read(reading.number(), seen.address() + at, count - at);
            if (read <= 0) {
                throw new OsException("read", -read, "fd=" + reading.number());
            }
            at += read;
        }
        unread = false;
        return count;
    }

    private void forget() {
        while (OsCalls.read(reading.number(), seen, MOST_BYTES) > 0) {}
    }

    /** What was seen last, from byte 0 on. */
    public ByteBuffer bytes() {
        return seen.bytes();
    }

    /** Closes the pipe; the second time it does nothing. */
    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
