package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
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
            if (result == -Errno.ENOSPC || result == -Errno.EDQUOT) {
                long free = Files.getFileStore(file).getUsableSpace();
                throw new LimitException(
                        what + ": " + (to - from) + " bytes cannot be allocated ("
                                + (result == -Errno.ENOSPC ? "ENOSPC" : "EDQUOT") + ") for " + file,
                        "free space of the file system",
                        free,
                        "make room there; what is in the queue is intact, and sending goes on then");
            }
            if (result != 0) {
                throw new OsException("posix_fallocate", -result, "path=" + file + " bytes=" + (to - from));
            }
        }
    }
}
