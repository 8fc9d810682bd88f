package org.jvmipc.shm.internal;

import org.jspecify.annotations.Nullable;

/** What the objects in a segment are, as their directory entries say it. */
public enum ObjectType {
    /** Bytes, of which the segment knows nothing. */
    AREA(1, 1),
    /** See {@link MutexLayout}. */
    MUTEX(2, MutexLayout.BYTES),
    /** See {@link SemaphoreLayout}. */
    SEMAPHORE(3, SemaphoreLayout.BYTES),
    /** See {@link RingLayout}. */
    RING(4, RingLayout.LANES),
    /** See {@link ReadWriteLockLayout}. */
    READ_WRITE_LOCK(5, ReadWriteLockLayout.BYTES),
    /** See {@link ConditionLayout}. */
    CONDITION(6, ConditionLayout.BYTES),
    /** See {@link BarrierLayout}. */
    BARRIER(7, BarrierLayout.BYTES),
    /** See {@link LatchLayout}. */
    LATCH(8, LatchLayout.BYTES),
    /** See {@link EventLayout}. */
    EVENT(9, EventLayout.BYTES),
    /** See {@link EventCountLayout}. */
    EVENT_COUNT(16, EventCountLayout.BYTES),
    /** See {@link OwnersLayout}. */
    OWNERS(17, OwnersLayout.BYTES);

    private final int code;
    private final int leastBytes;

    ObjectType(int code, int leastBytes) {
        this.code = code;
        this.leastBytes = leastBytes;
    }

    int code() {
        return code;
    }

    int leastBytes() {
        return leastBytes;
    }

    /** The type with this code; null for one that a later version may have. */
    static @Nullable ObjectType of(int code) {
        for (ObjectType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
