package org.jvmipc.internal.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The one file whose bytes are the locks of all objects. It is empty and never deleted: who removed it would split those
 * who lock into two parties. Each lock has an open file description of its own, so threads exclude each other as well.
 */
final class LockFile {
    private static final int OWNER_ONLY = 0600;
    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long LONGEST_PAUSE_MILLIS = 10;

    private final String path;

    LockFile(Path directory) {
        this.path = directory + "/.lock";
    }

    /** Locks the object's byte, or answers null when another holds it. */
    @Nullable
    Fd tryLock(ObjectKey key) throws IpcException {
        Fd fd = open();
        boolean locked = false;
        try {
            locked = LockCalls.tryLock(fd, key.lockByte(), 1, true);
            return locked ? fd : null;
        } finally {
            if (!locked) {
                fd.close();
            }
        }
    }

    /**
     * Locks the object's byte. An interrupt does not end the wait, which is short, and is kept for the next call that looks.
     *
     * @throws BusyException when it was not to be had in time
     */
    Fd lock(ObjectKey key, Duration patience) throws IpcException {
        Deadline deadline = Deadline.after(patience);
        boolean interrupted = false;
        long pauseMillis = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                Fd fd = tryLock(key);
                if (fd != null) {
                    return fd;
                }
                if (deadline.passed()) {
                    throw new BusyException(
                            "another process has been creating, removing or cleaning up " + key + " for "
                                    + Units.formatDuration(patience) + "; it may be stopped: let it go on, or kill it");
                }
                interrupted |= pause(pauseMillis);
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private Fd open() throws IpcException {
        Fd fd = openOrRepair();
        boolean good = false;
        try {
            FileStatus status = OsCalls.status(fd.number());
            requireOurs(status);
            if (status.permissions() != OWNER_ONLY) {
                OsCalls.changeMode(fd.number(), OWNER_ONLY); // the umask of who made it
            }
            good = true;
            return fd;
        } finally {
            if (!good) {
                fd.close();
            }
        }
    }

    private Fd openOrRepair() throws IpcException {
        int flags = Fcntl.O_RDWR | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;
        try {
            return OsCalls.open(path, flags | Fcntl.O_CREAT, OWNER_ONLY);
        } catch (OsException e) {
            if (e.errno() == Errno.ELOOP) {
                throw refused("it is a symbolic link");
            }
            if (e.errno() == Errno.EISDIR || e.errno() == Errno.ENXIO) {
                throw refused("it is a directory, a socket or a device");
            }
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
        }
        // Its maker had a strict umask, and did not get to setting the mode.
        try (Fd named = FileCalls.name(path)) {
            requireOurs(OsCalls.status(named.number()));
            FileCalls.changeMode(named, OWNER_ONLY, path);
            return FileCalls.reopen(named, flags, path);
        }
    }

    private void requireOurs(FileStatus status) throws IpcException {
        if (status.type() != FileStatus.REGULAR) {
            throw refused("it is a " + status.typeName());
        }
        if (status.uid() != ProcessCalls.effectiveUser() || status.links() != 1) {
            throw refused("it belongs to user " + status.uid() + " and has " + status.links() + " names");
        }
    }

    private IpcException refused(String why) {
        return new IpcException("the registry's lock file " + path + " cannot be trusted: " + why + "; remove it");
    }
}
