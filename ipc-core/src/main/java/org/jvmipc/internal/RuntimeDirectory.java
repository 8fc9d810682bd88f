package org.jvmipc.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The directory in which objects known by a bare name live: {@code /dev/shm/ipc-<euid>}, always; only the environment
 * variable {@code IPC_HOME} overrides it. A place guessed from the session would differ between cron, sudo and a login.
 *
 * <p>It belongs to this user alone (0700). One that is a symbolic link, somebody else's, or open to others is refused and
 * never repaired: whoever prepared it may have prepared what is in it.
 */
public final class RuntimeDirectory {
    /** The environment variable that names another directory. */
    public static final String VARIABLE = "IPC_HOME";

    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,64}");
    private static final int OWNER_ONLY = 0700;
    private static final int GROUP_AND_OTHERS = 0077;

    private RuntimeDirectory() {}

    /**
     * Where it is or would be; nothing is made or looked at.
     *
     * @throws IpcException if {@code IPC_HOME} is not an absolute path
     */
    public static Path path() throws IpcException {
        return locate(System.getenv(VARIABLE), ProcessCalls.effectiveUser());
    }

    /**
     * Makes it if it is missing, and checks it.
     *
     * @throws IpcException if it cannot be made, or may not be trusted
     */
    public static Path make() throws IOException {
        Path path = path();
        make(path);
        return path;
    }

    /**
     * The file of an object with a bare name; the directory is neither made nor looked at.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @param suffix what tells kinds of objects apart, such as {@code .fifo}
     */
    public static Path resolve(String name, String suffix) throws IpcException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name: '" + name
                    + "'; a name is 1 to 64 characters of A-Z a-z 0-9 . _ - and does not start with a dot");
        }
        return path().resolve(name + suffix);
    }

    static Path locate(@Nullable String override, int user) throws IpcException {
        if (override == null || override.isEmpty()) {
            return Path.of("/dev/shm/ipc-" + user);
        }
        if (!override.startsWith("/")) {
            throw new IpcException(VARIABLE + "=" + override
                    + " is a relative path, which every process would understand differently; give an absolute one");
        }
        return Path.of(override).normalize();
    }

    static void make(Path path) throws IOException {
        boolean made = tryMake(path);
        // O_PATH needs no permission on the directory itself, which a strange umask may have taken away.
        try (Fd fd = open(path)) {
            if (made) {
                Files.setPosixFilePermissions(
                        Path.of("/proc/self/fd/" + fd.number()), PosixFilePermissions.fromString("rwx------"));
            }
            check(path, OsCalls.status(fd.number()), ProcessCalls.effectiveUser());
        }
    }

    private static boolean tryMake(Path path) throws IpcException {
        try {
            OsCalls.makeDirectory(path.toString(), OWNER_ONLY);
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            String fix = e.errno() == Errno.ENOENT
                    ? "its parent directory must exist; make it, or set " + VARIABLE + " to another directory"
                    : "set " + VARIABLE + " to a directory that you can make";
            throw new IpcException("cannot make the runtime directory " + path + ": " + fix, e);
        }
    }

    private static Fd open(Path path) throws IpcException {
        try {
            return OsCalls.open(path.toString(), Fcntl.O_PATH | Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW, 0);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                throw refused(path, "it is not a directory but a " + typeName(path), "remove it");
            }
            throw new IpcException("cannot open the runtime directory " + path, e);
        }
    }

    private static String typeName(Path path) {
        try {
            return OsCalls.linkStatus(path.toString()).typeName();
        } catch (IpcException e) {
            return "file that has gone meanwhile";
        }
    }

    private static void check(Path path, FileStatus status, int user) throws IpcException {
        if (status.uid() != user) {
            throw refused(
                    path,
                    "it belongs to user " + status.uid() + " and not to " + user,
                    "have its owner or root remove it");
        }
        if ((status.permissions() & GROUP_AND_OTHERS) != 0) {
            throw refused(
                    path,
                    "it is open to others (mode 0" + Integer.toOctalString(status.permissions()) + ")",
                    "see that nothing foreign is in it, then `chmod 700 " + path + "`");
        }
    }

    private static IpcException refused(Path path, String what, String fix) {
        return new IpcException("the runtime directory " + path + " cannot be trusted: " + what + "; " + fix
                + ", or set " + VARIABLE + " to another directory");
    }
}
