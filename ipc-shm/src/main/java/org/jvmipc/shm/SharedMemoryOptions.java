package org.jvmipc.shm;

import org.jvmipc.Lifetime;

/**
 * What is settled when a shared memory area is created.
 *
 * @param sizeBytes its size in bytes, at least 1; all of it is allocated at once
 * @param mode the permission bits of its file, whatever the umask is; its owner can always read and write
 * @param lifetime whether it is left over once its creator is dead
 * @param hugePages whether the kernel is asked for huge pages: fewer misses of the address translation in large areas. Only
 *     where files are memory (tmpfs, such as {@code /dev/shm}, if the kernel allows it there) and of anonymous memory (of
 *     pages that were reserved)
 */
public record SharedMemoryOptions(long sizeBytes, int mode, Lifetime lifetime, boolean hugePages) {
    private static final int PERMISSIONS = 0777;
    private static final int OWN = 0600;

    /** Checks the values. */
    public SharedMemoryOptions {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("size is " + sizeBytes + "; it must be at least 1 byte");
        }
        if ((mode & ~PERMISSIONS) != 0 || (mode & OWN) != OWN) {
            throw new IllegalArgumentException("mode is 0" + Integer.toOctalString(mode)
                    + "; it must be 0600 to 0777, and its owner must be able to read and write");
        }
    }

    /** Of this size in bytes, for this user alone, kept, with pages of the usual size. */
    public static SharedMemoryOptions ofSize(long bytes) {
        return new SharedMemoryOptions(bytes, OWN, Lifetime.KEPT, false);
    }

    /** The same with another size in bytes. */
    public SharedMemoryOptions withSize(long bytes) {
        return new SharedMemoryOptions(bytes, mode, lifetime, hugePages);
    }

    /** The same with other permission bits, such as {@code 0660}. */
    public SharedMemoryOptions withMode(int bits) {
        return new SharedMemoryOptions(sizeBytes, bits, lifetime, hugePages);
    }

    /** The same with another lifetime. */
    public SharedMemoryOptions withLifetime(Lifetime value) {
        return new SharedMemoryOptions(sizeBytes, mode, value, hugePages);
    }

    /** The same with huge pages, or without. */
    public SharedMemoryOptions withHugePages(boolean value) {
        return new SharedMemoryOptions(sizeBytes, mode, lifetime, value);
    }
}
