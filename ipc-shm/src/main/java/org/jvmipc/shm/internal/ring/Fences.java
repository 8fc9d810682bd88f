package org.jvmipc.shm.internal.ring;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.internal.posix.MembarrierCalls;

/**
 * A store of one side has to come before its load, and so has the other side's: who stores a message and then looks whether
 * somebody sleeps, who says that he sleeps and then looks for a message. Each needs a full fence, and it costs as much as the
 * message. Here the one who is about to sleep pays for both, by {@code membarrier(2)}; the other only keeps the compiler from
 * changing the order.
 *
 * <p>That barrier may miss a processor ({@link MembarrierCalls}), so the first sleep after it ends, and there is another
 * look, when {@link #SETTLED_NANOS} have passed: no processor keeps a store to itself for a thousandth of that. It is the bound of
 * Morrison and Afek, "Temporally Bounding TSO for Fence-Free Asymmetric Synchronization" (ASPLOS 2015).
 */
final class Fences {
    /** Whether this process is reached by the barriers of sleepers. */
    static final boolean LIGHT = MembarrierCalls.isRegistered();

    /** Whether threads of this process may rely on {@link #heavyHere()} among themselves. */
    static final boolean LIGHT_HERE = LIGHT && MembarrierCalls.isOwnRegistered();

    /** After this time every store is seen by all, by far, and a load that was before it in the program is over. */
    static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Fences() {}

    /** The side that does not sleep, between its store and its load. */
    static void light() {
        if (LIGHT) {
            VarHandle.storeStoreFence(); // for the compiler; the processor's part is the sleeper's
        } else {
            VarHandle.fullFence();
        }
    }

    /** The side that is about to sleep, between its store and its load; the sleep is to end after {@link #SETTLED_NANOS}. */
    static void heavy() {
        if (!MembarrierCalls.barrier()) {
            VarHandle.fullFence();
        }
    }

    /** As {@link #heavy()}, for threads of this process, and it misses none. */
    static void heavyHere() {
        if (MembarrierCalls.ownBarrier()) {
            return;
        }
        VarHandle.fullFence();
        long begin = System.nanoTime();
        for (long left = SETTLED_NANOS; left > 0; left = SETTLED_NANOS - (System.nanoTime() - begin)) {
            LockSupport.parkNanos(left);
        }
    }
}
