package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;

/**
 * Locks on files. All of them belong to the open file description: the kernel releases them when its last descriptor is
 * closed, at a death too, and closing another description of the same file does not.
 *
 * <p>Byte ranges are {@code F_OFD_SETLK} of {@code fcntl(2)}; an exclusive one needs a descriptor open for writing, a shared
 * one a descriptor open for reading. The whole file is {@code flock(2)}, which asks for neither, and knows nothing of the
 * ranges.
 *
 * <p>A closed descriptor is refused with {@code EBADF}: its number may be another file's by then, whose locks are not ours to give back.
 */
public final class LockCalls {
    /*
     * struct flock, 32 bytes on both architectures: type 0 (s16), whence 2 (s16, 0 is from the start), start 8, len 16,
     * pid 24 (must be 0)
     */
    static final int FLOCK_BYTES = 32;
    static final int TYPE = 0;
    static final int START = 8;
    static final int LENGTH = 16;
    private static final int PID = 24;

    static final String SET_LOCK = "fcntl(F_OFD_SETLK)";
    private static final String GET_LOCK = "fcntl(F_OFD_GETLK)";

    private LockCalls() {}

    /**
     * Locks a range of bytes, which need not exist, without waiting.
     *
     * @return false if another description holds a lock on a byte of it
     */
    public static boolean tryLock(Fd fd, long start, long length, boolean exclusive) throws IpcException {
        int result = control(fd, Fcntl.F_OFD_SETLK, exclusive ? Fcntl.F_WRLCK : Fcntl.F_RDLCK, start, length, null);
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        Calls.check(SET_LOCK, result, fd.toString());
        return true;
    }

    /** Gives the range back. */
    public static void unlock(Fd fd, long start, long length) throws IpcException {
        int result = control(fd, Fcntl.F_OFD_SETLK, Fcntl.F_UNLCK, start, length, null);
        Calls.check(SET_LOCK, result, fd.toString());
    }

    /** Whether another description holds a lock on a byte of the range; own locks are not seen. */
    public static boolean isLocked(Fd fd, long start, long length) throws IpcException {
        NativeBuffer lock = new NativeBuffer(FLOCK_BYTES);
        int result = control(fd, Fcntl.F_OFD_GETLK, Fcntl.F_WRLCK, start, length, lock);
        Calls.check(GET_LOCK, result, fd.toString());
        return lock.bytes().getShort(TYPE) != Fcntl.F_UNLCK;
    }

    /**
     * A lock of another description.
     *
     * @param exclusive whether it excludes shared ones as well
     * @param pid of the process that has it; 0 if it is a description's and no process's
     */
    public record Conflict(boolean exclusive, int pid) {}

    /** The first lock of another description on a byte of the range; null if there is none. */
    public static @Nullable Conflict conflict(Fd fd, long start, long length) throws IpcException {
        NativeBuffer lock = new NativeBuffer(FLOCK_BYTES);
        int result = control(fd, Fcntl.F_OFD_GETLK, Fcntl.F_WRLCK, start, length, lock);
        Calls.check(GET_LOCK, result, fd.toString());
        short type = lock.bytes().getShort(TYPE);
        return type == Fcntl.F_UNLCK
                ? null
                : new Conflict(type == Fcntl.F_WRLCK, Math.max(0, lock.bytes().getInt(PID)));
    }

    /**
     * {@code flock(2)}, exclusive, without waiting.
     *
     * @return false if another description holds it
     */
    public static boolean tryLockFile(Fd fd) throws IpcException {
        int result;
        do {
            result = fd.result(
                    number -> Calls.result("flock", () -> Fcntl.flock(number, Fcntl.LOCK_EX | Fcntl.LOCK_NB)));
        } while (result == -Errno.EINTR);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        Calls.check("flock", result, fd.toString());
        return true;
    }

    private static int control(Fd fd, int command, short type, long start, long length, @Nullable NativeBuffer answer) {
        NativeBuffer lock = answer != null ? answer : new NativeBuffer(FLOCK_BYTES);
        lock.bytes().putShort(TYPE, type).putLong(START, start).putLong(LENGTH, length);
        String name = command == Fcntl.F_OFD_GETLK ? GET_LOCK : SET_LOCK;
        try {
            return fd.result(number -> OsCalls.fcntlResult(name, number, command, lock.address()));
        } finally {
            Reference.reachabilityFence(lock);
        }
    }
}
