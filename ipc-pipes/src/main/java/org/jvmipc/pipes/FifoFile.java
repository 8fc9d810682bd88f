package org.jvmipc.pipes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The file at a path, checked to be a FIFO that may be trusted before it is opened: of the right type, of the right owner,
 * with one name, and no symbolic link. It is named by descriptor first, so what is opened is what was checked.
 */
final class FifoFile implements AutoCloseable {
    private final String path;
    private final Fd named;
    private final FileStatus status;

    private FifoFile(String path, Fd named, FileStatus status) {
        this.path = path;
        this.named = named;
        this.status = status;
    }

    /**
     * The FIFO at the path.
     *
     * @param owner the user id it must have, {@link FifoOptions#SELF} for one's own
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IpcException if what is there is refused; it is not touched
     */
    static FifoFile find(String path, int owner) throws IOException {
        Fd named = FileCalls.name(path);
        try {
            FileStatus status = OsCalls.status(named.number());
            String fault = fault(status, owner == FifoOptions.SELF ? ProcessCalls.effectiveUser() : owner);
            if (fault != null) {
                throw new IpcException("fifo:" + path + ": refused, " + fault);
            }
            return new FifoFile(path, named, status);
        } catch (IOException | RuntimeException e) {
            named.close();
            throw e;
        }
    }

    /** The same, or null if there is nothing at the path. */
    static @Nullable FifoFile findOrNull(String path, int owner) throws IOException {
        try {
            return find(path, owner);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable String fault(FileStatus status, int owner) {
        if (status.type() != FileStatus.FIFO) {
            return "it is a " + status.typeName() + " and no FIFO";
        }
        if (status.uid() != owner) {
            return "it belongs to user " + status.uid() + " and not to " + owner
                    + "; name that owner if it is meant to be his";
        }
        if (status.links() != 1) {
            return "it has " + status.links() + " names (hard links); it must have one";
        }
        return null;
    }

    FileStatus status() {
        return status;
    }

    /** Opens it, close-on-exec. */
    Fd open(int flags) throws IpcException {
        return FileCalls.reopen(named, flags, path);
    }

    /** Gives it the mode. */
    void changeMode(int mode) throws IpcException {
        FileCalls.changeMode(named, mode, path);
    }

    @Override
    public void close() {
        named.close();
    }
}
