package org.jvmipc.shm.sync;

import org.jvmipc.Lifetime;

/**
 * Which part of a file a {@link FileMutex} locks, and how the file is made if it is made.
 *
 * @param start the first byte of the range; the file need not be so long
 * @param length of the range in bytes; {@link Long#MAX_VALUE} less {@code start} is all that comes after it
 * @param mode the permission bits of a file that is created, whatever the umask is
 * @param lifetime whether a file that is created is left over once its creator is dead
 * @param owner the user id that the file must have, by default one's own: a file of somebody else is locked only when he is
 *     named
 */
public record FileMutexOptions(long start, long length, int mode, Lifetime lifetime, int owner) {
    /** As {@link #owner()}: the user of this process. */
    public static final int SELF = -1;

    private static final int PERMISSIONS = 0777;

    private static final FileMutexOptions DEFAULTS = new FileMutexOptions(0, Long.MAX_VALUE, 0600, Lifetime.KEPT, SELF);

    /** Checks the values. */
    public FileMutexOptions {
        if (start < 0 || length <= 0 || start > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("range is " + start + ", " + length
                    + "; it must start at 0 or later, have at least one byte, and end at 2^63 - 1 at the latest");
        }
        if ((mode & ~PERMISSIONS) != 0) {
            throw new IllegalArgumentException("mode is 0" + Integer.toOctalString(mode) + "; it must be 0 to 0777");
        }
        if (owner < SELF) {
            throw new IllegalArgumentException("owner is " + owner + "; it must be a user id, or -1 for one's own");
        }
    }

    /** The whole file; made for this user alone, kept. */
    public static FileMutexOptions defaults() {
        return DEFAULTS;
    }

    /** The same on another range. */
    public FileMutexOptions withRange(long first, long bytes) {
        return new FileMutexOptions(first, bytes, mode, lifetime, owner);
    }

    /** The same with other permission bits, such as {@code 0660}. */
    public FileMutexOptions withMode(int bits) {
        return new FileMutexOptions(start, length, bits, lifetime, owner);
    }

    /** The same with another lifetime. */
    public FileMutexOptions withLifetime(Lifetime value) {
        return new FileMutexOptions(start, length, mode, value, owner);
    }

    /** The same of another user. */
    public FileMutexOptions withOwner(int uid) {
        return new FileMutexOptions(start, length, mode, lifetime, uid);
    }

    boolean isWhole() {
        return start == 0 && length == Long.MAX_VALUE;
    }
}
