package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;

/** Blocks of a file, had before anything is written to them: a mapped file finds out that the disk is full by a fault only. */
final class Allocation {
    private Allocation() {}

    /**
     * Allocates a range; the file becomes so long at least.
     *
     * @param what wants it, for the error
     * @throws LimitException if the disk is full; nothing was written
     */
    static void range(Path file, long from, long to, String what) throws IOException {
        try (Fd fd = OsCalls.open(file.toString(), Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW, 0600)) {
            int result = MemoryCalls.allocate(fd, from, to - from);
            if (isFull(-result)) {
                throw full(file, what + ": " + (to - from) + " bytes cannot be allocated for " + file, -result);
            }
            if (result != 0) {
                throw new OsException("posix_fallocate", -result, "path=" + file + " bytes=" + (to - from));
            }
        }
    }

    /** Makes a directory of this user alone. */
    static void directory(Path path, String what) throws IOException {
        try {
            PrivateDirectory.make(path, "message queue");
        } catch (IpcException e) {
            if (e.getCause() instanceof OsException os && isFull(os.errno())) {
                throw full(path, what + ": the directory " + path + " cannot be made", os.errno());
            }
            throw e;
        }
    }

    private static boolean isFull(int errno) {
        return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
    }

    private static LimitException full(Path path, String what, int errno) throws IOException {
        Path parent = path.getParent();
        return new LimitException(
                what + (errno == Errno.ENOSPC ? " (ENOSPC)" : " (EDQUOT)"),
                "free space of the file system",
                Files.getFileStore(parent == null ? path : parent).getUsableSpace(),
                "make room there; what is in the queue is intact, and sending goes on then");
    }
}
