package org.jvmipc.cli.demo.sem;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;

/**
 * What producers and consumers agree on besides the buffer: who takes how many, and that all begin at once.
 *
 * <pre>
 *   0          8          16
 *   +----------+----------+
 *   | claimed  | arrived  |
 *   +----------+----------+
 * </pre>
 *
 * <p>Both are 64-bit integers, little-endian, changed by atomic additions only.
 */
final class SemTurns {
    /** The area, in the segment. */
    static final String AREA = "turns";

    static final int BYTES = 16;

    private static final int CLAIMED_OFFSET = 0;
    private static final int ARRIVED_OFFSET = 8;

    private final SharedLong claimed;
    private final SharedLong arrived;

    SemTurns(MemoryArea area) {
        claimed = area.int64(CLAIMED_OFFSET);
        arrived = area.int64(ARRIVED_OFFSET);
    }

    /** Whether one more of so many messages is for the caller to take, which it has to take then. */
    boolean claim(long messages) {
        return claimed.getAndAdd(1) < messages;
    }

    /** Waits until so many have come here, so that all leave at one moment. */
    @SuppressWarnings("ThreadPriorityCheck") // on a busy machine those who are to come need the processor
    void meet(int parties) {
        arrived.getAndAdd(1);
        while (arrived.getVolatile() < parties) {
            Thread.yield();
        }
    }

    /** For the next round; nobody is in one. */
    void reset() {
        claimed.setVolatile(0);
        arrived.setVolatile(0);
    }
}
