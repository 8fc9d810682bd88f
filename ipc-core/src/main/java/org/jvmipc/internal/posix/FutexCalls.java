package org.jvmipc.internal.posix;

/**
 * {@code futex(2)} on words that processes share: sleeping while a word has a value, waking who sleeps.
 *
 * <p>All answer {@code -errno} as the kernel does, since {@code EAGAIN} (the word has another value) and {@code ETIMEDOUT}
 * are expected.
 */
public final class FutexCalls {
    /** Wakes all. */
    public static final int ALL = Integer.MAX_VALUE;

    static final long SYS_FUTEX = Platform.pick(202, 98);
    static final long SYS_FUTEX_WAITV = 449;

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_PRIVATE = 128;
    private static final int CLOCK_MONOTONIC = 1;

    private static final String WAKE = "futex(FUTEX_WAKE)";
    private static final String WAIT = "futex(FUTEX_WAIT)";
    private static final String WAITV = "futex_waitv";

    private FutexCalls() {}

    /**
     * Wakes at most so many that sleep on the word, in whichever process.
     *
     * @param address of four bytes, aligned
     * @return how many there were, or {@code -errno}
     */
    public static int wake(long address, int count) {
        return wake(address, FUTEX_WAKE, count);
    }

    /** The same on a word that only this process has. */
    static int wakePrivate(long address) {
        return wake(address, FUTEX_WAKE | FUTEX_PRIVATE, ALL);
    }

    private static int wake(long address, int operation, int count) {
        int refused = Seam.before(WAKE);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(SYS_FUTEX, address, operation, count)
                : Calls.result(Unistd.syscall(SYS_FUTEX, address, operation, count, 0, 0));
        Seam.after(WAKE, result);
        return result;
    }

    /**
     * Sleeps while the word has the value.
     *
     * @param timeout address of a {@code struct timespec}, how long at most; 0 for ever
     */
    static int await(long address, int value, long timeout) {
        int refused = Seam.before(WAIT);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(SYS_FUTEX, address, FUTEX_WAIT, value, timeout, 0, 0)
                : Calls.result(Unistd.syscall(SYS_FUTEX, address, FUTEX_WAIT, value, timeout, 0));
        Seam.after(WAIT, result);
        return result;
    }

    /**
     * Sleeps while all of several words have their values.
     *
     * @param waiters address of {@code struct futex_waitv}s
     * @param timeout address of a {@code struct timespec}, a point on {@code CLOCK_MONOTONIC}; 0 for ever
     * @return which word has woken it, or {@code -errno}
     */
    static int awaitAny(long waiters, int count, long timeout) {
        int refused = Seam.before(WAITV);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(SYS_FUTEX_WAITV, waiters, count, 0, timeout, CLOCK_MONOTONIC, 0)
                : Calls.result(Unistd.syscall(SYS_FUTEX_WAITV, waiters, count, 0, timeout, CLOCK_MONOTONIC));
        Seam.after(WAITV, result);
        return result;
    }
}
