package org.jvmipc.shm.internal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
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
 * The objects of one scheme that are regular files with records: made, opened and removed so that a name never shows a
 * half-made one.
 *
 * <pre>{@code
 * static final FileObjects AREAS = new FileObjects("shm", ".shm", "shared memory area", () -> FileStatus.REGULAR);
 *
 * try (Fd file = AREAS.create(path, new Creation(size, 0600, Lifetime.KEPT, self, Map.of()), fd -> {})) {
 *     ...
 * }
 * }</pre>
 *
 * <p>A file is allocated and filled while it has no name. Then, under the object's lock, its record is written, which says
 * which file it is, and after that it gets the name.
 *
 * <p><b>Killed here.</b> Before the record: nothing is left. Between record and name: a record of what is not there, which a
 * cleaner removes and a creator replaces. After that the object is whole. So what is at the path is never judged by when it
 * came to be: it is the record's file, or it is somebody else's.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class FileObjects {
    private final String scheme;
    private final ObjectPaths paths;
    private final ObjectRemover remover;
    private final RegistrySurvey survey;

    /**
     * The objects of one scheme.
     *
     * @param suffix what ends the file's name where the object has a bare name, such as {@code .shm}
     * @param what what an object is in the messages of errors, such as {@code shared memory area}
     * @param remover is asked before one is removed
     */
    public FileObjects(String scheme, String suffix, String what, ObjectRemover remover) {
        this(scheme, new ObjectPaths(scheme, suffix, what), remover);
    }

    /** The same with paths of their own making. */
    FileObjects(String scheme, ObjectPaths paths, ObjectRemover remover) {
        this.scheme = scheme;
        this.paths = paths;
        this.remover = remover;
        this.survey = new RegistrySurvey(scheme, remover, paths::address);
    }

    /** Writes what the file holds from the beginning, before anybody can open it. */
    public interface Filler {
        /** Fills the file, which has its size; locks that are taken on its descriptor stay. */
        void fill(Fd file) throws IOException;

        /**
         * The file does not get the name: whoever kept the descriptor lets go of it here. Afterwards it is closed, and its
         * number soon another file's.
         */
        default void giveUp() {}
    }

    /** Their paths and addresses. */
    public ObjectPaths paths() {
        return paths;
    }

    /** What is told of them. */
    public RegistrySurvey survey() {
        return survey;
    }

    // ---- making

    /**
     * Makes one where nothing is.
     *
     * @param path canonical ({@link ObjectPaths#canonical})
     * @return its file, open for reading and writing
     * @throws OsException {@code EEXIST} if there is anything at the path
     * @throws org.jvmipc.LimitException if there is no room for it
     * @throws IOException if it could not be made; nothing is left behind then
     */
    public Fd create(String path, Creation creation, Filler filler) throws IOException {
        Registry registry = Registry.open(); // makes the runtime directory, which may be the file's
        requireAbsent(path);
        // Allocating takes its time: without the lock, for which others do not wait so long.
        try (NewFile file = NewFile.nameless(path)) {
            if (file != null) {
                return createNameless(registry, file, path, creation, filler);
            }
        }
        try (ObjectLock lock = registry.lock(scheme, path);
                NewFile file = NewFile.beside(path)) {
            return createBeside(registry, lock, file, creation, filler);
        }
    }

    private Fd createNameless(Registry registry, NewFile file, String path, Creation creation, Filler filler)
            throws IOException {
        try {
            fill(file, path, creation, filler);
            try (ObjectLock lock = registry.lock(scheme, path)) {
                return publish(registry, lock, file, creation);
            }
        } catch (IOException | RuntimeException | Error e) {
            filler.giveUp();
            throw e;
        }
    }

    private Fd createBeside(Registry registry, ObjectLock lock, NewFile file, Creation creation, Filler filler)
            throws IOException {
        try {
            requireAbsent(lock.path());
            fill(file, lock.path(), creation, filler);
            return publish(registry, lock, file, creation);
        } catch (IOException | RuntimeException | Error e) {
            filler.giveUp();
            throw e;
        }
    }

    /**
     * Opens the one that is there, or makes it. If the one that is there is {@link Lifetime#OWNED} by a process that is dead,
     * the new one's owner owns it from now on.
     *
     * @return its file, open for reading and writing
     * @throws IOException as {@link #create}, or as {@link #open}
     */
    public Fd openOrCreate(String path, Creation creation, Filler filler) throws IOException {
        while (true) {
            try {
                return openAndAdopt(path, creation.owner());
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            try {
                return create(path, creation, filler);
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                } // another one was faster
            }
        }
    }

    private void fill(NewFile file, String path, Creation creation, Filler filler) throws IOException {
        file.allocate(creation.sizeBytes(), scheme + ":" + path);
        filler.fill(file.fd());
        file.changeMode(creation.mode());
    }

    private Fd publish(Registry registry, ObjectLock lock, NewFile file, Creation creation) throws IOException {
        requireAbsent(lock.path());
        RegistryRecord record = begin(lock.path(), creation)
                .made(OsCalls.status(file.fd().number()))
                .ownedBy(creation.owner());
        try {
            registry.put(lock, record);
            return file.publish();
        } catch (IOException | RuntimeException | Error e) {
            try {
                registry.delete(lock);
            } catch (IOException | RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private RegistryRecord begin(String path, Creation creation) throws IOException {
        Address address = paths.address(path);
        return RegistryRecord.begin(
                scheme, address.toString(), path, creation.sizeBytes(), creation.lifetime(), creation.settings());
    }

    private static void requireAbsent(String path) throws IOException {
        try {
            FileCalls.name(path).close();
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return;
            }
            throw e;
        }
        throw new OsException("linkat", Errno.EEXIST, "path=" + path);
    }

    // ---- opening

    /** What is done with the file of an object, which is as safe from a cleaner then as one that is open. */
    public interface Use<T> {
        /** Opens it, or looks at it. */
        T of(ObjectFile file) throws IOException;
    }

    /**
     * Opens the one at the path.
     *
     * @param owner the user id that its file must have, {@link ObjectFile#SELF} for one's own
     * @param flags of {@code open(2)}
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IOException if what is there is refused
     */
    public Fd open(String path, int owner, int flags) throws IOException {
        return use(path, owner, file -> file.open(flags));
    }

    /**
     * The same, with a patience of one's own where a cleaner may be in the way.
     *
     * @throws org.jvmipc.internal.registry.BusyException if another process has the object locked that long
     */
    Fd open(String path, int owner, int flags, Duration patience) throws IOException {
        return use(path, owner, null, patience, file -> file.open(flags));
    }

    /** Opens the one at the path; if its owner is dead it is this one's from now on. */
    Fd openAndAdopt(String path, ProcessIdentity adopter) throws IOException {
        return use(path, ObjectFile.SELF, adopter, file -> file.open(Fcntl.O_RDWR | Fcntl.O_NONBLOCK));
    }

    /**
     * Uses the one at the path.
     *
     * @param owner as of {@link #open}
     * @throws IOException as {@link #open}
     */
    public <T> T use(String path, int owner, Use<T> use) throws IOException {
        return use(path, owner, null, use);
    }

    /**
     * Uses the one at the path.
     *
     * @param owner as of {@link #open}
     * @param adopter whose it is from now on if its owner is dead; nobody's if null
     * @throws IOException as {@link #open}
     */
    public <T> T use(String path, int owner, @Nullable ProcessIdentity adopter, Use<T> use) throws IOException {
        return use(path, owner, adopter, Registry.PATIENCE, use);
    }

    private <T> T use(String path, int owner, @Nullable ProcessIdentity adopter, Duration patience, Use<T> use)
            throws IOException {
        Registry registry = Registry.open();
        if (!mayBeCleaned(registry, path)) {
            try (ObjectFile file = find(path, owner)) {
                return use.of(file);
            }
        }
        // A cleaner asks who has it open, and removes its name: under the lock this comes before or after that.
        try (ObjectLock lock = registry.lock(scheme, path, patience)) {
            NewFile.removeUnfinished(path);
            try (ObjectFile file = ObjectFile.find(scheme, path, FileStatus.REGULAR, owner)) {
                RegistryRecord record = adopter == null ? null : registry.find(scheme, path);
                if (record != null
                        && adopter != null
                        && record.isOf(file.status())
                        && registry.staleness(record) == Staleness.OWNER_DEAD) {
                    registry.put(lock, record.ownedBy(adopter));
                }
                return use.of(file);
            }
        }
    }

    private boolean mayBeCleaned(Registry registry, String path) throws IOException {
        try {
            RegistryRecord record = registry.find(scheme, path);
            return record != null && (!record.isMade() || record.lifetime() == Lifetime.OWNED);
        } catch (CorruptDataException e) {
            return false; // what nobody can read says of nothing that it is left over
        }
    }

    /** The file at the path, checked; without the second name that a creator may have left who was killed. */
    private ObjectFile find(String path, int owner) throws IOException {
        try {
            return ObjectFile.find(scheme, path, FileStatus.REGULAR, owner);
        } catch (OsException e) {
            throw e;
        } catch (IpcException refused) {
            try (ObjectLock lock = Registry.open().lock(scheme, path)) {
                if (!NewFile.removeUnfinished(lock.path())) {
                    throw refused;
                }
            }
            return ObjectFile.find(scheme, path, FileStatus.REGULAR, owner);
        }
    }

    /**
     * What was settled when the object was made.
     *
     * @param file the object
     * @return null if nobody has recorded that, or if the record is of another file
     */
    public @Nullable RegistryRecord record(String path, FileStatus file) throws IOException {
        RegistryRecord record = Registry.open().find(scheme, path);
        return record != null && record.isOf(file) ? record : null;
    }

    // ---- removing

    /**
     * Removes the name and the record. Those who have it open go on.
     *
     * @return false if there was no name
     * @throws IpcException if it is being opened, for some time now; or it is refused
     */
    public boolean remove(String path, int owner) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path)) {
            NewFile.removeUnfinished(path);
            try (ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, owner)) {
                boolean removed = file != null && unlink(registry, lock, file.status());
                registry.delete(lock);
                return removed;
            }
        }
    }

    /** Whether what a file holds proves that its owner has left it. */
    interface Desertion {
        boolean isProven(ObjectFile file) throws IOException;
    }

    /**
     * Removes the name and the record of one whose owner is proven dead, or to have left it: by who it was, by what the file holds, or as
     * nobody uses it, which an owner does as long as it lives. Others may have it open still, and go on.
     *
     * @return null if it was removed, or there was none; whose it is if that is not proven
     * @throws IpcException if it is not recorded whose it is; it is not touched then
     */
    @Nullable
    ProcessIdentity removeIfOwnerDead(String path, Desertion desertion) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path)) {
            NewFile.removeUnfinished(path);
            try (ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, ObjectFile.SELF)) {
                RegistryRecord record = file == null ? null : registry.find(scheme, path);
                if (file != null && (record == null || !record.isOf(file.status()))) {
                    throw new IpcException(scheme + ":" + path + ": it is not recorded whose it is");
                }
                if (file != null && record != null && !isOwnerDead(record, file, desertion)) {
                    return record.owner();
                }
                if (file != null) {
                    unlink(registry, lock, file.status());
                }
                registry.delete(lock);
                return null;
            }
        }
    }

    private boolean isOwnerDead(RegistryRecord record, ObjectFile file, Desertion desertion) throws IOException {
        return record.lifetime() == Lifetime.OWNED
                && (!record.owner().isAlive()
                        || desertion.isProven(file)
                        || remover.holders(record, file.status()).isEmpty());
    }

    /**
     * Removes the name and the record of this very file; what has its place by now is not touched.
     *
     * @return false if it has no name any more
     */
    boolean remove(String path, FileStatus object) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(scheme, path);
                ObjectFile file = ObjectFile.findOrNull(scheme, path, FileStatus.REGULAR, ObjectFile.SELF)) {
            RegistryRecord record = registry.find(scheme, path);
            boolean removed = file != null && isSame(file.status(), object) && unlink(registry, lock, object);
            if (record != null && record.isOf(object)) {
                registry.delete(lock);
            }
            return removed;
        }
    }

    private static boolean isSame(FileStatus one, FileStatus other) {
        return one.device() == other.device() && one.inode() == other.inode() && one.birthNanos() == other.birthNanos();
    }

    private boolean unlink(Registry registry, ObjectLock lock, FileStatus file) throws IOException {
        try (ObjectRemover.Exclusion exclusion = remover.exclude(lock.path(), file)) {
            if (exclusion == null) {
                throw new IpcException(scheme + ":" + lock.path()
                        + ": another process has been opening it for some time; it may be stopped");
            }
            return registry.unlink(lock, file);
        }
    }

    /** Whether there is one. */
    public boolean exists(String path, int owner) throws IOException {
        try {
            find(path, owner).close();
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }
}
