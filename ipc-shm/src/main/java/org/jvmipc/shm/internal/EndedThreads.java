package org.jvmipc.shm.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks twice a second whether threads have ended that hold a file lock. Its own thread lives as long as there are handles on
 * file locks.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class EndedThreads {
    private static final long TICK_MILLIS = 500;

    private static final List<FileLockState> ALL = new ArrayList<>();

    private EndedThreads() {}

    static void add(FileLockState state) {
        synchronized (ALL) {
            if (ALL.isEmpty()) {
                Thread thread = new Thread(EndedThreads::run, "ipc-lock-watch");
                thread.setDaemon(true);
                thread.start();
            }
            ALL.add(state);
        }
    }

    static void remove(FileLockState state) {
        synchronized (ALL) {
            ALL.remove(state);
            ALL.notifyAll();
        }
    }

    private static void run() {
        while (true) {
            List<FileLockState> present;
            synchronized (ALL) {
                try {
                    ALL.wait(TICK_MILLIS);
                } catch (InterruptedException e) {
                    // nobody has a reason to
                }
                if (ALL.isEmpty()) {
                    return; // with the lock held: who adds the next one starts the next thread
                }
                present = List.copyOf(ALL);
            }
            for (FileLockState each : present) {
                try {
                    each.releaseOfEnded();
                } catch (RuntimeException e) {
                    // of one; the next round tries again
                }
            }
        }
    }
}
