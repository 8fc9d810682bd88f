package org.jvmipc.internal.registry;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * The files in the registry's directory. A record appears whole or not at all: it is written under another name, which
 * tells who writes it, and renamed. Nothing is synced to a disk: what it is about does not outlive the machine's run either,
 * or can do without.
 */
final class RecordFiles {
    static final String SUFFIX = ".rec";

    private static final String UNFINISHED = ".new-";
    private static final Pattern RECORD = Pattern.compile("[a-z][a-z0-9]*-[0-9a-f]{32}\\.rec");
    private static final int OWNER_ONLY = 0600;

    private final Path directory;

    RecordFiles(Path directory) {
        this.directory = directory;
    }

    private String path(String name) {
        return directory + "/" + name;
    }

    /** The names of the records' files. */
    List<String> names() throws IOException {
        return names(name -> RECORD.matcher(name).matches());
    }

    private List<String> names(Predicate<String> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (wanted.test(name)) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        return names;
    }

    // ---- reading

    /** A record with the file it was read from, whose birth tells when it was written. */
    record Found(RegistryRecord record, FileStatus file) {}

    /**
     * Reads a record.
     *
     * @return null if there is no such file
     * @throws CorruptDataException if it is not a record, or one that belongs elsewhere
     */
    @Nullable
    Found read(String name) throws IpcException {
        String path = path(name);
        // O_NONBLOCK: were it a FIFO, opening it would wait for a writer.
        try (Fd fd = OsCalls.open(path, Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK, 0)) {
            FileStatus file = OsCalls.status(fd.number());
            requireOwnRegular(file, path);
            RegistryRecord record = RegistryLayout.decode(content(fd, file, path), path);
            if (!ObjectKey.of(record).fileName().equals(name)) {
                throw new CorruptDataException("the registry's record " + path + " has the name of another one");
            }
            return new Found(record, file);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            if (e.errno() == Errno.ELOOP) {
                throw new CorruptDataException("the registry's record " + path + " is a symbolic link", e);
            }
            if (e.errno() == Errno.ENXIO) {
                throw new CorruptDataException("the registry's record " + path + " is a socket or a device", e);
            }
            throw e;
        }
    }

    private static void requireOwnRegular(FileStatus file, String path) throws IpcException {
        if (file.type() != FileStatus.REGULAR) {
            throw new CorruptDataException("the registry's record " + path + " is a " + file.typeName());
        }
        if (file.uid() != ProcessCalls.effectiveUser()) {
            throw new CorruptDataException("the registry's record " + path + " belongs to user " + file.uid());
        }
    }

    private static byte[] content(Fd fd, FileStatus file, String path) throws IpcException {
        if (file.sizeBytes() > RegistryLayout.MAX_BYTES) {
            throw new CorruptDataException("the registry's record " + path + " has " + file.sizeBytes()
                    + " bytes; it may have " + RegistryLayout.MAX_BYTES + " at most");
        }
        // A file of ours is never changed, only replaced: what one read does not get is not there.
        NativeBuffer buffer = new NativeBuffer((int) file.sizeBytes() + 1);
        int length = OsCalls.read(fd.number(), buffer, buffer.capacity());
        if (length < 0) {
            throw new OsException("read", -length, "path=" + path);
        }
        byte[] bytes = new byte[length];
        buffer.bytes().get(0, bytes);
        return bytes;
    }

    // ---- writing

    /** Writes a record, in the place of the one there was. */
    void write(RegistryRecord record) throws IpcException {
        byte[] bytes = RegistryLayout.encode(record);
        String unfinished = path(
                UNFINISHED + Long.toHexString(ThreadLocalRandom.current().nextLong()) + "-" + ProcessIdentity.self());
        int flags = Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_NOFOLLOW;
        try (Fd fd = OsCalls.open(unfinished, flags, OWNER_ONLY)) {
            OsCalls.changeMode(fd.number(), OWNER_ONLY); // the umask may have taken all of it
            writeFully(fd, bytes, unfinished);
            FileCalls.rename(unfinished, path(ObjectKey.of(record).fileName()));
        } catch (IpcException e) {
            removeQuietly(unfinished, e);
            throw e;
        }
    }

    private static void writeFully(Fd fd, byte[] bytes, String path) throws IpcException {
        NativeBuffer buffer = new NativeBuffer(bytes.length);
        buffer.bytes().put(0, bytes);
        int written = OsCalls.write(fd.number(), buffer, bytes.length);
        if (written < bytes.length) {
            // A regular file takes less only when it can take no more.
            throw new OsException("write", written < 0 ? -written : Errno.ENOSPC, "path=" + path);
        }
    }

    private static void removeQuietly(String path, IpcException cause) {
        try {
            FileCalls.unlink(path);
        } catch (IpcException e) {
            cause.addSuppressed(e);
        }
    }

    /** Removes a record; false if there was none. */
    boolean remove(ObjectKey key) throws IpcException {
        return FileCalls.unlink(path(key.fileName()));
    }

    // ---- what the killed leave

    /**
     * Removes what processes that are proven dead were writing. Repeated by another cleaner it does nothing; what cannot be
     * removed does no harm and stays.
     */
    void removeUnfinished() throws IOException {
        for (String name : names(name -> name.startsWith(UNFINISHED))) {
            if (isOfTheDead(name)) {
                try {
                    FileCalls.unlink(path(name)); // of a link this removes the link
                } catch (OsException e) {
                    // a directory, say, that somebody made
                }
            }
        }
    }

    private static boolean isOfTheDead(String name) {
        int hyphen = name.indexOf('-', UNFINISHED.length());
        try {
            return hyphen > 0
                    && !ProcessIdentity.parse(name.substring(hyphen + 1)).isAlive();
        } catch (IllegalArgumentException e) {
            return false; // not a name of ours
        }
    }
}
