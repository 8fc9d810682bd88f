package org.jvmipc.internal.posix;

/**
 * {@code membarrier(2)}: a full memory barrier in every running thread of every process that has registered, made by one call of
 * one of them. It is the expensive half of a fence: who calls it, before a sleep, spares those it waits for a fence of their
 * own at each step.
 *
 * <p>The barrier in <em>all</em> registered processes has a gap (seen on Linux 6.18): the kernel notes at each processor whether what
 * runs there is registered, and does not note it where at the registration nothing runs, but a thread of this process was the last.
 * Such a processor is not reached until a thread of another process has run there. So it may be relied on only where a miss is
 * made up for. The barrier in one's <em>own</em> process looks at the threads themselves, and has no such gap.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class MembarrierCalls {
    private static final long SYS_MEMBARRIER = Platform.pick(324, 283);

    private static final int GLOBAL_EXPEDITED = 1 << 1;
    private static final int REGISTER_GLOBAL_EXPEDITED = 1 << 2;
    private static final int PRIVATE_EXPEDITED = 1 << 3;
    private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

    private static final String REGISTER = "membarrier(REGISTER_GLOBAL_EXPEDITED)";
    private static final String BARRIER = "membarrier(GLOBAL_EXPEDITED)";
    private static final String REGISTER_OWN = "membarrier(REGISTER_PRIVATE_EXPEDITED)";
    private static final String OWN_BARRIER = "membarrier(PRIVATE_EXPEDITED)";

    /** Whether this process is registered: {@link #barrier()} of any registered process reaches its threads. */
    private static final boolean REGISTERED = call(REGISTER, REGISTER_GLOBAL_EXPEDITED) == 0;

    /** After the other: each registration notes both at the processors that run this process just then. */
    private static final boolean OWN_REGISTERED = call(REGISTER_OWN, REGISTER_PRIVATE_EXPEDITED) == 0;

    private MembarrierCalls() {}

    /** Registers this process the first time; false where the kernel has no such call (before Linux 4.16), or it is forbidden. */
    public static boolean isRegistered() {
        return REGISTERED;
    }

    /** Whether {@link #ownBarrier()} may be made. */
    public static boolean isOwnRegistered() {
        return OWN_REGISTERED;
    }

    /**
     * The barrier in all registered processes, but for the gap: of each of their threads, all that is before it in the program comes
     * before what the caller does next, or all that the caller did before is seen by it.
     *
     * @return false if it was not made
     */
    public static boolean barrier() {
        return REGISTERED && call(BARRIER, GLOBAL_EXPEDITED) == 0;
    }

    /**
     * The barrier in the threads of this process, without a gap.
     *
     * @return false if it was not made
     */
    public static boolean ownBarrier() {
        return OWN_REGISTERED && call(OWN_BARRIER, PRIVATE_EXPEDITED) == 0;
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
