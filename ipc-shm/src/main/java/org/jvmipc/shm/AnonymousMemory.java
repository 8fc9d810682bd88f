package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MemoryCalls;

/** Memory that is a file without a name. Who gets it can rely on its size: it is sealed. */
final class AnonymousMemory {
    private static final String RESERVED = "/proc/sys/vm/nr_hugepages";
    private static final String HUGE_PAGE_SIZE = "Hugepagesize:";
    private static final int SEALS = MemoryCalls.SEAL_SHRINK | MemoryCalls.SEAL_GROW | MemoryCalls.SEAL_SEAL;

    private AnonymousMemory() {}

    static SharedMemory make(SharedMemoryOptions options) throws IOException {
        long size = options.sizeBytes();
        boolean huge = options.hugePages();
        if (huge) {
            requireWholePages(size);
        }
        Fd fd = MemoryCalls.anonymous("jvmipc", huge);
        try {
            allocate(fd, size, huge);
            MemoryCalls.seal(fd, SEALS);
            Address address = Address.of(
                    SharedMemoryFiles.SCHEME, "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd.number());
            return new SharedMemory(address, new MappedFile(fd, size, false, false, address.toString()));
        } catch (IOException | RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }

    /** A part of a huge page cannot be mapped, nor unmapped; and pieces that overlap would not end at one. */
    private static void requireWholePages(long size) throws IOException {
        long page = hugePageBytes();
        if (page == 0 || size % page != 0 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "size is " + size + "; of memory in huge pages it must be a multiple of " + page + " below 2 GiB");
        }
    }

    private static long hugePageBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith(HUGE_PAGE_SIZE)) {
                String kibibytes = line.substring(HUGE_PAGE_SIZE.length())
                        .replace("kB", "")
                        .strip();
                return Long.parseLong(kibibytes) << 10;
            }
        }
        return 0;
    }

    private static void allocate(Fd fd, long size, boolean huge) throws IOException {
        int result = MemoryCalls.allocate(fd, size);
        if (result == 0) {
            return;
        }
        if (huge && (result == -Errno.ENOSPC || result == -Errno.ENOMEM)) {
            throw new LimitException(
                    size + " bytes of anonymous memory in huge pages cannot be had (" + Errno.name(-result) + ")",
                    RESERVED,
                    Long.parseLong(Files.readString(Path.of(RESERVED)).strip()),
                    "a privileged user may write a larger number of pages there");
        }
        throw new OsException("posix_fallocate", -result, "anonymous memory bytes=" + size);
    }
}
