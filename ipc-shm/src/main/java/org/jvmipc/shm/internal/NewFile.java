package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;

/**
 * A regular file that gets its name when it is whole. It has none until then and goes with its descriptor, at a death too
 * ({@code O_TMPFILE}); or, where the file system has no such files, a hidden one beside, which is removed by
 * {@link #close()}, and after a death by the next {@link #beside}.
 */
final class NewFile implements AutoCloseable {
    /** The file is its user's alone until it is given its mode. */
    private static final int PRIVATE = 0600;

    private final String path;
    private final Fd fd;
    private @Nullable String hiddenName;
    private boolean published;

    private NewFile(String path, Fd fd, @Nullable String hiddenName) {
        this.path = path;
        this.fd = fd;
        this.hiddenName = hiddenName;
    }

    /** One without a name, in the directory of the path; null if the file system has no such files. */
    static @Nullable NewFile nameless(String path) throws IpcException {
        String directory = String.valueOf(Path.of(path).getParent());
        try {
            return opened(path, MemoryCalls.nameless(directory, PRIVATE), null);
        } catch (OsException e) {
            return switch (e.errno()) {
                case Errno.EOPNOTSUPP, Errno.EISDIR, Errno.EINVAL -> null;
                default -> throw e;
            };
        }
    }

    /** One with a hidden name beside the path. For who has the object's lock: he alone uses that name. */
    static NewFile beside(String path) throws IpcException {
        removeUnfinished(path);
        String hidden = hiddenName(path);
        Fd fd = OsCalls.open(hidden, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_NOFOLLOW, PRIVATE);
        return opened(path, fd, hidden);
    }

    /** A umask may have taken permissions from its owner, too, by which it is opened once more. */
    private static NewFile opened(String path, Fd fd, @Nullable String hidden) throws IpcException {
        NewFile file = new NewFile(path, fd, hidden);
        try {
            OsCalls.changeMode(fd.number(), PRIVATE);
            return file;
        } catch (IpcException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Removes the hidden name that a creator left who was killed. For who has the object's lock.
     *
     * @return false if there was none
     */
    static boolean removeUnfinished(String path) throws IpcException {
        return FileCalls.unlink(hiddenName(path));
    }

    private static String hiddenName(String path) {
        Path file = Path.of(path);
        return file.resolveSibling("." + file.getFileName() + ".ipc-unfinished").toString();
    }

    /** Open for reading and writing. */
    Fd fd() {
        return fd;
    }

    /**
     * Gives it all its blocks.
     *
     * @param object the object's address, for the error
     * @throws LimitException if the file system has not so many
     */
    void allocate(long bytes, String object) throws IOException {
        int result = bytes == 0 ? 0 : MemoryCalls.allocate(fd, bytes); // which takes no 0
        if (result == -Errno.ENOSPC) {
            MemoryCalls.resize(fd, 0); // what it had got counts as free
            throw new LimitException(
                    object + ": " + bytes + " bytes cannot be allocated (ENOSPC)",
                    "free space of the file system of " + path,
                    Files.getFileStore(directory()).getUsableSpace(),
                    "make room there, or have the file system enlarged, a tmpfs with mount -o remount,size=");
        }
        if (result != 0) {
            throw new OsException("posix_fallocate", -result, "path=" + path + " bytes=" + bytes);
        }
    }

    private Path directory() throws IpcException {
        Path directory = Path.of(path).getParent();
        if (directory == null) {
            throw new IpcException("no path of a file: " + path);
        }
        return directory;
    }

    /** Gives it its mode, whatever the umask is. */
    void changeMode(int mode) throws IpcException {
        if (mode != PRIVATE) {
            OsCalls.changeMode(fd.number(), mode);
        }
    }

    /**
     * Gives it its name, at one instant. The descriptor is the caller's then.
     *
     * @throws OsException {@code EEXIST} if something has it
     */
    Fd publish() throws IpcException {
        MemoryCalls.link(fd, path);
        if (hiddenName != null) {
            try {
                FileCalls.unlink(hiddenName);
            } catch (IpcException e) {
                FileCalls.unlink(path); // with two names it would be refused by whoever opens it
                throw e;
            }
            hiddenName = null;
        }
        published = true;
        return fd;
    }

    /** Lets it go, unless it was published. */
    @Override
    public void close() throws IpcException {
        if (published) {
            return;
        }
        fd.close();
        if (hiddenName != null) {
            FileCalls.unlink(hiddenName);
        }
    }
}
