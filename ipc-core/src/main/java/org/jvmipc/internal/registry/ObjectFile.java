package org.jvmipc.internal.registry;

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
 * The file at a path, checked to be an object that may be trusted before it is opened: of the right type, of the right
 * owner, with one name, and no symbolic link. It is named by descriptor first, so what is opened is what was checked.
 */
public final class ObjectFile implements AutoCloseable {
    /** As an owner: this user. */
    public static final int SELF = -1;

    private final String path;
    private final Fd named;
    private final FileStatus status;

    private ObjectFile(String path, Fd named, FileStatus status) {
        this.path = path;
        this.named = named;
        this.status = status;
    }

    /**
     * The object at the path.
     *
     * @param scheme of the object, for the messages of errors
     * @param type the type of file that it must have, such as {@link FileStatus#FIFO}
     * @param owner the user id it must have, {@link #SELF} for one's own
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IpcException if what is there is refused; it is not touched
     */
    public static ObjectFile find(String scheme, String path, int type, int owner) throws IOException {
        Fd named = FileCalls.name(path);
        try {
            FileStatus status = OsCalls.status(named.number());
            String fault = fault(status, type, owner == SELF ? ProcessCalls.effectiveUser() : owner);
            if (fault != null) {
                throw new IpcException(scheme + ":" + path + ": refused, " + fault);
            }
            return new ObjectFile(path, named, status);
        } catch (IOException | RuntimeException e) {
            named.close();
            throw e;
        }
    }

    /** The same, or null if there is nothing at the path. */
    public static @Nullable ObjectFile findOrNull(String scheme, String path, int type, int owner) throws IOException {
        try {
            return find(scheme, path, type, owner);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable String fault(FileStatus status, int type, int owner) {
        if (status.type() != type) {
            return "it is a " + status.typeName() + " and no " + FileStatus.typeName(type);
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

    /** What it is. */
    public FileStatus status() {
        return status;
    }

    /** Opens it, close-on-exec. */
    public Fd open(int flags) throws IpcException {
        return FileCalls.reopen(named, flags, path);
    }

    /** Gives it the mode. */
    public void changeMode(int mode) throws IpcException {
        FileCalls.changeMode(named, mode, path);
    }

    @Override
    public void close() {
        named.close();
    }
}
