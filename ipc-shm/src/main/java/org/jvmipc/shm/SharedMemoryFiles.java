package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.internal.Creation;
import org.jvmipc.shm.internal.FileObjects;

/** The files of shared memory areas: made and opened, and mapped. */
final class SharedMemoryFiles {
    static final String SCHEME = "shm";
    static final int SELF = ObjectFile.SELF;
    static final FileObjects OBJECTS = new FileObjects(SCHEME, ".shm", "shared memory area", () -> FileStatus.REGULAR);

    /** What a process has open: the one link that is followed, since the kernel and nobody else says where it leads. */
    private static final Pattern OF_PROCESS = Pattern.compile("/proc/[1-9][0-9]*/fd/[0-9]+");

    private static final String HUGE_IN_FILES = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";

    private SharedMemoryFiles() {}

    static String canonical(Address address) throws IOException {
        ObjectParameters.require(address, SCHEME, SharedMemoryAddress.parameters());
        return ObjectPaths.canonical(OBJECTS.paths().of(address));
    }

    static boolean isOfProcess(String path) {
        return OF_PROCESS.matcher(path).matches();
    }

    private static void requireName(String path) throws IpcException {
        if (isOfProcess(path)) {
            throw new UnsupportedMechanismException(
                    SCHEME + ":" + path + ": memory without a name can neither be created nor removed by one");
        }
    }

    // ---- making

    static SharedMemory create(String path, SharedMemoryOptions options) throws IOException {
        return create(path, options, ProcessIdentity.self());
    }

    static SharedMemory create(String path, SharedMemoryOptions options, ProcessIdentity owner) throws IOException {
        requireName(path);
        requireHugePages(path, options.hugePages());
        Address address = OBJECTS.paths().address(path);
        AtomicReference<@Nullable MappedFile> mapped = new AtomicReference<>();
        // Mapped before it has its name: if that fails, nothing is left behind.
        Fd fd = OBJECTS.create(
                path,
                creation(options, owner),
                made -> mapped.set(
                        new MappedFile(made, options.sizeBytes(), false, options.hugePages(), address.toString())));
        MappedFile file = mapped.get();
        return file != null ? new SharedMemory(address, file) : map(fd, false, options.hugePages(), address);
    }

    static SharedMemory openOrCreate(String path, SharedMemoryOptions options) throws IOException {
        requireName(path);
        requireHugePages(path, options.hugePages());
        Fd fd = OBJECTS.openOrCreate(path, creation(options, ProcessIdentity.self()), made -> {});
        return map(fd, false, options.hugePages(), OBJECTS.paths().address(path));
    }

    private static Creation creation(SharedMemoryOptions options, ProcessIdentity owner) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(SharedMemoryAddress.SIZE, Long.toString(options.sizeBytes()));
        settings.put(ObjectParameters.MODE, ObjectParameters.octal(options.mode()));
        if (options.hugePages()) {
            settings.put(SharedMemoryAddress.HUGE, "");
        }
        return new Creation(options.sizeBytes(), options.mode(), options.lifetime(), owner, settings);
    }

    /** The kernel takes the advice and does nothing where it has been told not to; so it is asked what it was told. */
    private static void requireHugePages(String path, boolean wanted) throws IOException {
        if (!wanted) {
            return;
        }
        Path directory = Path.of(path).getParent();
        String type = directory == null ? "none" : Files.getFileStore(directory).type();
        if (!type.equals("tmpfs")) {
            throw new UnsupportedMechanismException(
                    SCHEME + ":" + path + ": huge pages are for files on tmpfs, and this would be on " + type);
        }
        String enabled = chosen(HUGE_IN_FILES);
        if (enabled.equals("never") || enabled.equals("deny")) {
            throw new UnsupportedMechanismException(SCHEME + ":" + path + ": huge pages are off for files on tmpfs: "
                    + HUGE_IN_FILES + " is " + enabled + "; a privileged user may write 'advise' there");
        }
    }

    private static String chosen(String file) {
        try {
            String all = Files.readString(Path.of(file));
            return all.substring(all.indexOf('[') + 1, all.indexOf(']'));
        } catch (IOException | IndexOutOfBoundsException e) {
            return "never"; // a kernel without
        }
    }

    // ---- opening

    static SharedMemory open(Address address, boolean readOnly) throws IOException {
        String path = canonical(address);
        return open(path, ObjectParameters.owner(address), readOnly, address.flag(SharedMemoryAddress.HUGE));
    }

    static SharedMemory open(String path, boolean readOnly) throws IOException {
        return open(path, SELF, readOnly, false);
    }

    private static SharedMemory open(String path, int owner, boolean readOnly, boolean hugePages) throws IOException {
        int flags = readOnly ? Fcntl.O_RDONLY : Fcntl.O_RDWR;
        if (isOfProcess(path)) {
            return map(openOfProcess(path, owner, flags), readOnly, false, Address.of(SCHEME, path));
        }
        requireHugePages(path, hugePages);
        return map(
                OBJECTS.open(path, owner, flags),
                readOnly,
                hugePages,
                OBJECTS.paths().address(path));
    }

    private static Fd openOfProcess(String path, int owner, int flags) throws IOException {
        requireMemory(path, owner, FileCalls.status(path)); // before it is opened: opening a device may do something
        Fd fd = OsCalls.open(path, flags | Fcntl.O_NONBLOCK, 0);
        try {
            requireMemory(path, owner, OsCalls.status(fd.number()));
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static void requireMemory(String path, int owner, FileStatus status) throws IpcException {
        int user = owner == SELF ? ProcessCalls.effectiveUser() : owner;
        if (status.type() != FileStatus.REGULAR || status.uid() != user) {
            throw new IpcException(SCHEME + ":" + path + ": refused, it is a " + status.typeName() + " of user "
                    + status.uid() + " and no regular file of " + user);
        }
    }

    private static SharedMemory map(Fd fd, boolean readOnly, boolean hugePages, Address address) throws IOException {
        try {
            long size = OsCalls.status(fd.number()).sizeBytes();
            if (size == 0) {
                throw new IpcException(
                        address + ": is empty; who made it has not given it a size yet, or has cut it off (ftruncate)");
            }
            return new SharedMemory(address, new MappedFile(fd, size, readOnly, hugePages, address.toString()));
        } catch (IOException | RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }

    // ---- names

    static boolean exists(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        if (canonical == null) {
            return false;
        }
        if (isOfProcess(canonical)) {
            return Files.exists(path);
        }
        return OBJECTS.exists(canonical, owner);
    }

    static boolean remove(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        if (canonical == null) {
            return false;
        }
        requireName(canonical);
        return OBJECTS.remove(canonical, owner);
    }
}
