package org.jvmipc.testkit.bench;

import java.lang.management.ManagementFactory;

/** What this thread has allocated on the heap, in bytes. */
public final class Allocated {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocated() {}

    static long now() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
