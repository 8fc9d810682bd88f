package org.jvmipc.shm.internal.ring;

import java.lang.invoke.VarHandle;
import org.jvmipc.internal.posix.MembarrierCalls;

/**
 * A store of one side has to come before its load, and so has the other side's: who stores a message and then looks whether
 * somebody sleeps, who says that he sleeps and then looks for a message. Each needs a full fence, and it costs as much as the
 * message. Here the one who is about to sleep pays for both, by {@code membarrier(2)}; the other only keeps the compiler from
 * changing the order.
 */
final class Fences {
    /** Whether this process is reached by the barriers of sleepers. */
    static final boolean LIGHT = MembarrierCalls.isRegistered();

    private Fences() {}

    /** The side that does not sleep, between its store and its load. */
    static void light() {
        if (LIGHT) {
            VarHandle.storeStoreFence(); // for the compiler; the processor's part is the sleeper's
        } else {
            VarHandle.fullFence();
        }
    }

    /**
     * The side that is about to sleep, between its store and its load.
     *
     * @return false if the other side may not have been reached, so that the sleep has to be short
     */
    static boolean heavy() {
        if (MembarrierCalls.barrier()) {
            return true;
        }
        VarHandle.fullFence();
        return false;
    }
}
