package org.jvmipc.mq.internal;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.SharedLong;

/**
 * One entry of a group's table of ranges, see {@link GroupLayout}.
 *
 * <p><b>Thread safety.</b> Under the group's mutex.
 */
final class GroupRange {
    private static final int MOST_DELIVERIES = 255;
    private static final int BYTES_OF_LONG = 8;

    final int number;
    private final SharedInt state;
    private final SharedInt lease;
    private final SharedLong first;
    private final SharedInt count;
    private final SharedLong place;
    private final SharedLong taken;
    private final SharedLong end;
    private final SharedLong consumer;
    private final SharedLong[] deliveries = new SharedLong[GroupLayout.MAX_RANGE_MESSAGES / BYTES_OF_LONG];

    GroupRange(MemoryArea area, int number) {
        this.number = number;
        int at = GroupLayout.RANGES_AT + number * GroupLayout.RANGE_BYTES;
        state = area.int32(at + GroupLayout.RANGE_STATE);
        lease = area.int32(at + GroupLayout.RANGE_LEASE);
        first = area.int64(at + GroupLayout.RANGE_FIRST);
        count = area.int32(at + GroupLayout.RANGE_COUNT);
        place = area.int64(at + GroupLayout.RANGE_PLACE);
        taken = area.int64(at + GroupLayout.RANGE_TAKEN);
        end = area.int64(at + GroupLayout.RANGE_END);
        consumer = area.int64(at + GroupLayout.RANGE_CONSUMER);
        for (int i = 0; i < deliveries.length; i++) {
            deliveries[i] = area.int64(at + GroupLayout.RANGE_DELIVERIES + i * BYTES_OF_LONG);
        }
    }

    /** Fills it in; with its state, stored last, it is there. */
    void fill(long firstIndex, int messages, long where, long takenMask) {
        first.set(firstIndex);
        count.set(messages);
        place.set(where);
        taken.set(takenMask);
        end.set(0);
        for (SharedLong each : deliveries) {
            each.set(0);
        }
        state.setRelease(GroupLayout.IN_USE);
    }

    /** What a journal has of it. */
    Journal.Range known() {
        return new Journal.Range(first(), count(), taken());
    }

    void free() {
        state.setRelease(GroupLayout.NONE);
    }

    boolean isInUse() {
        return state.getAcquire() == GroupLayout.IN_USE;
    }

    long first() {
        return first.get();
    }

    /** Never more than there may be, whatever is written there. */
    int count() {
        return Math.max(1, Math.min(GroupLayout.MAX_RANGE_MESSAGES, count.get()));
    }

    long place() {
        return place.get();
    }

    long taken() {
        return taken.get();
    }

    void setTaken(long mask) {
        taken.set(mask);
    }

    /** The mask of all its messages. */
    long all() {
        return -1L >>> (Long.SIZE - count());
    }

    boolean isAllTaken() {
        return (taken() & all()) == all();
    }

    /** The index of its first message that was not taken; the one behind it if all were. */
    long firstUntaken() {
        return first() + Math.min(count(), Long.numberOfTrailingZeros(~taken()));
    }

    int lease() {
        return lease.get();
    }

    long consumer() {
        return consumer.get();
    }

    /** A new lease of it. */
    int leaseTo(long consumerId, long endNanos) {
        consumer.set(consumerId);
        end.set(endNanos);
        lease.set(lease.get() + 1);
        return lease.get();
    }

    void setEnd(long nanos) {
        end.set(nanos);
    }

    /** How long its lease still runs; zero or less: it has ended. */
    long nanosLeft() {
        return end.get() - System.nanoTime();
    }

    /** How often the message was handed out. */
    int deliveries(int message) {
        return (int) (deliveries[message / BYTES_OF_LONG].get() >>> shift(message)) & MOST_DELIVERIES;
    }

    void setDeliveries(int message, int times) {
        SharedLong word = deliveries[message / BYTES_OF_LONG];
        long cleared = word.get() & ~((long) MOST_DELIVERIES << shift(message));
        word.set(cleared | (long) Math.min(MOST_DELIVERIES, times) << shift(message));
    }

    private static int shift(int message) {
        return message % BYTES_OF_LONG * Byte.SIZE;
    }
}
