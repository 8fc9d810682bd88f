package org.jvmipc.cli.demo.sem;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;

/**
 * What producers and consumers agree on besides the buffer: who takes how many, and that all begin at once.
 *
 * <pre>
 *   0          8          16         24
 *   +----------+----------+----------+
 *   | claimed  | arrived  | messages |
 *   +----------+----------+----------+
 * </pre>
 *
 * <p>All are 64-bit integers, little-endian. The first two are changed by atomic additions only; the last is how many messages
 * each producer sends in this round.
 */
final class SemTurns {
    /** The area, in the segment. */
    static final String AREA = "turns";

    static final int BYTES = 24;

    private static final int CLAIMED_OFFSET = 0;
    private static final int ARRIVED_OFFSET = 8;
    private static final int MESSAGES_OFFSET = 16;

    private final SharedLong claimed;
    private final SharedLong arrived;
    private final SharedLong messages;

    SemTurns(MemoryArea area) {
        claimed = area.int64(CLAIMED_OFFSET);
        arrived = area.int64(ARRIVED_OFFSET);
        messages = area.int64(MESSAGES_OFFSET);
    }

    /** How many messages each producer sends in this round. */
    long messages() {
        return messages.getVolatile();
    }

    /** Whether one more of so many messages is for the caller to take, which it has to take then. */
    boolean claim(long all) {
        return claimed.getAndAdd(1) < all;
    }

    /** Waits until so many have come here, so that all leave at one moment. */
    @SuppressWarnings("ThreadPriorityCheck") // on a busy machine those who are to come need the processor
    void meet(int parties) {
        arrived.getAndAdd(1);
        while (arrived.getVolatile() < parties) {
            Thread.yield();
        }
    }

    /** Sets a round of so many messages of each producer; nobody is in one. */
    void set(long ofEach) {
        messages.setVolatile(ofEach);
        claimed.setVolatile(0);
        arrived.setVolatile(0);
    }
}
