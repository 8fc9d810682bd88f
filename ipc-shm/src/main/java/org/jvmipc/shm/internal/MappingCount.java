package org.jvmipc.shm.internal;

import java.nio.MappedByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.ProcFiles;

/**
 * How many mappings of ours this process has. A mapping ends when the collector finds that its buffer is unreachable, which it may not
 * do for long: old ones wait for a full collection. The kernel allows so many mappings in a process ({@code
 * vm.max_map_count}, see {@code proc_sys_vm(5)}); at the limit a JVM that needs one for itself ends. So a collection is asked for in
 * time, as {@link java.nio.ByteBuffer#allocateDirect} does for its memory, and what would come near the limit is refused.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class MappingCount {
    private static final int USUAL_LIMIT = 65_530;
    private static final int ALLOWED = Integer.getInteger("org.jvmipc.mappings", allowed());

    /** The rest is the JVM's, and everybody else's in it. */
    private static final int MOST = ALLOWED - ALLOWED / 4;

    private static final int FIRST_COLLECTION = ALLOWED / 8;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** So long nothing has gone: no more will. */
    private static final int QUIET_LOOKS = 50;

    /** So often a collection is asked for before one is refused. */
    private static final int MOST_TRIES = 4;

    private static final AtomicInteger LIVE = new AtomicInteger();

    /** So many, and a collection is asked for: twice as many as there were after the last one, within bounds. */
    private static volatile int collectAt = FIRST_COLLECTION;

    private MappingCount() {}

    private static int allowed() {
        long told = ProcFiles.number("/proc/sys/vm/max_map_count");
        return told < 1 ? USUAL_LIMIT : (int) Math.min(told, Integer.MAX_VALUE);
    }

    /**
     * One is about to be made.
     *
     * @param what is wanted, for the message of the error
     * @throws LimitException if there are too many that are in use
     */
    static void require(String what) throws LimitException {
        if (LIVE.get() >= collectAt) {
            collect();
        }
        for (int tries = 1; LIVE.get() >= MOST && tries < MOST_TRIES; tries++) {
            collect(); // what was found may take its time to go, on a busy machine
        }
        if (LIVE.get() >= MOST) {
            throw new LimitException(
                    what + ": this process has " + LIVE.get() + " mappings, of which " + MOST + " are left to it",
                    "vm.max_map_count",
                    ALLOWED,
                    "close what is not used any more, let the JVM collect (System.gc()), or raise it with sysctl(8)");
        }
    }

    /** One was made. */
    static void add(MappedByteBuffer mapped) {
        LIVE.incrementAndGet();
        SafetyNet.register(mapped, LIVE::decrementAndGet);
    }

    /** The first time around it is found what nobody refers to but what is to clean up after it; the second time that goes as well. */
    @SuppressWarnings("ExplicitGc") // nothing else ends what nobody refers to any more
    private static synchronized void collect() {
        if (LIVE.get() < collectAt) {
            return; // another thread has done it
        }
        System.gc();
        awaitQuiet();
        System.gc();
        awaitQuiet();
        collectAt = Math.min(MOST, Math.max(FIRST_COLLECTION, 2 * LIVE.get()));
    }

    /** Until no more are going. */
    private static void awaitQuiet() {
        int last = LIVE.get();
        for (int unchanged = 0; unchanged < QUIET_LOOKS; unchanged++) {
            LockSupport.parkNanos(LOOK_NANOS);
            int now = LIVE.get();
            if (now != last) {
                last = now;
                unchanged = 0;
            }
        }
    }
}
