package org.jvmipc.internal.registry;

import java.io.IOException;
import java.util.List;
import org.jvmipc.internal.posix.FileStatus;

/** What the registry has to ask a mechanism before it removes an object of it. */
public interface ObjectRemover {
    /** The type of file that its objects are, such as {@link FileStatus#FIFO}; one of another type is never touched. */
    int fileType();

    /**
     * The live processes that use the object, this one included. Called under the object's lock: a mechanism that takes
     * the lock to open as well excludes that one comes while the others are counted.
     */
    default List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) throws IOException {
        return OpenFiles.holders(object.device(), object.inode(), true);
    }
}
