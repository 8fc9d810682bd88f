package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;

/**
 * {@code semaphore.h}: named semaphores of the C library. A semaphore is used at an address that {@link #open} gives, until
 * {@link #close}; afterwards the C library may unmap it, so no call may be under way then.
 */
public final class SemaphoreCalls {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int NANOS_OF_SECOND = 1_000_000_000;

    static {
        NativeLibraryLoader.bind(SemaphoreCalls.class);
    }

    private SemaphoreCalls() {}

    /** {@code sem_open(3)}, variadic in C; on both architectures integers are passed alike. 0: failed. */
    private static native long sem_open(byte[] name, int flags, int mode, int value);

    private static native int sem_close(long semaphore);

    private static native int sem_unlink(byte[] name);

    private static native int sem_trywait(long semaphore);

    private static native int sem_clockwait(long semaphore, int clock, long time);

    private static native int sem_post(long semaphore);

    private static native int sem_getvalue(long semaphore, long value);

    /**
     * Opens one that exists, or makes it.
     *
     * @param flags 0, or {@link Fcntl#O_CREAT} with {@link Fcntl#O_EXCL}
     * @return its address
     */
    public static long open(String name, int flags, int mode, int value) throws IpcException {
        byte[] text = Calls.zeroEnded(name);
        int refused = Seam.before("sem_open");
        if (refused != 0) {
            throw new OsException("sem_open", refused, "name=" + name);
        }
        long address;
        int errno;
        do {
            address = sem_open(text, flags, mode, value);
            errno = address == 0 ? Native.getLastError() : 0;
        } while (errno == Errno.EINTR);
        Seam.after("sem_open", -errno);
        Calls.check("sem_open", -errno, "name=" + name);
        return address;
    }

    /** {@code sem_close(3)}. */
    public static void close(long semaphore) {
        Calls.result("sem_close", () -> sem_close(semaphore)); // fails for what is no open semaphore only
    }

    /**
     * {@code sem_unlink(3)}.
     *
     * @return false if there was none
     */
    public static boolean unlink(String name) throws IpcException {
        NativeLibraryLoader.require();
        byte[] text = Calls.zeroEnded(name);
        int result = Calls.result("sem_unlink", () -> sem_unlink(text));
        if (result == -Errno.ENOENT) {
            return false;
        }
        Calls.check("sem_unlink", result, "name=" + name);
        return true;
    }

    /** {@code sem_trywait(3)}: whether it was decremented. */
    public static boolean tryWait(long semaphore) throws IpcException {
        int result;
        do {
            result = Calls.result("sem_trywait", () -> sem_trywait(semaphore));
        } while (result == -Errno.EINTR);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        Calls.check("sem_trywait", result, "");
        return true;
    }

    /**
     * {@code sem_clockwait(3)} on the monotonic clock, at most so long: whether it was decremented. False as well if a signal came.
     *
     * @param time 16 bytes for the call to use
     */
    public static boolean waitAtMost(long semaphore, long nanos, NativeBuffer time) throws IpcException {
        Calls.call("clock_gettime", "", () -> Unistd.clock_gettime(CLOCK_MONOTONIC, time.address()));
        long until = time.bytes().getLong(0) * NANOS_OF_SECOND + time.bytes().getLong(Long.BYTES) + nanos;
        time.bytes().putLong(0, until / NANOS_OF_SECOND).putLong(Long.BYTES, until % NANOS_OF_SECOND);
        int result = Calls.result("sem_clockwait", () -> sem_clockwait(semaphore, CLOCK_MONOTONIC, time.address()));
        if (result == -Errno.ETIMEDOUT || result == -Errno.EINTR) {
            return false;
        }
        Calls.check("sem_clockwait", result, "");
        return true;
    }

    /** {@code sem_post(3)}. */
    public static void post(long semaphore) throws IpcException {
        Calls.call("sem_post", "", () -> sem_post(semaphore));
    }

    /** {@code sem_getvalue(3)}. */
    public static int value(long semaphore) throws IpcException {
        NativeBuffer value = new NativeBuffer(Integer.BYTES);
        Calls.call("sem_getvalue", "", () -> sem_getvalue(semaphore, value.address()));
        return value.bytes().getInt(0);
    }
}
