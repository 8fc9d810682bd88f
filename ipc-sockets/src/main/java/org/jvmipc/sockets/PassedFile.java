package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;

/**
 * An open file on its way between two processes ({@code SCM_RIGHTS}): one that is sent stays the sender's, one that was
 * received is this process's own, and has to be closed. What it is open on, be it a file without a name, a pipe or anything else,
 * both processes share.
 *
 * <pre>{@code
 * try (PassedFile file = PassedFile.of(Path.of("/proc/self/fd/" + number))) {   // or any other path
 *     connection.send("here it is", List.of(file));
 * }
 * // the other process
 * try (ReceivedMessage<String> received = connection.receiveWithFiles()) {
 *     FileChannel channel = received.files().get(0).open(StandardOpenOption.READ);
 * }
 * }</pre>
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code unix(7)}; paths go through {@code /proc}, which has to be mounted. Closed by a safety net when it was
 * forgotten.
 */
public final class PassedFile implements AutoCloseable {
    private final Fd fd;

    PassedFile(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens a file, to be passed on: for reading, and for writing if that is allowed.
     *
     * @throws IOException if it cannot be opened
     */
    public static PassedFile of(Path path) throws IOException {
        try {
            return new PassedFile(OsCalls.open(path.toString(), Fcntl.O_RDWR | Fcntl.O_NONBLOCK, 0));
        } catch (OsException e) {
            if (e.errno() == Errno.EACCES || e.errno() == Errno.EISDIR) {
                return new PassedFile(OsCalls.open(path.toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0));
            }
            throw e;
        }
    }

    /**
     * A duplicate of a descriptor of this process; the original stays its owner's.
     *
     * @param number of the descriptor
     * @throws IOException if there is none of that number
     */
    public static PassedFile ofDescriptor(int number) throws IOException {
        return new PassedFile(OsCalls.duplicate(number));
    }

    /** A descriptor of the caller's own on the same open file. */
    Fd duplicate() throws IOException {
        return fd.use(OsCalls::duplicate);
    }

    /** The descriptor's number; valid until {@link #close()}. */
    public int descriptor() throws IOException {
        return fd.ensureOpen();
    }

    /**
     * A path that leads to the open file for as long as it is open, in this process: for whatever opens files by a path. What
     * is opened there has a position of its own.
     */
    public Path path() throws IOException {
        return Path.of("/proc/self/fd/" + descriptor());
    }

    /** Opens it once more, as a channel with a position of its own; not for sockets. */
    public FileChannel open(OpenOption... options) throws IOException {
        return FileChannel.open(path(), options);
    }

    /** Whether it is open. */
    public boolean isOpen() {
        return fd.isOpen();
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
