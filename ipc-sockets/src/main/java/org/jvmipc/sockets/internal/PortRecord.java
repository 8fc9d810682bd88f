package org.jvmipc.sockets.internal;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.internal.registry.RegistrySurvey;

/**
 * What is recorded of a port that a process of ours is bound to, which has no file by which others could find it: an empty
 * one in the runtime directory, {@code tcp.127.0.0.1.7000.port}, held open for as long as the port is bound, with a record in
 * the registry. Who is killed leaves both, and the next one on that port, or a cleaner, puts its own in their place.
 */
public final class PortRecord implements AutoCloseable {
    /** The setting that has the length of the backlog. */
    public static final String BACKLOG = "backlog";

    private static final String SUFFIX = ".port";
    private static final int OWNER_ONLY = 0600;
    private static final ObjectRemover REMOVER = () -> FileStatus.REGULAR;

    private final String scheme;
    private final String path;
    private final Fd marker;

    private PortRecord(String scheme, String path, Fd marker) {
        this.scheme = scheme;
        this.path = path;
        this.marker = marker;
    }

    /** What the registry has of the ports of a scheme. */
    public static RegistrySurvey survey(String scheme) {
        return new RegistrySurvey(scheme, REMOVER, path -> address(scheme, path));
    }

    /** Where the marker of a port is. */
    public static String path(Address port) throws IOException {
        String host = port.host().replace(':', '-').replace('%', '.');
        return RuntimeDirectory.resolve(port.scheme() + "." + host + "." + port.port(), SUFFIX)
                .toString();
    }

    private static Address address(String scheme, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.startsWith(scheme + ".") || !name.endsWith(SUFFIX)) {
            throw new IllegalArgumentException(path + " is no marker of a port of " + scheme);
        }
        String port = name.substring(scheme.length() + 1, name.length() - SUFFIX.length());
        int dot = port.lastIndexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException(path + " is no marker of a port of " + scheme);
        }
        String host = port.substring(0, dot);
        String literal = host.indexOf('-') >= 0 ? "[" + host.replace('-', ':') + "]" : host;
        return Address.of(scheme, "//" + literal + ":" + port.substring(dot + 1));
    }

    /**
     * Records that this process is bound to the port, which it is already: whoever was recorded is not any more.
     *
     * @param address without parameters
     * @param backlog of the welcoming socket; 0 if it is none
     */
    public static PortRecord make(Address address, int backlog) throws IOException {
        Registry registry = Registry.open();
        String path = path(address);
        try (ObjectLock lock = registry.lock(address.scheme(), path)) {
            RegistryRecord record = RegistryRecord.begin(
                    address.scheme(), address.toString(), path, 0, Lifetime.OWNED, settings(backlog));
            Fd marker = mark(path);
            boolean recorded = false;
            try {
                registry.put(lock, record.made(OsCalls.status(marker.number())));
                recorded = true;
                return new PortRecord(address.scheme(), path, marker);
            } finally {
                if (!recorded) {
                    marker.close();
                }
            }
        }
    }

    /** Opens the marker that is there, whoever has left it, or makes it. */
    private static Fd mark(String path) throws IOException {
        int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;
        Fd marker;
        try {
            marker = OsCalls.open(path, flags, OWNER_ONLY);
        } catch (OsException e) {
            if (e.errno() == Errno.ELOOP || e.errno() == Errno.EISDIR || e.errno() == Errno.ENXIO) {
                throw new IpcException(path + ": it is no regular file; remove it", e);
            }
            throw e;
        }
        boolean good = false;
        try {
            if (OsCalls.status(marker.number()).type() != FileStatus.REGULAR) {
                throw new IpcException(path + ": it is no regular file; remove it");
            }
            good = true;
            return marker;
        } finally {
            if (!good) {
                marker.close();
            }
        }
    }

    private static Map<String, String> settings(int backlog) {
        SortedMap<String, String> settings = new TreeMap<>();
        if (backlog > 0) {
            settings.put(BACKLOG, Integer.toString(backlog));
        }
        return settings;
    }

    /** Removes marker and record, unless another process has bound the port meanwhile and put its own there. */
    @Override
    public void close() throws IOException {
        if (!marker.isOpen()) {
            return;
        }
        try {
            Registry registry = Registry.open();
            try (ObjectLock lock = registry.lock(scheme, path)) {
                FileStatus ours = OsCalls.status(marker.number());
                RegistryRecord record = registry.find(scheme, path);
                boolean mine = record != null
                        && record.isOf(ours)
                        && record.owner().pid() == ProcessHandle.current().pid();
                if (mine && registry.unlink(lock, ours)) {
                    registry.delete(lock);
                }
            }
        } finally {
            marker.close();
        }
    }
}
