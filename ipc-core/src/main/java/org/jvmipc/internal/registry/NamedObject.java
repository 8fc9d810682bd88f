package org.jvmipc.internal.registry;

import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.FileStatus;

/**
 * An object by its name, held so that what is looked at and what loses its name are the same.
 *
 * <p><b>Thread safety.</b> None.
 */
public interface NamedObject extends AutoCloseable {
    /** What it is. */
    FileStatus status();

    /** Removes its name. */
    void unlink() throws IpcException;

    /** Whether it is that very file. */
    default boolean is(FileStatus file) {
        FileStatus status = status();
        return status.device() == file.device()
                && status.inode() == file.inode()
                && (status.birthNanos() == 0 || file.birthNanos() == 0 || status.birthNanos() == file.birthNanos());
    }

    @Override
    void close();
}
