package org.jvmipc.internal.registry;

import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;

/**
 * A name in a directory that is held open, so that what is looked at and what is unlinked are in the same directory: a link
 * in the middle of the path, swapped in between by somebody else, would lead the second call to another file.
 */
final class NamedFile implements NamedObject {
    private final String path;
    private final Fd directory;
    private final FileStatus status;

    private NamedFile(String path, Fd directory, FileStatus status) {
        this.path = path;
        this.directory = directory;
        this.status = status;
    }

    /** The object with this absolute path, or null if there is none; a symbolic link is one by itself. */
    static @Nullable NamedFile find(String path) throws IpcException {
        int slash = path.lastIndexOf('/');
        Fd directory = null;
        try {
            directory = OsCalls.open(path.substring(0, slash + 1), Fcntl.O_PATH | Fcntl.O_DIRECTORY, 0);
            NamedFile object = new NamedFile(path, directory, status(directory, path));
            directory = null;
            return object;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return null;
            }
            throw new OsException(e.call(), e.errno(), "path=" + path);
        } finally {
            if (directory != null) {
                directory.close();
            }
        }
    }

    private static FileStatus status(Fd directory, String path) throws IpcException {
        try (Fd named = FileCalls.name(inDirectory(directory, path))) {
            return OsCalls.status(named.number());
        }
    }

    private static String inDirectory(Fd directory, String path) {
        return "/proc/self/fd/" + directory.number() + path.substring(path.lastIndexOf('/'));
    }

    @Override
    public FileStatus status() {
        return status;
    }

    @Override
    public void unlink() throws IpcException {
        try {
            FileCalls.unlink(inDirectory(directory, path));
        } catch (OsException e) {
            throw new OsException(e.call(), e.errno(), "path=" + path);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
