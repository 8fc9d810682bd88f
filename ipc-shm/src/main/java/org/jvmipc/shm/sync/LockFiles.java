package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.internal.Creation;
import org.jvmipc.shm.internal.FileObjects;

/** The files of locks: made and opened. A file without a record is as good: it is never left over. */
final class LockFiles {
    static final String SCHEME = "lock";
    static final FileObjects OBJECTS = new FileObjects(SCHEME, ".lock", "file lock", () -> FileStatus.REGULAR);

    private LockFiles() {}

    /** The one that is there. */
    static RangeLock open(String path, FileMutexOptions options) throws IOException {
        return open(path, options, null);
    }

    private static RangeLock open(String path, FileMutexOptions options, @Nullable ProcessIdentity adopter)
            throws IOException {
        RangeLocks.prepare();
        return OBJECTS.use(
                path, options.owner(), adopter, file -> RangeLocks.attach(file, options.start(), options.length()));
    }

    /** Makes an empty one where nothing is. */
    static RangeLock create(String path, FileMutexOptions options, ProcessIdentity owner) throws IOException {
        requireOwn(options);
        Map<String, String> settings = Map.of(ObjectParameters.MODE, ObjectParameters.octal(options.mode()));
        // Opened before it has its name: if that fails, nothing is left behind.
        Attachment attachment = new Attachment(options);
        OBJECTS.create(path, new Creation(0, options.mode(), options.lifetime(), owner, settings), attachment);
        return attachment.lock();
    }

    /** The lock that has the new file's descriptor. */
    private static final class Attachment implements FileObjects.Filler {
        private final FileMutexOptions options;
        private @Nullable RangeLock lock;

        private Attachment(FileMutexOptions options) {
            this.options = options;
        }

        @Override
        public void fill(Fd file) throws IOException {
            lock = RangeLocks.attach(file, options.start(), options.length());
        }

        @Override
        public void giveUp() {
            if (lock != null) {
                lock.detach();
            }
        }

        private RangeLock lock() {
            return Objects.requireNonNull(lock, "a file was made and not filled");
        }
    }

    /** Makes one unless there is one; of one whose owner is dead this process becomes the owner. */
    static RangeLock openOrCreate(String path, FileMutexOptions options) throws IOException {
        requireOwn(options);
        while (true) {
            try {
                return open(path, options, ProcessIdentity.self());
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            try {
                return create(path, options, ProcessIdentity.self());
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                } // another one was faster
            }
        }
    }

    private static void requireOwn(FileMutexOptions options) {
        if (options.owner() != FileMutexOptions.SELF) {
            throw new IllegalArgumentException(
                    "owner is " + options.owner() + "; a file is made by its owner, so it must be -1, oneself");
        }
    }

    static boolean exists(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        return canonical != null && OBJECTS.exists(canonical, owner);
    }

    static boolean remove(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        return canonical != null && OBJECTS.remove(canonical, owner);
    }
}
