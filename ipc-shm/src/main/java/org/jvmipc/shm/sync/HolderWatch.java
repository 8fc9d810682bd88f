package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.internal.ThreadWaits;

/**
 * Gives back what threads hold that have ended: one thread per JVM, which looks twice a second, and only while anything is
 * held.
 */
final class HolderWatch {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Whether the thread waits to be told of a hold. */
    private static volatile boolean asleep = true;

    private static @Nullable Thread thread;

    private HolderWatch() {}

    /** A lock is about to be taken, and its guard is held. */
    static void noticeHold() {
        // The watch sets it, then looks at each lock under its guard: it sees this hold, or this thread sees it asleep.
        if (asleep) {
            wake();
        }
    }

    private static synchronized void wake() {
        if (!asleep) {
            return;
        }
        Thread watch = thread;
        if (watch == null) {
            watch = new Thread(HolderWatch::watch, "ipc-lock-holders");
            watch.setDaemon(true);
            watch.setContextClassLoader(null);
            watch.start(); // may fail for want of memory: then the next one tries again
            thread = watch;
        }
        asleep = false;
        LockSupport.unpark(watch);
    }

    private static void watch() {
        while (true) {
            LockSupport.parkNanos(HolderWatch.class, PERIOD_NANOS);
            if (!look()) {
                asleep = true;
                if (look()) {
                    asleep = false;
                }
            }
            while (asleep) {
                LockSupport.park(HolderWatch.class);
            }
        }
    }

    /** Whether anything is held. */
    private static boolean look() {
        boolean held = false;
        for (RangeLock lock : RangeLocks.all()) {
            try {
                held |= lock.reclaim();
            } catch (RuntimeException | Error e) {
                held = true; // the kernel refused, or there is no memory: the next look tries again
            }
        }
        ThreadWaits.look();
        return held;
    }
}
