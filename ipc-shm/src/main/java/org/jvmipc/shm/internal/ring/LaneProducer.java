package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.Words;

/**
 * Writes the records of one lane. A record's header is stored last and says by itself that the record is there; before that the
 * next header is cleared, so that whoever reads on never meets what an earlier lap has left.
 *
 * <p>Where the consumer is, it looks only when the room that it knows of is used up.
 *
 * <p><b>Thread safety.</b> None.
 */
final class LaneProducer {
    private final ByteBuffer bytes;
    private final int data;
    private final int capacity;
    private final int mask;
    private final int tailAt;

    private long position;
    /** What is before it may be written. */
    private long limit;

    private int index;
    private int padding;

    LaneProducer(RingMemory memory, int lane, long position) {
        this.bytes = memory.bytes();
        this.data = memory.data(lane);
        this.capacity = memory.shape().capacity();
        this.mask = capacity - 1;
        this.tailAt = memory.lane(lane) + RingLayout.LANE_TAIL;
        this.position = position;
        this.limit = position;
        // What the last owner has shown, and could not tell any more when it died, is told now: a receiver of a
        // broadcast
        // that joins before the first record would begin before it, where what is written up to the limit may reach.
        Words.setLongRelease(bytes, tailAt, position);
    }

    long position() {
        return position;
    }

    /** Where the consumer is: what is a capacity after it may be written. */
    void limitFrom(long head) {
        limit = head + capacity;
    }

    /**
     * Reserves room for a record; nobody sees anything of it.
     *
     * @param recordBytes with the header; 1 to half of the capacity
     * @return whether there is room as far as it is known
     */
    boolean reserve(int recordBytes) {
        int aligned = RingLayout.aligned(recordBytes);
        int at = (int) position & mask;
        int left = capacity - at;
        int skipped = aligned > left ? left : 0;
        // With room for the next header, which is cleared.
        if (position + skipped + aligned + RingLayout.HEADER_BYTES - limit > 0) {
            return false;
        }
        padding = skipped;
        index = skipped == 0 ? at : 0;
        return true;
    }

    /** Where the reserved record's message lies. */
    int message() {
        return data + index + RingLayout.HEADER_BYTES;
    }

    /** Shows the reserved record. */
    void commit(int recordBytes) {
        commit(recordBytes, RingLayout.aligned(recordBytes));
    }

    /**
     * Shows several records that stand one behind another in the place that was reserved for all of them, and have their headers
     * but for the first.
     *
     * @param firstBytes of the first one, with its header
     * @param allBytes of all, aligned
     */
    void commit(int firstBytes, int allBytes) {
        long next = position + padding + allBytes;
        Words.setLong(bytes, data + ((int) next & mask), 0);
        long header = RingLayout.header(RingLayout.MESSAGE, firstBytes);
        // Release: who sees the header sees the record, and the cleared header behind it.
        if (padding == 0) {
            Words.setLongRelease(bytes, data + index, header);
        } else {
            Words.setLong(bytes, data, header);
            Words.setLongRelease(bytes, data + ((int) position & mask), RingLayout.header(RingLayout.PADDING, padding));
        }
        position = next;
        Words.setLongRelease(bytes, tailAt, next);
    }
}
