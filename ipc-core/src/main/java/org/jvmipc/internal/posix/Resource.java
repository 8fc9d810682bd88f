package org.jvmipc.internal.posix;

/** {@code sys/resource.h}: limits of this process. */
final class Resource {
    private static final int RLIMIT_NOFILE = 7;
    /** {@code struct rlimit}: soft limit at 0, hard limit at 8. */
    private static final int RLIMIT_BYTES = 16;

    static {
        NativeLibraryLoader.bind(Resource.class);
    }

    private Resource() {}

    /** {@code getrlimit(2)}. */
    private static native int getrlimit(int resource, long limits);

    /** How many descriptors this process may have open, -1 if it cannot be told. Opens none itself. */
    static long openFiles() {
        NativeBuffer limits = new NativeBuffer(RLIMIT_BYTES);
        int result = Calls.result("getrlimit", () -> getrlimit(RLIMIT_NOFILE, limits.address()));
        return result == 0 ? limits.bytes().getLong(0) : -1;
    }
}
