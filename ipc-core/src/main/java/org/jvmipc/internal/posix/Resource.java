package org.jvmipc.internal.posix;

import org.jvmipc.IpcException;

/** {@code sys/resource.h}: limits of processes. */
final class Resource {
    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_SIGPENDING = 11;
    private static final int RLIMIT_MSGQUEUE = 12;
    /** {@code struct rlimit}: soft limit at 0, hard limit at 8. */
    private static final int RLIMIT_BYTES = 16;

    static {
        NativeLibraryLoader.bind(Resource.class);
    }

    private Resource() {}

    /** {@code getrlimit(2)}. */
    private static native int getrlimit(int resource, long limits);

    /** {@code prlimit(2)}. */
    private static native int prlimit(int pid, int resource, long newLimits, long oldLimits);

    /** Sets how many signals of its user may be pending for the process, and raises the hard limit where that is less. */
    static void limitPendingSignals(long pid, long limit) throws IpcException {
        NativeBuffer limits = new NativeBuffer(RLIMIT_BYTES);
        String object = "pid=" + pid;
        Calls.call("prlimit", object, () -> prlimit((int) pid, RLIMIT_SIGPENDING, 0, limits.address()));
        long most = limits.bytes().getLong(Long.BYTES);
        limits.bytes().putLong(0, limit);
        if (Long.compareUnsigned(limit, most) > 0) { // no limit is the largest number without a sign
            limits.bytes().putLong(Long.BYTES, limit);
        }
        Calls.call("prlimit", object, () -> prlimit((int) pid, RLIMIT_SIGPENDING, limits.address(), 0));
    }

    /** How many descriptors this process may have open, -1 if it cannot be told. Opens none itself. */
    static long openFiles() {
        return softLimit(RLIMIT_NOFILE);
    }

    /** How many bytes the POSIX message queues of its user may take, -1 if it cannot be told, or has no limit. */
    static long messageQueueBytes() {
        return softLimit(RLIMIT_MSGQUEUE);
    }

    private static long softLimit(int resource) {
        NativeBuffer limits = new NativeBuffer(RLIMIT_BYTES);
        int result = Calls.result("getrlimit", () -> getrlimit(resource, limits.address()));
        return result == 0 ? limits.bytes().getLong(0) : -1;
    }
}
