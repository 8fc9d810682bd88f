package org.jvmipc.mq.internal;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;

/**
 * Held while a queue is opened, put in order after a restart, or removed: a lock on a file in its directory, which the kernel takes
 * back at a death. It is not held while the queue is used.
 */
final class OpenLock implements AutoCloseable {
    /** Longer than the longest look at a log. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int FLAGS = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;

    private final Fd fd;

    private OpenLock(Fd fd) {
        this.fd = fd;
    }

    /**
     * Takes it. An interrupt does not end the wait, and is kept for the next call that looks.
     *
     * @param exclusive to make or to remove something; those who only open what is there do not wait for one another
     * @throws OsException {@code ENOENT} if the queue is not there, or was removed meanwhile
     * @throws IpcException if somebody has had it for too long
     */
    static OpenLock take(QueueDirectory directory, boolean exclusive) throws IOException {
        String path = directory.lock().toString();
        Deadline deadline = Deadline.after(PATIENCE);
        Backoff backoff = new Backoff();
        boolean interrupted = false;
        try {
            while (true) {
                Fd fd = OsCalls.open(path, FLAGS, 0600);
                if (tryLock(fd, path, exclusive)) {
                    return new OpenLock(fd);
                }
                if (deadline.passed()) {
                    throw new IpcException(directory + ": another process has been opening or removing it for "
                            + Units.formatDuration(PATIENCE) + "; it may be stopped");
                }
                try {
                    backoff.sleep(deadline);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes the descriptor if it is not to be had. */
    private static boolean tryLock(Fd fd, String path, boolean exclusive) throws IOException {
        boolean locked = false;
        try {
            locked = LockCalls.tryLock(fd, 0, 1, exclusive) && isStill(fd, path);
            return locked;
        } finally {
            if (!locked) {
                fd.close();
            }
        }
    }

    /** A lock on a file that is not there any more excludes nobody. */
    private static boolean isStill(Fd fd, String path) throws IOException {
        try {
            FileStatus named = FileCalls.status(path);
            FileStatus locked = OsCalls.status(fd.number());
            return named.inode() == locked.inode() && named.device() == locked.device();
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
