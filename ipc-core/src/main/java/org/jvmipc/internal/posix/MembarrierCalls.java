package org.jvmipc.internal.posix;

/**
 * {@code membarrier(2)}: a full memory barrier in every running thread of every process that has registered, made by one call of
 * one of them. It is the expensive half of a fence: who calls it, before a sleep, spares those it waits for a fence of their
 * own at each step.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class MembarrierCalls {
    private static final long SYS_MEMBARRIER = Platform.pick(324, 283);

    private static final int GLOBAL_EXPEDITED = 1 << 1;
    private static final int REGISTER_GLOBAL_EXPEDITED = 1 << 2;

    private static final String REGISTER = "membarrier(REGISTER_GLOBAL_EXPEDITED)";
    private static final String BARRIER = "membarrier(GLOBAL_EXPEDITED)";

    /** Whether this process is registered: {@link #barrier()} of any registered process reaches its threads. */
    private static final boolean REGISTERED = call(REGISTER, REGISTER_GLOBAL_EXPEDITED) == 0;

    private MembarrierCalls() {}

    /** Registers this process the first time; false where the kernel has no such call (before Linux 4.16), or it is forbidden. */
    public static boolean isRegistered() {
        return REGISTERED;
    }

    /**
     * The barrier: of each thread of a registered process, all that is before it in the program comes before what the caller does
     * next, or all that the caller did before is seen by it.
     *
     * @return false if it was not made
     */
    public static boolean barrier() {
        return REGISTERED && call(BARRIER, GLOBAL_EXPEDITED) == 0;
    }

    private static int call(String name, int command) {
        int refused = Seam.before(name);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(SYS_MEMBARRIER, command, 0, 0)
                : Calls.result(Unistd.syscall(SYS_MEMBARRIER, command, 0, 0, 0, 0));
        Seam.after(name, result);
        return result;
    }
}
