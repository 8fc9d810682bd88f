package org.jvmipc.internal.posix;

/** {@code sys/mman.h}: memory of its own for a few instructions. */
final class Memory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    static final long MAP_FAILED = -1;

    static {
        NativeLibraryLoader.bind(Memory.class);
    }

    private Memory() {}

    /** {@code mmap(2)}. */
    private static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /** {@code mprotect(2)}. */
    private static native int mprotect(long address, long length, int protection);

    /** {@code munmap(2)}. */
    private static native int munmap(long address, long length);

    /** {@code memfd_create(2)}; name ends in a zero byte. */
    static native int memfd_create(byte[] name, int flags);

    /** {@code madvise(2)}. */
    static native int madvise(long address, long length, int advice);

    /** New private memory, to be written to; {@link #MAP_FAILED} if there is none. */
    static long map(long length) {
        if (Seam.before("mmap") != 0) {
            return MAP_FAILED;
        }
        long address = mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        Seam.after("mmap", address);
        return address;
    }

    /** Makes it executable, and no longer writable; false if that is forbidden. */
    static boolean tryMakeExecutable(long address, long length) {
        return Calls.result("mprotect", () -> mprotect(address, length, PROT_READ | PROT_EXEC)) == 0;
    }

    /** Gives it back. */
    static void unmap(long address, long length) {
        Calls.result("munmap", () -> munmap(address, length));
    }
}
