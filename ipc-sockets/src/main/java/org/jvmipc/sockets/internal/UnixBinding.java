package org.jvmipc.sockets.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;

/**
 * A Unix domain socket bound to a path, and listening.
 *
 * <p>The file of a socket stays when its process is killed, and then keeps everybody from binding. It is replaced when it is
 * proven dead: no socket of the kernel's table is bound to the path, and a connect is refused. Who binds holds the object's
 * lock from before that look until it listens, so of two servers that race for a dead one's path one wins, and the other finds
 * {@code EADDRINUSE}; the lock is the kernel's, so whoever is killed holds up nobody.
 */
public final class UnixBinding implements AutoCloseable {
    /** The scheme. */
    public static final String SCHEME = "uds";

    /** Where the sockets with bare names are. */
    public static final ObjectPaths PATHS = new ObjectPaths(SCHEME, ".sock", "Unix domain socket");

    /** What the registry has of them. */
    public static final RegistrySurvey OBJECTS = new RegistrySurvey(SCHEME, new Remover(), PATHS::address);

    private static final int OCTAL = 8;

    private final String path;
    private final Fd socket;
    private final FileStatus file;
    private boolean closed;

    private UnixBinding(String path, Fd socket, FileStatus file) {
        this.path = path;
        this.socket = socket;
        this.file = file;
    }

    /** Who uses a socket does not have its file open: the kernel's table of sockets tells. */
    private static final class Remover implements ObjectRemover {
        @Override
        public int fileType() {
            return FileStatus.SOCKET;
        }

        @Override
        public List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) throws IOException {
            return UnixBinding.holders(record.path());
        }

        @Override
        public Map<RegistryRecord, List<OpenFiles.Holder>> holders(Map<RegistryRecord, FileStatus> objects)
                throws IOException {
            Map<RegistryRecord, List<OpenFiles.Holder>> result = new HashMap<>();
            for (RegistryRecord record : objects.keySet()) {
                List<OpenFiles.Holder> holders = UnixBinding.holders(record.path());
                if (!holders.isEmpty()) {
                    result.put(record, holders);
                }
            }
            return result;
        }
    }

    private static List<OpenFiles.Holder> holders(String path) throws IOException {
        List<UnixTable.Row> rows = UnixTable.at(path);
        List<OpenFiles.Holder> holders = new ArrayList<>();
        for (long pid : SocketHolders.of(rows.stream().map(UnixTable.Row::inode).toList())) {
            holders.add(new OpenFiles.Holder(pid, true, true));
        }
        if (holders.isEmpty() && !rows.isEmpty()) {
            holders.add(new OpenFiles.Holder(0, true, true)); // of a process that this user may not look into
        }
        return holders;
    }

    /**
     * Binds and listens.
     *
     * @param mode the permission bits of the file, whatever the umask is; it is for nobody else before it has them
     * @throws OsException {@code EADDRINUSE} if a live process is bound there
     * @throws IpcException if there is anything but a socket of this user; it is not touched
     */
    public static UnixBinding listen(Path where, int mode, int backlog) throws IOException {
        makeRuntimeDirectory(where);
        String path = ObjectPaths.canonical(where);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            removeDead(registry, lock, path);
            return bind(registry, lock, path, mode, backlog);
        }
    }

    private static void makeRuntimeDirectory(Path where) throws IOException {
        if (RuntimeDirectory.path().equals(where.toAbsolutePath().normalize().getParent())) {
            RuntimeDirectory.make();
        }
    }

    private static void removeDead(Registry registry, ObjectLock lock, String path) throws IOException {
        try (ObjectFile there = ObjectFile.findOrNull(SCHEME, path, FileStatus.SOCKET, ObjectFile.SELF)) {
            if (there == null) {
                return;
            }
            if (isAlive(path)) {
                throw new OsException("bind", Errno.EADDRINUSE, "path=" + path);
            }
            registry.unlink(lock, there.status());
            registry.delete(lock);
        }
    }

    /** Whether there is a socket at the path. */
    public static boolean exists(String path) throws IOException {
        try {
            return OsCalls.linkStatus(path).type() == FileStatus.SOCKET;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a process has a socket bound to the path; a connect is tried where the table does not know. */
    public static boolean isAlive(String path) throws IOException {
        for (UnixTable.Row row : UnixTable.at(path)) {
            if (!row.connected()) { // else it was accepted there, by one that may listen no more
                return true;
            }
        }
        // Of another network namespace the table tells nothing; a path is reached from there all the same.
        try (Fd probe = SocketCalls.unixStream()) {
            int result = SocketCalls.connect(probe, path);
            return result != -Errno.ECONNREFUSED && result != -Errno.ENOENT;
        }
    }

    private static UnixBinding bind(Registry registry, ObjectLock lock, String path, int mode, int backlog)
            throws IOException {
        RegistryRecord begun = RegistryRecord.begin(
                SCHEME, PATHS.address(path).toString(), path, 0, Lifetime.OWNED, settings(mode, backlog));
        registry.put(lock, begun);
        Fd socket = null;
        FileStatus bound = null;
        boolean listening = false;
        try {
            socket = SocketCalls.unixStream();
            OsCalls.changeMode(socket.number(), mode & 0600); // of the file that bind makes; unix(7)
            SocketCalls.bind(socket, path);
            try (ObjectFile file = ObjectFile.find(SCHEME, path, FileStatus.SOCKET, ObjectFile.SELF)) {
                bound = file.status();
                file.changeMode(mode);
                registry.put(lock, begun.made(file.status()));
            }
            SocketCalls.listen(socket, backlog);
            listening = true;
            return new UnixBinding(path, socket, bound);
        } finally {
            if (!listening) {
                undo(registry, lock, socket, bound);
            }
        }
    }

    private static void undo(Registry registry, ObjectLock lock, @Nullable Fd socket, @Nullable FileStatus bound)
            throws IOException {
        try {
            if (bound != null) {
                registry.unlink(lock, bound);
            }
            registry.delete(lock);
        } finally {
            if (socket != null) {
                socket.close();
            }
        }
    }

    private static SortedMap<String, String> settings(int mode, int backlog) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("mode", Integer.toString(mode, OCTAL));
        settings.put(PortRecord.BACKLOG, Integer.toString(backlog));
        return settings;
    }

    /** The listening descriptor, non-blocking. */
    public Fd socket() {
        return socket;
    }

    /** The canonical path. */
    public String path() {
        return path;
    }

    /** Its address. */
    public Address address() throws IOException {
        return PATHS.address(path);
    }

    /** Removes name and record, if they are still of this socket; the descriptor is for the caller to close, afterwards. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            removeNameAndRecord();
        } catch (IOException e) {
            removeName();
            throw e;
        }
    }

    private void removeNameAndRecord() throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path)) {
            RegistryRecord record = registry.find(SCHEME, path);
            boolean recorded = record != null && record.isOf(file);
            registry.unlink(lock, file);
            if (recorded) {
                registry.delete(lock);
            }
        }
    }

    /** Without the registry: as long as the socket is bound no other server of ours takes its path. */
    private void removeName() throws IOException {
        if (exists(path) && OsCalls.linkStatus(path).inode() == file.inode()) {
            FileCalls.unlink(path);
        }
    }

    /** Removes name and record of a socket at the path; false if there was none. */
    public static boolean remove(String path) throws IOException {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock(SCHEME, path);
                ObjectFile there = ObjectFile.findOrNull(SCHEME, path, FileStatus.SOCKET, ObjectFile.SELF)) {
            boolean removed = there != null && registry.unlink(lock, there.status());
            registry.delete(lock);
            return removed;
        }
    }
}
