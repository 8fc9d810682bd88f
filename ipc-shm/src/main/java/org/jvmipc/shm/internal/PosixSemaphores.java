package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.SemaphoreCalls;
import org.jvmipc.internal.registry.MappedFiles;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;
import org.jvmipc.process.ProcessIdentity;

/** Named semaphores of the C library, and the records of those that were made here. */
public final class PosixSemaphores {
    /** Their scheme. */
    public static final String SCHEME = "posixsem";

    /** What is known of those that were made here. */
    public static final RegistrySurvey OBJECTS = new RegistrySurvey(SCHEME, Remover.INSTANCE, PosixSemaphores::ofPath);

    private static final String DIRECTORY = "/dev/shm/";
    private static final String PREFIX = DIRECTORY + "sem.";

    /** NAME_MAX less {@code sem.}. */
    private static final Pattern NAME = Pattern.compile("/[^/]{1,251}");

    /** {@code sizeof(sem_t)} of glibc on machines of 64 bits. */
    private static final int SEMAPHORE_BYTES = 32;

    /** Its mode unless another is asked for. */
    public static final int OWNER_ONLY = 0600;

    private static final int OCTAL = 8;

    private PosixSemaphores() {}

    /** By who has it mapped: the C library closes the descriptor. */
    private static final class Remover implements ObjectRemover {
        private static final Remover INSTANCE = new Remover();

        @Override
        public int fileType() {
            return FileStatus.REGULAR;
        }

        @Override
        public Map<RegistryRecord, List<OpenFiles.Holder>> holders(Map<RegistryRecord, FileStatus> objects)
                throws IOException {
            Set<OpenFiles.FileId> files = new HashSet<>();
            objects.values().forEach(object -> files.add(OpenFiles.FileId.of(object)));
            Map<OpenFiles.FileId, List<OpenFiles.Holder>> mapped = MappedFiles.holders(files);
            Map<RegistryRecord, List<OpenFiles.Holder>> holders = new HashMap<>();
            objects.forEach((record, object) -> {
                List<OpenFiles.Holder> ofObject = mapped.get(OpenFiles.FileId.of(object));
                if (ofObject != null) {
                    holders.put(record, ofObject);
                }
            });
            return holders;
        }
    }

    // ---- names

    /** The name that an address has for the C library. */
    public static String name(Address address) {
        ObjectParameters.require(address, SCHEME, SegmentAddress.posixSemaphoreParameters());
        String name = address.location();
        if (!NAME.matcher(name).matches()) {
            throw new AddressException(
                    address.toString(),
                    "the address of a POSIX semaphore is posixsem:/name, with no other slash and at most 251 characters",
                    null);
        }
        return name;
    }

    /** The address of a name. */
    public static Address address(String name) {
        return Address.of(SCHEME, name);
    }

    /** Its file. */
    public static String path(String name) {
        return PREFIX + name.substring(1);
    }

    private static Address ofPath(String path) {
        if (!path.startsWith(PREFIX)) {
            throw new IllegalArgumentException("not the file of a POSIX semaphore: " + path);
        }
        return address("/" + path.substring(PREFIX.length()));
    }

    // ---- create, open, remove

    /** Makes one that must not exist. */
    public static PosixSemaphoreHandle create(
            String name, int value, int mode, Lifetime lifetime, ProcessIdentity owner) throws IOException {
        String path = path(name);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            RegistryRecord before = registry.find(SCHEME, path);
            if (before != null && !before.isMade()) {
                registry.removeIfStale(lock, Remover.INSTANCE); // a creator was killed here
            }
            if (isThere(path)) {
                throw new OsException("sem_open", Errno.EEXIST, "name=" + name);
            }
            Map<String, String> settings = Map.of(ObjectParameters.MODE, ObjectParameters.octal(mode));
            RegistryRecord begun =
                    RegistryRecord.begin(SCHEME, address(name).toString(), path, SEMAPHORE_BYTES, lifetime, settings);
            registry.put(lock, begun);
            long semaphore = 0;
            try {
                semaphore = SemaphoreCalls.open(name, Fcntl.O_CREAT | Fcntl.O_EXCL, OWNER_ONLY, value);
                try (ObjectFile file = file(name, ObjectFile.SELF)) {
                    file.changeMode(mode);
                    PosixSemaphoreHandle handle = guarded(name, semaphore, file);
                    registry.put(lock, begun.made(file.status()).ownedBy(owner));
                    return handle;
                }
            } catch (IOException | RuntimeException | Error e) {
                undo(registry, lock, name, semaphore, e);
                throw e;
            }
        }
    }

    private static void undo(Registry registry, ObjectLock lock, String name, long semaphore, Throwable cause) {
        try {
            if (semaphore != 0) {
                SemaphoreCalls.close(semaphore);
                SemaphoreCalls.unlink(name);
            }
            registry.delete(lock);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether there is a semaphore of this name, or anything else. */
    private static boolean isThere(String path) throws IOException {
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

    /** Whether there is one. */
    public static boolean exists(String name) throws IOException {
        return isThere(path(name));
    }

    /**
     * Opens one.
     *
     * @param owner the user id that it must have, {@link ObjectFile#SELF} for one's own
     */
    public static PosixSemaphoreHandle open(String name, int owner) throws IOException {
        String path = path(name);
        Registry registry = Registry.open();
        RegistryRecord record = registry.find(SCHEME, path);
        if (record == null || (record.isMade() && record.lifetime() == Lifetime.KEPT)) {
            return openFile(name, owner);
        }
        // A cleaner asks who has it mapped, and removes its name: under the lock this comes before or after that.
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            finish(registry, lock);
            return openFile(name, owner);
        }
    }

    /** Its creator was killed while it made it: does what is left to do. What is not its is left as it is. */
    private static void finish(Registry registry, ObjectLock lock) throws IOException {
        RegistryRecord record = registry.find(SCHEME, lock.path());
        if (record == null || record.isMade()) {
            return;
        }
        try (ObjectFile file = ObjectFile.findOrNull(SCHEME, lock.path(), FileStatus.REGULAR, ObjectFile.SELF)) {
            String mode = record.settings().getOrDefault(ObjectParameters.MODE, "");
            if (file == null
                    || !mode.matches("[0-7]{1,4}")
                    || !registry.isHalfMade(lock, Remover.INSTANCE, file.status())) {
                registry.delete(lock);
                return;
            }
            file.changeMode(Integer.parseInt(mode, OCTAL));
            registry.put(lock, record.made(file.status()));
        }
    }

    /** What is checked, what the C library maps, and what is guarded are one file; a name that changes meanwhile is tried again. */
    private static PosixSemaphoreHandle openFile(String name, int owner) throws IOException {
        while (true) {
            try (ObjectFile checked = file(name, owner)) {
                requireSize(name, checked.status());
                long semaphore = SemaphoreCalls.open(name, 0, 0, 0);
                PosixSemaphoreHandle handle = null;
                try (ObjectFile now = file(name, owner)) {
                    if (now.status().inode() == checked.status().inode()
                            && now.status().device() == checked.status().device()) {
                        handle = guarded(name, semaphore, checked);
                        return handle;
                    }
                } finally {
                    if (handle == null) {
                        SemaphoreCalls.close(semaphore);
                    }
                }
            }
        }
    }

    private static ObjectFile file(String name, int owner) throws IOException {
        try {
            return ObjectFile.find(SCHEME, path(name), FileStatus.REGULAR, owner);
        } catch (OsException e) {
            throw e.errno() == Errno.ENOENT ? new OsException("sem_open", e.errno(), "name=" + name) : e;
        }
    }

    /** The C library maps what it finds: of a file that is shorter, the first touch would end the JVM. */
    private static void requireSize(String name, FileStatus status) throws IOException {
        if (status.sizeBytes() < SEMAPHORE_BYTES) {
            throw new CorruptDataException(address(name) + ": " + path(name) + " has " + status.sizeBytes()
                    + " bytes, a semaphore has " + SEMAPHORE_BYTES);
        }
    }

    private static PosixSemaphoreHandle guarded(String name, long semaphore, ObjectFile file) throws IOException {
        try (Fd fd = file.open(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            ByteBuffer guard = Mapping.of(
                    fd.number(), true, 0, SEMAPHORE_BYTES, address(name).toString());
            return new PosixSemaphoreHandle(name, semaphore, guard);
        }
    }

    /** Opens one, or makes it. */
    public static PosixSemaphoreHandle openOrCreate(
            String name, int owner, int value, int mode, Lifetime lifetime, ProcessIdentity process)
            throws IOException {
        while (true) {
            try {
                return open(name, owner);
            } catch (OsException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
            try {
                return create(name, value, mode, lifetime, process);
            } catch (OsException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
            }
        }
    }

    /** Removes the name and the record; false if there was no name. */
    public static boolean remove(String name) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path(name))) {
            boolean removed = SemaphoreCalls.unlink(name);
            registry.delete(lock);
            return removed;
        }
    }

    /** The processes that have it mapped, but for this one. */
    public static List<Long> users(String name) throws IOException {
        try (Fd file = FileCalls.name(path(name))) {
            OpenFiles.FileId id = OpenFiles.FileId.of(OsCalls.status(file.number()));
            long self = ProcessHandle.current().pid();
            return MappedFiles.holders(Set.of(id)).getOrDefault(id, List.of()).stream()
                    .map(OpenFiles.Holder::pid)
                    .filter(pid -> pid != self)
                    .toList();
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of();
            }
            throw e;
        }
    }
}
