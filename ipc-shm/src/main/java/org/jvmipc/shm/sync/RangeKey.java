package org.jvmipc.shm.sync;

import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.shm.internal.LockClaim;
import org.jvmipc.shm.internal.LockHolderLayout;

/** A range of a file, by whatever path it was found. */
record RangeKey(long device, long inode, long birthNanos, long start, long length) {
    /** All that a file can have. */
    static final long WHOLE = Long.MAX_VALUE;

    static RangeKey of(FileStatus file, long start, long length) {
        return new RangeKey(file.device(), file.inode(), file.birthNanos(), start, length);
    }

    /** What {@code fcntl} takes: 0 where the range has no end. */
    long kernelLength() {
        return start + length == WHOLE ? 0 : length;
    }

    /** How every process names it. */
    LockClaim claim(boolean shared) {
        return new LockClaim(
                LockClaim.Kind.RANGE,
                shared ? LockClaim.Mode.SHARED : LockClaim.Mode.EXCLUSIVE,
                device,
                inode,
                start,
                kernelLength());
    }

    /** Its key in the table of holders. */
    long holderKey() {
        return LockHolderLayout.key(device, inode, birthNanos, start, kernelLength());
    }
}
