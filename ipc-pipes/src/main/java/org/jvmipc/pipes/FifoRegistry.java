package org.jvmipc.pipes;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;
import org.jvmipc.internal.registry.Staleness;
import org.jvmipc.process.ProcessIdentity;

/**
 * FIFOs and their records. The record is written first and says that the FIFO is being made, then the FIFO is made and gets
 * its mode, then the record says which file it is: whoever is killed in between leaves what the next one finishes or removes.
 */
final class FifoRegistry {
    static final String SCHEME = "fifo";
    static final ObjectPaths PATHS = new ObjectPaths(SCHEME, ".fifo", "FIFO");
    static final ObjectRemover REMOVER = () -> FileStatus.FIFO;
    static final RegistrySurvey OBJECTS = new RegistrySurvey(SCHEME, REMOVER, PATHS::address);

    private static final String SHARING = "sharing";
    private static final String CAPACITY = "capacity";
    private static final int OCTAL = 8;

    private FifoRegistry() {}

    /**
     * Makes a FIFO where nothing is.
     *
     * @param owner whose it is once it is made
     */
    static void create(String path, Address address, FifoOptions options, ProcessIdentity owner) throws IOException {
        requireCapacity(options.capacityBytes());
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            create(registry, lock, path, address, options, owner);
        }
    }

    /**
     * Makes a FIFO unless there is one.
     *
     * @return the options of the one that is there now
     */
    static FifoOptions openOrCreate(String path, Address address, FifoOptions options) throws IOException {
        requireCapacity(options.capacityBytes());
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            try (ObjectFile file = ObjectFile.findOrNull(SCHEME, path, FileStatus.FIFO, options.owner())) {
                if (file != null) {
                    return adopt(registry, lock, file, options).withExact(options.exact());
                }
            }
            create(registry, lock, path, address, options, ProcessIdentity.self());
            return options;
        }
    }

    /** The FIFO is there: an owner who is dead makes place for this process. */
    private static FifoOptions adopt(Registry registry, ObjectLock lock, ObjectFile file, FifoOptions options)
            throws IOException {
        RegistryRecord record = registry.find(SCHEME, lock.path());
        if (record == null) {
            return options;
        }
        if (!record.isMade()) {
            FifoOptions finished = finish(registry, lock, file, record, options.owner());
            return finished == null ? options : finished;
        }
        if (!record.isOf(file.status())) {
            return options;
        }
        FifoOptions recorded = optionsOf(record, options.owner());
        if (registry.staleness(record) == Staleness.OWNER_DEAD) {
            registry.put(lock, begin(record.path(), record.address(), recorded).made(file.status()));
        }
        return recorded;
    }

    private static void create(
            Registry registry,
            ObjectLock lock,
            String path,
            Address address,
            FifoOptions options,
            ProcessIdentity owner)
            throws IOException {
        RegistryRecord before = registry.find(SCHEME, path);
        if (before != null && !before.isMade()) {
            registry.removeIfStale(lock, REMOVER); // a creator was killed here
        }
        if (isTaken(path)) {
            throw new OsException("mkfifo", Errno.EEXIST, "path=" + path);
        }
        RegistryRecord begun = begin(path, address.toString(), options);
        registry.put(lock, begun);
        boolean made = false;
        ObjectFile file = null;
        try {
            FileCalls.makeFifo(path, modeWhenMade(options));
            made = true;
            file = ObjectFile.find(SCHEME, path, FileStatus.FIFO, FifoOptions.SELF);
            file.changeMode(options.mode());
            registry.put(lock, begun.made(file.status()).ownedBy(owner));
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
    private static int modeWhenMade(FifoOptions options) {
        return options.mode() & 0600;
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

    private static boolean isTaken(String path) throws IOException {
        try {
            FileCalls.name(path).close();
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** The kernel tells a limit only when asked to set it: asked of a pipe that nobody has, before anything is made. */
    private static void requireCapacity(int bytes) throws IOException {
        if (bytes > 0) {
            Fd[] ends = OsCalls.pipe(0);
            try {
                OsCalls.setPipeCapacity(ends[0].number(), bytes);
            } finally {
                ends[0].close();
                ends[1].close();
            }
        }
    }

    /**
     * What was settled at the creation of the FIFO at the path.
     *
     * @return null if nobody has recorded that
     * @throws IOException if there is no FIFO, or one that is refused
     */
    static @Nullable FifoOptions recorded(String path, int owner) throws IOException {
        Registry registry = Registry.open();
        try (ObjectFile file = ObjectFile.find(SCHEME, path, FileStatus.FIFO, owner)) {
            RegistryRecord record = registry.find(SCHEME, path);
            if (record == null || record.isMade()) {
                return record != null && record.isOf(file.status()) ? optionsOf(record, owner) : null;
            }
        }
        try (ObjectLock lock = registry.lock(SCHEME, path);
                ObjectFile file = ObjectFile.find(SCHEME, path, FileStatus.FIFO, owner)) {
            RegistryRecord record = registry.find(SCHEME, path);
            if (record == null) {
                return null;
            }
            if (!record.isMade()) {
                return finish(registry, lock, file, record, owner);
            }
            return record.isOf(file.status()) ? optionsOf(record, owner) : null;
        }
    }

    /**
     * The record's creator was killed while it made the FIFO, and the lock is ours: does what is left to do. A FIFO that is
     * not its is left as it is, and the record goes.
     *
     * @return what its creator had chosen; null if the FIFO is not its
     */
    private static @Nullable FifoOptions finish(
            Registry registry, ObjectLock lock, ObjectFile file, RegistryRecord record, int owner) throws IOException {
        FifoOptions options = optionsOf(record, owner);
        if (!registry.isHalfMade(lock, REMOVER, file.status()) || !hasModeOf(options, file)) {
            registry.delete(lock);
            return null;
        }
        file.changeMode(options.mode());
        registry.put(lock, begin(record.path(), record.address(), options).made(file.status()));
        return options;
    }

    /** The creator's FIFO has the mode it was made with, less what the umask took, or the one it was given then. */
    private static boolean hasModeOf(FifoOptions options, ObjectFile file) {
        int mode = file.status().permissions();
        return mode == options.mode() || (mode & ~modeWhenMade(options)) == 0;
    }

    /** What was settled at the creation of the FIFO that is at the path; null if nobody has recorded that, or it is gone. */
    static @Nullable FifoOptions settled(String path, int owner) throws IOException {
        RegistryRecord record = OBJECTS.record(path);
        if (record == null) {
            return null;
        }
        return record.isMade() ? optionsOf(record, owner) : recorded(path, owner);
    }

    /** Removes the name and the record; false if there was no name. */
    static boolean remove(String path, int owner) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path);
                ObjectFile file = ObjectFile.findOrNull(SCHEME, path, FileStatus.FIFO, owner)) {
            boolean removed = file != null && registry.unlink(lock, file.status());
            registry.delete(lock);
            return removed;
        }
    }

    static RegistryRecord begin(String path, String address, FifoOptions options) {
        return RegistryRecord.begin(
                SCHEME, address, path, options.capacityBytes(), options.lifetime(), settings(options));
    }

    private static Map<String, String> settings(FifoOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(PipeEnds.FRAMING, options.framing().name());
        settings.put(SHARING, options.sharing().name());
        settings.put(CAPACITY, Integer.toString(options.capacityBytes()));
        settings.put(PipeEnds.MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        settings.put(ObjectParameters.MODE, Integer.toString(options.mode(), OCTAL));
        return settings;
    }

    private static FifoOptions optionsOf(RegistryRecord record, int owner) throws IpcException {
        try {
            Map<String, String> settings = record.settings();
            return new FifoOptions(
                    Framing.valueOf(settings.getOrDefault(PipeEnds.FRAMING, "")),
                    FifoSharing.valueOf(settings.getOrDefault(SHARING, "")),
                    Integer.parseInt(settings.getOrDefault(CAPACITY, "")),
                    Integer.parseInt(settings.getOrDefault(PipeEnds.MAX_MESSAGE, "")),
                    Integer.parseInt(settings.getOrDefault(ObjectParameters.MODE, ""), OCTAL),
                    record.lifetime() == Lifetime.OWNED ? Lifetime.OWNED : Lifetime.KEPT,
                    owner,
                    false);
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(
                    "fifo:" + record.path() + ": its record in the registry has settings that are none: "
                            + record.settings() + "; remove the FIFO and create it anew",
                    e);
        }
    }
}
