package org.jvmipc.cli.frame;

import java.io.IOException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Standard input as bytes. It is polled and then read, and never made non-blocking, which would change the terminal, or the
 * pipe, of every other process that has it. Obeys interrupts and deadlines.
 */
public final class Stdin implements AutoCloseable {
    /** The end was met. */
    public static final int END = -1;

    /** The deadline passed. */
    public static final int NOTHING = -2;

    private static final int FD = 0;

    private final PolledFd fd;

    /** Takes part in standard input, on a descriptor of its own. */
    public Stdin() throws IOException {
        try {
            fd = new PolledFd(OsCalls.duplicate(FD));
        } catch (OsException e) {
            throw failure(e.errno()); // it was closed
        }
    }

    /** Whether a read now would not wait. */
    public boolean isReady() throws IOException {
        return fd.isReadyHere(Poll.POLLIN);
    }

    /**
     * Reads what is there, and waits for it.
     *
     * @return how many bytes, {@link #END} or {@link #NOTHING}
     */
    public int read(NativeBuffer target, int offset, int count, Deadline deadline)
            throws IOException, InterruptedException {
        while (true) {
            if (fd.await(Poll.POLLIN, deadline) < 0) {
                return NOTHING;
            }
            int result = fd.read(target, offset, count);
            if (result >= 0) {
                return result == 0 ? END : result;
            }
            if (result != PolledFd.WOULD_BLOCK) { // else another process that has it was faster
                throw failure(-result);
            }
        }
    }

    private static CommandException failure(int errno) {
        String why = "read stdin: " + Errno.text(errno) + " (" + Errno.name(errno) + ")";
        return new CommandException(Failure.of(ErrorKind.ofErrno(errno), why));
    }

    @Override
    public void close() throws IOException {
        fd.close();
    }
}
