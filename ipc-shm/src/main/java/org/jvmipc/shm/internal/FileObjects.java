package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MemoryCalls;
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
 * Objects that are regular files, with their records: made without a name, of their full size, filled, and only then linked to
 * the path. So a name never shows a half-made one, and running out of space is noticed before there is a name.
 *
 * <p>The record is written first and says that the object is being made. Whoever is killed before the link leaves the record
 * alone; between the link and the last word of the record, a whole object, whose record the next one finishes.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class FileObjects {
    private static final int OWNER_ONLY = 0600;

    private final String scheme;
    private final ObjectRemover remover;
    private final ObjectPaths paths;
    private final RegistrySurvey survey;

    /** Fills an object that has no name yet. */
    public interface Filler<T> {
        /** What it makes of the file, which is zeroed and of its full size; it takes the descriptor over. */
        T fill(Fd file) throws IOException;

        /** Undoes it, when the object did not get its name. */
        void undo(T filled);
    }

    /**
     * What is to be made.
     *
     * @param bytes its size
     * @param mode permission bits, whatever the umask
     * @param lifetime whether it is stale once its owner is dead
     * @param owner whose it is
     * @param settings what is settled with it
     */
    public record Plan(long bytes, int mode, Lifetime lifetime, ProcessIdentity owner, Map<String, String> settings) {}

    /** The objects of one scheme. */
    FileObjects(String scheme, String suffix, String what, ObjectRemover remover) {
        this.scheme = scheme;
        this.remover = remover;
        this.paths = new ObjectPaths(scheme, suffix, what);
        this.survey = new RegistrySurvey(scheme, remover, paths::address);
    }

    /** Where they lie. */
    public ObjectPaths paths() {
        return paths;
    }

    /** What is known of them. */
    public RegistrySurvey survey() {
        return survey;
    }

    /**
     * Makes one where nothing is.
     *
     * @param path in its canonical form
     * @throws OsException {@code EEXIST} if something has the name
     * @throws LimitException if there is not so much space
     */
    public <T> T create(String path, Address address, Plan plan, Filler<T> filler) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path)) {
            return create(registry, lock, address, plan, filler);
        }
    }

    /**
     * Makes one unless there is one.
     *
     * @return null if there is one, which is this process's now if its owner was dead
     */
    public <T> @Nullable T createUnlessThere(String path, int owner, Address address, Plan plan, Filler<T> filler)
            throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path)) {
            try (ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, owner)) {
                if (file != null) {
                    adopt(registry, lock, file.status());
                    return null;
                }
            }
            return create(registry, lock, address, plan, filler);
        }
    }

    private void adopt(Registry registry, ObjectLock lock, FileStatus file) throws IOException {
        RegistryRecord record = registry.find(scheme, lock.path());
        if (record == null) {
            return;
        }
        boolean unfinished = !record.isMade() && registry.isHalfMade(lock, remover, file);
        if (unfinished || registry.staleness(record) == Staleness.OWNER_DEAD) {
            registry.put(lock, record.made(file).ownedBy(ProcessIdentity.self()));
        }
    }

    private <T> T create(Registry registry, ObjectLock lock, Address address, Plan plan, Filler<T> filler)
            throws IOException {
        String path = lock.path();
        if (isTaken(path)) {
            finish(registry, lock);
            throw new OsException("linkat", Errno.EEXIST, "path=" + path);
        }
        RegistryRecord begun =
                RegistryRecord.begin(scheme, address.toString(), path, plan.bytes(), plan.lifetime(), plan.settings());
        registry.put(lock, begun);
        FileStatus linked = null;
        T filled = null;
        Fd file = null;
        try {
            file = allocated(path, plan);
            FileStatus status = OsCalls.status(file.number());
            filled = filler.fill(file);
            MemoryCalls.link(file, path);
            linked = status;
            registry.put(lock, begun.made(status).ownedBy(plan.owner()));
            return filled;
        } catch (IOException | RuntimeException | Error e) {
            undo(registry, lock, linked, e);
            if (filled != null) {
                filler.undo(filled);
            } else if (file != null) {
                file.close();
            }
            throw e;
        }
    }

    /** A creator was killed between the link and the last word of the record: the object is whole. */
    private void finish(Registry registry, ObjectLock lock) throws IOException {
        RegistryRecord record = registry.find(scheme, lock.path());
        if (record == null || record.isMade()) {
            return;
        }
        try (Fd named = FileCalls.name(lock.path())) {
            FileStatus file = OsCalls.status(named.number());
            if (registry.isHalfMade(lock, remover, file)) {
                registry.put(lock, record.made(file));
            }
        }
    }

    /** A file without a name, of its full size and with its mode. */
    private Fd allocated(String path, Plan plan) throws IOException {
        String directory = path.substring(0, path.lastIndexOf('/') + 1);
        Fd file = nameless(directory);
        try {
            if (plan.mode() != OWNER_ONLY) {
                OsCalls.changeMode(file.number(), plan.mode());
            }
            int result = plan.bytes() == 0 ? 0 : MemoryCalls.allocate(file, plan.bytes());
            if (result == -Errno.ENOSPC || result == -Errno.EDQUOT || result == -Errno.EFBIG) {
                throw noSpace(path, plan.bytes(), -result);
            }
            if (result < 0) {
                throw new OsException("posix_fallocate", -result, "path=" + path + " bytes=" + plan.bytes());
            }
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private Fd nameless(String directory) throws IOException {
        try {
            return MemoryCalls.nameless(directory, OWNER_ONLY);
        } catch (OsException e) {
            if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EISDIR || e.errno() == Errno.EINVAL) {
                throw new UnsupportedMechanismException(
                        scheme + ": the file system of " + directory
                                + " has no files without a name (O_TMPFILE), in which objects are made; use another, such as /dev/shm");
            }
            throw e;
        }
    }

    private LimitException noSpace(String path, long bytes, int errno) throws IOException {
        Path directory = Path.of(path).getParent();
        long free = Files.getFileStore(directory).getUsableSpace();
        return new LimitException(
                "posix_fallocate failed: " + Errno.text(errno) + " (" + Errno.name(errno) + ") path=" + path + ": "
                        + bytes + " bytes are needed",
                "free space on " + directory,
                free,
                "make room there, or put it on a larger file system");
    }

    private void undo(Registry registry, ObjectLock lock, @Nullable FileStatus linked, Throwable cause) {
        try {
            if (linked != null) {
                registry.unlink(lock, linked);
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

    /**
     * Opens the file of one.
     *
     * @param owner the user id that it must have, {@link ObjectFile#SELF} for one's own
     * @throws OsException {@code ENOENT} if there is none
     * @throws IpcException if what is there is refused
     */
    public Fd open(String path, int owner, boolean readOnly) throws IOException {
        try (ObjectFile file = ObjectFile.find(scheme, path, FileStatus.REGULAR, owner)) {
            return file.open((readOnly ? Fcntl.O_RDONLY : Fcntl.O_RDWR) | Fcntl.O_NONBLOCK);
        }
    }

    /** Whether there is one. */
    public boolean exists(String path, int owner) throws IOException {
        try (ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, owner)) {
            return file != null;
        }
    }

    /** Removes the name and the record; false if there was no name. */
    public boolean remove(String path, int owner) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path);
                ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, owner)) {
            boolean removed = false;
            if (file != null) {
                try (ObjectRemover.Exclusion exclusion = remover.exclude(path, file.status())) {
                    if (exclusion == null) {
                        throw new IpcException(address(path) + " cannot be removed: another process has been opening it"
                                + " for some time; it may be stopped");
                    }
                    removed = registry.unlink(lock, file.status());
                }
            }
            registry.delete(lock);
            return removed;
        }
    }

    private Address address(String path) throws IOException {
        return paths.address(path);
    }
}
