package org.jvmipc.shm.internal;

/**
 * When a thread learns that it has touched memory that is gone. The {@link InternalError} is thrown at the thread's next safepoint
 * poll; Java 17 throws it no sooner than when the thread has been in the virtual machine, which a loop of accesses may never
 * do by itself, and a native call does not count. Until then what was read may be anything.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class LateErrors {
    /** Java 17 to 19, as far as it was measured: an error waits for the virtual machine. */
    private static final boolean WAIT_FOR_VM = Runtime.version().feature() < 20;

    /** One; volatile, and not final, so that no compiler knows it. */
    private static volatile int one = 1;

    /** Keeps what is allocated to enter the virtual machine from being found useless. */
    @SuppressWarnings("UnusedVariable")
    private static volatile byte[][] allocated = {};

    private LateErrors() {}

    /** Whether {@link #poll} is not enough. */
    public static boolean waitForVirtualMachine() {
        return WAIT_FOR_VM;
    }

    /**
     * A loop whose end the compilers cannot foresee polls once each time around. It costs a nanosecond, and the poll is what
     * the error waits for.
     */
    public static void poll() {
        for (int i = 0; i != one; i++) {
            // nothing but the poll
        }
    }

    /** Has an error thrown here that waits. It costs some 100 ns on Java 17. */
    public static void come() {
        if (WAIT_FOR_VM) {
            allocated = new byte[one][0]; // of compiled code always a call
        }
        poll();
    }
}
