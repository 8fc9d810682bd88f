package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;
import org.jvmipc.internal.registry.Staleness;
import org.jvmipc.process.ProcessIdentity;

/**
 * Lock files and their records. The record is written first and says that the file is being made, then the file is made and
 * gets its mode, then the record says which file it is: whoever is killed in between leaves what the next one finishes or
 * removes. A file without a record is as good: it is never left over.
 */
final class FileMutexRegistry {
    static final String SCHEME = "lock";
    static final ObjectPaths PATHS = new ObjectPaths(SCHEME, ".lock", "file lock");
    static final ObjectRemover REMOVER = () -> FileStatus.REGULAR;
    static final RegistrySurvey OBJECTS = new RegistrySurvey(SCHEME, REMOVER, PATHS::address);

    static final String MODE = "mode";
    private static final int OCTAL = 8;

    private FileMutexRegistry() {}

    /** The file that is there. */
    static RangeLock open(String path, FileMutexOptions options) throws IOException {
        Registry registry = Registry.open();
        RegistryRecord record = registry.find(SCHEME, path);
        if (record == null || (record.isMade() && record.lifetime() == Lifetime.KEPT)) {
            try (ObjectFile file = find(path, options.owner())) {
                return attach(file, options);
            }
        }
        // A cleaner looks under this lock whether anybody has it open, and does not remove it meanwhile.
        try (ObjectLock lock = registry.lock(SCHEME, path);
                ObjectFile file = find(path, options.owner())) {
            finish(registry, lock, file);
            return attach(file, options);
        }
    }

    private static ObjectFile find(String path, int owner) throws IOException {
        return ObjectFile.find(SCHEME, path, FileStatus.REGULAR, owner);
    }

    private static RangeLock attach(ObjectFile file, FileMutexOptions options) throws IOException {
        return RangeLocks.attach(file, options.start(), options.length());
    }

    /** The creator of what is locked may have been killed while it made it: does what is left to do. */
    private static void finish(Registry registry, ObjectLock lock, ObjectFile file) throws IOException {
        RegistryRecord record = registry.find(SCHEME, lock.path());
        if (record == null || record.isMade()) {
            return;
        }
        int mode = mode(record);
        int now = file.status().permissions();
        boolean ofItsMaking = now == mode || (now & ~modeWhenMade(mode)) == 0;
        if (!ofItsMaking || !registry.isHalfMade(lock, REMOVER, file.status())) {
            registry.delete(lock); // somebody else's
            return;
        }
        file.changeMode(mode);
        registry.put(
                lock,
                begin(record.path(), record.address(), mode, record.lifetime()).made(file.status()));
    }

    /** Makes a file where nothing is. */
    static RangeLock create(String path, FileMutexOptions options, ProcessIdentity owner) throws IOException {
        requireOwn(options);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            return create(registry, lock, options, owner);
        }
    }

    /** Makes a file unless there is one; of one whose owner is dead this process becomes the owner. */
    static RangeLock openOrCreate(String path, FileMutexOptions options) throws IOException {
        requireOwn(options);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            try (ObjectFile file = ObjectFile.findOrNull(SCHEME, path, FileStatus.REGULAR, options.owner())) {
                if (file != null) {
                    finish(registry, lock, file);
                    adopt(registry, lock, file);
                    return attach(file, options);
                }
            }
            return create(registry, lock, options, ProcessIdentity.self());
        }
    }

    private static void adopt(Registry registry, ObjectLock lock, ObjectFile file) throws IOException {
        RegistryRecord record = registry.find(SCHEME, lock.path());
        if (record != null && record.isOf(file.status()) && registry.staleness(record) == Staleness.OWNER_DEAD) {
            registry.put(
                    lock,
                    begin(record.path(), record.address(), mode(record), record.lifetime())
                            .made(file.status()));
        }
    }

    private static RangeLock create(Registry registry, ObjectLock lock, FileMutexOptions options, ProcessIdentity owner)
            throws IOException {
        String path = lock.path();
        RegistryRecord before = registry.find(SCHEME, path);
        if (before != null && !before.isMade()) {
            registry.removeIfStale(lock, REMOVER); // a creator was killed here
        }
        try (ObjectFile other = ObjectFile.findOrNull(SCHEME, path, FileStatus.REGULAR, options.owner())) {
            if (other != null) {
                throw new OsException("open", Errno.EEXIST, "path=" + path);
            }
        }
        RegistryRecord begun = begin(path, PATHS.address(path).toString(), options.mode(), options.lifetime());
        registry.put(lock, begun);
        boolean made = false;
        ObjectFile file = null;
        try {
            int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_NOFOLLOW;
            OsCalls.open(path, flags, modeWhenMade(options.mode())).close();
            made = true;
            file = find(path, FileMutexOptions.SELF);
            file.changeMode(options.mode());
            registry.put(lock, begun.made(file.status()).ownedBy(owner));
            return attach(file, options);
        } catch (IOException | RuntimeException | Error e) {
            undo(registry, lock, made, file, e);
            throw e;
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    /** For nobody else before it is in order. */
    private static int modeWhenMade(int mode) {
        return mode & 0600;
    }

    private static void undo(
            Registry registry, ObjectLock lock, boolean made, @Nullable ObjectFile file, Throwable cause) {
        try {
            if (made && file == null) {
                registry.removeIfStale(lock, REMOVER); // which file was made is not known, as if killed here
                return;
            }
            if (file != null) {
                registry.unlink(lock, file.status());
            }
            registry.delete(lock);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    static boolean exists(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        if (canonical == null) {
            return false;
        }
        try (ObjectFile file = ObjectFile.findOrNull(SCHEME, canonical, FileStatus.REGULAR, owner)) {
            return file != null;
        }
    }

    static boolean remove(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        if (canonical == null) {
            return false;
        }
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, canonical);
                ObjectFile file = ObjectFile.findOrNull(SCHEME, canonical, FileStatus.REGULAR, owner)) {
            boolean removed = file != null && registry.unlink(lock, file.status());
            registry.delete(lock);
            return removed;
        }
    }

    private static void requireOwn(FileMutexOptions options) {
        if (options.owner() != FileMutexOptions.SELF) {
            throw new IllegalArgumentException(
                    "owner is " + options.owner() + "; a file is made by its owner, so it must be -1, oneself");
        }
    }

    private static RegistryRecord begin(String path, String address, int mode, Lifetime lifetime) {
        Map<String, String> settings = new TreeMap<>(Map.of(MODE, Integer.toString(mode, OCTAL)));
        return RegistryRecord.begin(SCHEME, address, path, 0, lifetime, settings);
    }

    /** The mode that was settled. */
    static int mode(RegistryRecord record) throws IpcException {
        try {
            return new FileMutexOptions(
                            0,
                            Long.MAX_VALUE,
                            Integer.parseInt(record.settings().getOrDefault(MODE, ""), OCTAL),
                            record.lifetime(),
                            FileMutexOptions.SELF)
                    .mode();
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(
                    Address.of(SCHEME, record.path()) + ": its record in the registry has settings that are none: "
                            + record.settings() + "; remove the lock and create it anew",
                    e);
        }
    }
}
