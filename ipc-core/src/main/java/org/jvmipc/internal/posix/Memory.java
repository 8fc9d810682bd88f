package org.jvmipc.internal.posix;

/** {@code sys/mman.h}: memory of its own for a few instructions. */
final class Memory {
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    static final long MAP_FAILED = -1;

    static {
        NativeLibraryLoader.bind(Memory.class);
    }

    private Memory() {}

    /** {@code mmap(2)}. */
    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /** {@code mprotect(2)}. */
    static native int mprotect(long address, long length, int protection);

    /** {@code munmap(2)}. */
    static native int munmap(long address, long length);
}
