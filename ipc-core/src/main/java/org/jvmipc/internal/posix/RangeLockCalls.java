package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jvmipc.IpcException;

/**
 * The lock on one range of bytes by a description that locks nothing else, taken and given back often: {@code F_OFD_SETLK}
 * with arguments that are laid out once, on the way of {@link DirectCalls}.
 *
 * <p><b>Thread safety.</b> Yes; the memory is never written to again. The caller sees to it that the descriptor is open.
 */
public final class RangeLockCalls {
    private static final int SHARED = 0;
    private static final int EXCLUSIVE = LockCalls.FLOCK_BYTES;
    private static final int NONE = 2 * LockCalls.FLOCK_BYTES;

    private final Fd fd;
    private final NativeBuffer locks = new NativeBuffer(3 * LockCalls.FLOCK_BYTES);

    /**
     * For this range.
     *
     * @param length in bytes; 0 is up to the end, however long the file gets
     */
    public RangeLockCalls(Fd fd, long start, long length) {
        this.fd = fd;
        layOut(SHARED, Fcntl.F_RDLCK, start, length);
        layOut(EXCLUSIVE, Fcntl.F_WRLCK, start, length);
        // All that the description has: a part might leave two pieces, for which the kernel would need memory.
        layOut(NONE, Fcntl.F_UNLCK, 0, 0);
    }

    private void layOut(int at, short type, long start, long length) {
        locks.bytes()
                .putShort(at + LockCalls.TYPE, type)
                .putLong(at + LockCalls.START, start)
                .putLong(at + LockCalls.LENGTH, length);
    }

    /**
     * Locks the range without waiting; one that this description has is changed.
     *
     * @return false if another description has a lock that excludes it
     */
    public boolean tryLock(boolean exclusive) throws IpcException {
        int result = set(exclusive ? EXCLUSIVE : SHARED);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        Calls.check(LockCalls.SET_LOCK, result, fd.toString());
        return true;
    }

    /** Gives the range back. */
    public void unlock() throws IpcException {
        int result = set(NONE);
        Calls.check(LockCalls.SET_LOCK, result, fd.toString());
    }

    private int set(int at) {
        try {
            int result;
            do {
                result = setOnce(locks.address() + at);
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            Reference.reachabilityFence(locks);
        }
    }

    private int setOnce(long lock) {
        if (!DirectCalls.AVAILABLE) {
            return OsCalls.fcntlResult(LockCalls.SET_LOCK, fd.number(), Fcntl.F_OFD_SETLK, lock);
        }
        int refused = Seam.before(LockCalls.SET_LOCK);
        if (refused != 0) {
            return -refused;
        }
        int result = (int) DirectCalls.call(DirectCalls.SYS_FCNTL, fd.number(), Fcntl.F_OFD_SETLK, lock);
        Seam.after(LockCalls.SET_LOCK, result);
        return result;
    }
}
