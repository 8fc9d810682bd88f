package org.jvmipc.cli.demo.sem;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedLongArray;

/**
 * A few places that members use, as one of them sees it: a robust semaphore has a permit for each. It is noted here who uses
 * how many, to see whether there are ever more than there are permits.
 *
 * <p><b>Thread safety.</b> Of one thread; other members may be inside as well.
 */
final class Pool {
    /** How many places there are. */
    static final int PERMITS = 4;

    /** The area, in the segment. */
    static final String AREA = "pool";

    /** The semaphore, in the segment. */
    static final String SEMAPHORE = "places";

    private final MemoryArea area;
    private final int number;
    private final SharedLong holder;
    private final SharedLongArray used;

    /** The view of a member by its number. */
    Pool(MemoryArea area, int number) {
        this.area = area;
        this.number = number;
        holder = area.int64(PoolLayout.HOLDER_OFFSET);
        used = area.longs(PoolLayout.USED_OFFSET, (area.size() - PoolLayout.USED_OFFSET) / Long.BYTES);
    }

    /** How large an area it takes for so many members. */
    static int bytes(int members) {
        return PoolLayout.USED_OFFSET + members * Long.BYTES;
    }

    /** Uses so many, of which it has the permits. */
    void enter(int permits) {
        takeOver();
        used.setVolatile(number - 1, permits);
        long all = 0;
        for (int i = 0; i < used.length(); i++) {
            all += used.getVolatile(i);
        }
        if (all > PERMITS) {
            area.int64(PoolLayout.TOO_MANY_OFFSET).getAndAdd(1);
        }
    }

    /** Uses none any more, and has the permits still. */
    void leave() {
        used.setVolatile(number - 1, 0);
    }

    /** Says that it has all, and is about to be killed. */
    void holdAll() {
        holder.setVolatile(number);
    }

    /** Who has a permit when somebody had all of them has it of the dead. Others may find that out at the same time. */
    private void takeOver() {
        long dead = holder.getVolatile();
        if (dead != 0) {
            used.setVolatile((int) dead - 1, 0); // before anyone adds up, as many do it as there are
            if (holder.compareAndSet(dead, 0)) {
                area.int64(PoolLayout.TAKER_OFFSET).setVolatile(number);
                area.int64(PoolLayout.TAKEN_AT_OFFSET).setVolatile(System.nanoTime());
                area.int64(PoolLayout.TAKINGS_OFFSET).getAndAdd(1);
            }
        }
    }

    /** What it says when all is over. */
    PoolState state(int permitsBack) {
        return new PoolState(
                permitsBack,
                (int) area.int64(PoolLayout.TAKER_OFFSET).getVolatile(),
                area.int64(PoolLayout.TAKEN_AT_OFFSET).getVolatile(),
                area.int64(PoolLayout.TAKINGS_OFFSET).getVolatile(),
                area.int64(PoolLayout.TOO_MANY_OFFSET).getVolatile());
    }
}
