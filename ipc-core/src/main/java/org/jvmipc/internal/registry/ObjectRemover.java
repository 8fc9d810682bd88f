package org.jvmipc.internal.registry;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.FileStatus;

/** What the registry has to ask a mechanism before it removes an object of it. */
public interface ObjectRemover {
    /** The type of file that its objects are, such as {@link FileStatus#FIFO}; one of another type is never touched. */
    int fileType();

    /**
     * The object at the path; null if there is none. A mechanism whose objects have a path of files only where a file system of theirs
     * is mounted finds them otherwise.
     */
    default @Nullable NamedObject find(String path) throws IpcException {
        return NamedFile.find(path);
    }

    /**
     * Why nothing can be proven of the object from here: it has a name in a space of names that this process is not in, as those of an
     * IPC namespace. Null if it can be looked for.
     */
    default @Nullable String elsewhere(RegistryRecord record) {
        return null;
    }

    /**
     * Whether what is there may be what the creator, who has stopped, had begun. Where the births of files are known they decide
     * that; where they are not, the mechanism has to compare it with what was to be made.
     */
    default boolean isBegun(RegistryRecord record, FileStatus object) throws IpcException {
        return true;
    }

    /** Keeps others from opening an object, until it is closed. */
    interface Exclusion extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Keeps others from opening the object from before it is asked who uses it until it is removed. A mechanism whose
     * objects are opened without the object's lock does that by a lock of its own, on that very file.
     *
     * @return null if somebody is opening it right now
     */
    default @Nullable Exclusion exclude(String path, FileStatus object) throws IOException {
        return () -> {};
    }

    /**
     * The live processes that use the object, this one included. Called under the object's lock: a mechanism that takes
     * the lock to open as well excludes that one comes while the others are counted.
     */
    default List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) throws IOException {
        return holders(Map.of(record, object)).getOrDefault(record, List.of());
    }

    /**
     * The same of many at once, under no lock: who uses them at this moment. A mechanism that knows better than by who has
     * the file open implements this one.
     *
     * @return by record; without those that nobody uses
     */
    default Map<RegistryRecord, List<OpenFiles.Holder>> holders(Map<RegistryRecord, FileStatus> objects)
            throws IOException {
        Set<OpenFiles.FileId> files = new HashSet<>();
        objects.values().forEach(object -> files.add(OpenFiles.FileId.of(object)));
        Map<OpenFiles.FileId, List<OpenFiles.Holder>> holders = OpenFiles.holders(files, true);
        Map<RegistryRecord, List<OpenFiles.Holder>> result = new HashMap<>();
        objects.forEach((record, object) -> {
            List<OpenFiles.Holder> ofObject = holders.get(OpenFiles.FileId.of(object));
            if (ofObject != null) {
                result.put(record, ofObject);
            }
        });
        return result;
    }
}
