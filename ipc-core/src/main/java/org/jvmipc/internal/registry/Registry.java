package org.jvmipc.internal.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;

/**
 * Who made which named object: one small file per object in {@code registry/} of the runtime directory, so that every
 * process can list them, and prove which ones are left over from the dead, without a daemon.
 *
 * <pre>{@code
 * Registry registry = Registry.open();
 * try (ObjectLock lock = registry.lock("fifo", path)) {
 *     registry.removeIfStale(lock, remover);      // what is left of a creator that was killed here
 *     registry.put(lock, begun);                  // before the object: no object is ever without a record
 *     ... make the object ...
 *     registry.put(lock, begun.made(status));
 * }
 * ...
 * registry.removeStale("fifo", remover, false).removed();
 * }</pre>
 *
 * <p><b>Killed here</b> between any two of these steps, the next one who locks that object, or the next cleaner, finds a
 * record that tells how far it got. Nobody has to wait for the dead: the kernel gives the lock back.
 *
 * <p><b>Thread safety.</b> Yes; an {@link ObjectLock} is of one thread.
 */
public final class Registry {
    /** How long {@link #lock} waits. What is done under a lock takes a millisecond. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String DIRECTORY = "registry";

    private final RecordFiles files;
    private final LockFile locks;
    private final Duration patience;

    private Registry(Path directory, Duration patience) {
        this.files = new RecordFiles(directory);
        this.locks = new LockFile(directory);
        this.patience = patience;
    }

    /**
     * The registry of this user; its directory is made if it is missing.
     *
     * @throws IpcException if it cannot be made, or may not be trusted
     */
    public static Registry open() throws IOException {
        return at(RuntimeDirectory.make().resolve(DIRECTORY));
    }

    /** A registry in a directory of its own, which is made if it is missing. */
    public static Registry at(Path directory) throws IOException {
        return at(directory, PATIENCE);
    }

    static Registry at(Path directory, Duration patience) throws IOException {
        PrivateDirectory.make(directory, "registry");
        return new Registry(directory, patience);
    }

    // ---- one object

    /**
     * Locks an object against its creation, removal and cleaning by others, and waits for that 5 s at most, uninterruptibly.
     *
     * @param path absolute, in the one form that all who name the object use
     * @throws BusyException if another holds it that long
     */
    public ObjectLock lock(String scheme, String path) throws IpcException {
        return lock(scheme, path, patience);
    }

    /**
     * The same, with a patience of one's own.
     *
     * @throws BusyException if another holds it that long
     */
    public ObjectLock lock(String scheme, String path, Duration patience) throws IpcException {
        ObjectKey key = new ObjectKey(scheme, path);
        return new ObjectLock(this, key, locks.lock(key, patience));
    }

    /** Locks an object if nobody holds its lock, or else answers null. */
    public @Nullable ObjectLock tryLock(String scheme, String path) throws IpcException {
        ObjectKey key = new ObjectKey(scheme, path);
        Fd fd = locks.tryLock(key);
        return fd == null ? null : new ObjectLock(this, key, fd);
    }

    /**
     * The record of an object, which may not be there any more; no lock is needed.
     *
     * @return null if there is none
     * @throws CorruptDataException if it is damaged
     */
    public @Nullable RegistryRecord find(String scheme, String path) throws IpcException {
        RecordFiles.Found found = files.read(new ObjectKey(scheme, path).fileName());
        return found == null ? null : found.record();
    }

    /**
     * Writes the record of the object locked, at one instant and in the place of the one there was. One that says the object
     * is being made is written only after a look that nothing has its path, and its lock is kept until it is made or given
     * up: a cleaner takes what it finds there for the dead creator's.
     */
    public void put(ObjectLock lock, RegistryRecord record) throws IpcException {
        ObjectKey key = lock.require(this);
        if (!key.equals(ObjectKey.of(record))) {
            throw new IllegalArgumentException("the record is of " + ObjectKey.of(record) + ", the lock of " + key);
        }
        files.write(record);
    }

    /** Removes the record of the object locked, damaged or not; false if there was none. */
    public boolean delete(ObjectLock lock) throws IpcException {
        return files.remove(lock.require(this));
    }

    /**
     * Removes the name of the object locked if it still is that very file's: what somebody else has put there is left alone.
     *
     * @param object the file, best kept named by a descriptor so that its number is not given again
     * @return false if nothing, or another file, has the name
     */
    public boolean unlink(ObjectLock lock, FileStatus object) throws IpcException {
        try (NamedObject named = NamedFile.find(lock.require(this).path())) {
            if (named == null || !named.is(object)) {
                return false;
            }
            named.unlink();
            return true;
        }
    }

    // ---- all objects

    /** All records, by scheme and path; those that are damaged are in {@link #problems()}. */
    public List<RegistryRecord> list() throws IOException {
        return list("", new ArrayList<>());
    }

    /** The records of one scheme. */
    public List<RegistryRecord> list(String scheme) throws IOException {
        RegistryRecord.requireScheme(scheme);
        return list(scheme + "-", new ArrayList<>());
    }

    /** What is wrong with records that cannot be read, one message each, which names the file. */
    public List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        list("", problems);
        return problems;
    }

    private List<RegistryRecord> list(String prefix, List<String> problems) throws IOException {
        return read(prefix, problems).stream().map(RecordFiles.Found::record).toList();
    }

    /** The records of one scheme with their files; adds what is wrong with those that cannot be read. */
    List<RecordFiles.Found> found(String scheme, List<String> problems) throws IOException {
        RegistryRecord.requireScheme(scheme);
        return read(scheme + "-", problems);
    }

    private List<RecordFiles.Found> read(String prefix, List<String> problems) throws IOException {
        List<RecordFiles.Found> records = new ArrayList<>();
        for (String name : files.names()) {
            if (!name.startsWith(prefix)) {
                continue;
            }
            try {
                RecordFiles.Found found = files.read(name);
                if (found != null) { // else removed since the directory was read
                    records.add(found);
                }
            } catch (LimitException e) {
                throw e; // of this process: the record may be in order
            } catch (IpcException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        records.sort(
                Comparator.comparing((RecordFiles.Found found) -> found.record().scheme())
                        .thenComparing(found -> found.record().path()));
        return records;
    }

    // ---- the stale

    /** Whether the record tells of something left over; proven at this moment, and without a lock no longer. */
    public boolean isStale(RegistryRecord record) throws IOException {
        return staleness(record) != Staleness.NONE;
    }

    /** The same of one that is found by its mechanism. */
    public boolean isStale(RegistryRecord record, ObjectRemover remover) throws IOException {
        return staleness(record, remover) != Staleness.NONE;
    }

    Staleness staleness(RegistryRecord record, ObjectRemover remover) throws IOException {
        return Cleaner.staleness(record, remover);
    }

    /** Why it is stale, or that it is not. */
    public Staleness staleness(RegistryRecord record) throws IOException {
        return Cleaner.staleness(record);
    }

    /**
     * Removes all objects of a scheme that are left over and that nobody has open; and the leftovers of killed writers of
     * records. Of several cleaners at once exactly one reports each object as removed; what a killed one has left undone
     * the next one does.
     *
     * @param dryRun whether to tell only what would be done
     */
    public CleanUp removeStale(String scheme, ObjectRemover remover, boolean dryRun) throws IOException {
        return removeStale(scheme, remover, dryRun, record -> true);
    }

    /** The same of those only of which this is true. */
    CleanUp removeStale(String scheme, ObjectRemover remover, boolean dryRun, Predicate<RegistryRecord> which)
            throws IOException {
        List<CleanUp.Entry> entries = new ArrayList<>();
        Cleaner cleaner = new Cleaner(this, files, remover, dryRun);
        for (RegistryRecord record : list(scheme)) {
            CleanUp.Entry entry = which.test(record) ? cleaner.cleanListed(record) : null;
            if (entry != null) {
                entries.add(entry);
            }
        }
        if (!dryRun) {
            files.removeUnfinished();
        }
        return new CleanUp(entries);
    }

    /**
     * The same for the one object that is locked, before it is created anew. That the lock was to be had proves that nobody
     * is about to make it: so what is half-made is stale here, wherever its creator is or was.
     *
     * @return null if it is not stale, or there is no record of it
     */
    public CleanUp.@Nullable Entry removeIfStale(ObjectLock lock, ObjectRemover remover) throws IOException {
        return new Cleaner(this, files, remover, false).clean(lock.require(this));
    }

    /** The same without the lock, of a creator who is proven dead. */
    boolean isHalfMade(RecordFiles.Found found, ObjectRemover remover, FileStatus object) throws IpcException {
        return new Cleaner(this, files, remover, true).isHalfMade(found, object);
    }

    /**
     * Whether the file is what a creator that was killed here had begun, by the proof by which {@link #removeIfStale} would
     * remove it: so it may be finished as well.
     */
    public boolean isHalfMade(ObjectLock lock, ObjectRemover remover, FileStatus object) throws IpcException {
        RecordFiles.Found found = files.read(lock.require(this).fileName());
        return found != null && new Cleaner(this, files, remover, false).isHalfMade(found, object);
    }
}
