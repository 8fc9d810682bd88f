package org.jvmipc.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * A directory of this user alone: made 0700 whatever the umask, and refused, never repaired, when it is a symbolic link,
 * somebody else's, or open to others.
 */
public final class PrivateDirectory {
    private static final int OWNER_ONLY = 0700;
    private static final int GROUP_AND_OTHERS = 0077;

    private PrivateDirectory() {}

    /**
     * Makes it if it is missing, and checks it. Its parent has to exist.
     *
     * @param what what it is in the messages of errors, such as {@code runtime directory}
     * @throws IpcException if it cannot be made, or may not be trusted
     */
    public static void make(Path path, String what) throws IOException {
        boolean made = tryMake(path, what);
        // O_PATH needs no permission on the directory itself, which a strange umask may have taken away.
        try (Fd fd = open(path, what)) {
            if (made) {
                Files.setPosixFilePermissions(
                        Path.of("/proc/self/fd/" + fd.number()), PosixFilePermissions.fromString("rwx------"));
            }
            check(path, what, OsCalls.status(fd.number()), ProcessCalls.effectiveUser());
        }
    }

    private static boolean tryMake(Path path, String what) throws IpcException {
        try {
            OsCalls.makeDirectory(path.toString(), OWNER_ONLY);
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            String variable = RuntimeDirectory.VARIABLE;
            String fix = e.errno() == Errno.ENOENT
                    ? "its parent directory must exist; make it, or set " + variable + " to another directory"
                    : "set " + variable + " to a directory that you can make";
            throw new IpcException("cannot make the " + what + " " + path + ": " + fix, e);
        }
    }

    private static Fd open(Path path, String what) throws IpcException {
        try {
            return OsCalls.open(path.toString(), Fcntl.O_PATH | Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW, 0);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                throw refused(path, what, "it is not a directory but a " + typeName(path), "remove it");
            }
            throw new IpcException("cannot open the " + what + " " + path, e);
        }
    }

    private static String typeName(Path path) {
        try {
            return OsCalls.linkStatus(path.toString()).typeName();
        } catch (IpcException e) {
            return "file that has gone meanwhile";
        }
    }

    private static void check(Path path, String what, FileStatus status, int user) throws IpcException {
        if (status.uid() != user) {
            throw refused(
                    path,
                    what,
                    "it belongs to user " + status.uid() + " and not to " + user,
                    "have its owner or root remove it");
        }
        if ((status.permissions() & GROUP_AND_OTHERS) != 0) {
            throw refused(
                    path,
                    what,
                    "it is open to others (mode 0" + Integer.toOctalString(status.permissions()) + ")",
                    "see that nothing foreign is in it, then `chmod 700 " + path + "`");
        }
    }

    private static IpcException refused(Path path, String what, String why, String fix) {
        return new IpcException("the " + what + " " + path + " cannot be trusted: " + why + "; " + fix + ", or set "
                + RuntimeDirectory.VARIABLE + " to another directory");
    }
}
