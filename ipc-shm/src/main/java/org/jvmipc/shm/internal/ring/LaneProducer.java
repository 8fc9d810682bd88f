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
    private final int tailAt;

    /** The position at which this lap has begun. */
    private long lap;

    /** Where the next record will be, from the beginning of the data. */
    private int index;

    /** So large a record, with its header, can be there, and the next one's header behind it. */
    private int room;

    /** What is before it may be written. */
    private long limit;

    private int padding;

    LaneProducer(RingMemory memory, int lane, long position) {
        this.bytes = memory.bytes();
        this.data = memory.data(lane);
        this.capacity = memory.shape().capacity();
        this.tailAt = memory.lane(lane) + RingLayout.LANE_TAIL;
        this.index = (int) position & (capacity - 1);
        this.lap = position - index;
        this.limit = position;
        measure();
        // What the last owner has shown, and could not tell any more when it died, is told now: a receiver of a
        // broadcast
        // that joins before the first record would begin before it, where what is written up to the limit may reach.
        Words.setLongRelease(bytes, tailAt, position);
    }

    long position() {
        return lap + index;
    }

    /** Where the consumer is: what is a capacity after it may be written. */
    void limitFrom(long head) {
        limit = head + capacity;
        measure();
    }

    private void measure() {
        room = (int) Math.min(capacity - index, limit - position() - RingLayout.HEADER_BYTES);
    }

    /**
     * Reserves room for a record; nobody sees anything of it.
     *
     * @param recordBytes with the header; 1 to half of the capacity
     * @return whether there is room as far as it is known
     */
    boolean reserve(int recordBytes) {
        int aligned = RingLayout.aligned(recordBytes);
        if (padding != 0) {
            padding = 0;
        }
        return aligned <= room || reserveBehindPadding(aligned);
    }

    private boolean reserveBehindPadding(int aligned) {
        int left = capacity - index;
        if (aligned <= left || left + aligned + RingLayout.HEADER_BYTES > limit - position()) {
            return false;
        }
        padding = left;
        return true;
    }

    /** Where the reserved record's message lies. */
    int message() {
        return data + (padding == 0 ? index : 0) + RingLayout.HEADER_BYTES;
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
        long header = RingLayout.header(RingLayout.MESSAGE, firstBytes);
        if (padding != 0) {
            commitBehindPadding(header, allBytes);
            return;
        }
        int at = index;
        int next = at + allBytes;
        boolean last = next == capacity;
        Words.setLong(bytes, data + (last ? 0 : next), 0);
        // Release: who sees the header sees the record, and the cleared header behind it.
        Words.setLongRelease(bytes, data + at, header);
        if (last) {
            wrap(0);
        } else {
            room -= allBytes;
            index = next;
        }
        Words.setLongRelease(bytes, tailAt, position());
    }

    private void commitBehindPadding(long header, int allBytes) {
        Words.setLong(bytes, data + allBytes, 0);
        Words.setLong(bytes, data, header);
        Words.setLongRelease(bytes, data + index, RingLayout.header(RingLayout.PADDING, padding));
        wrap(allBytes);
        Words.setLongRelease(bytes, tailAt, position());
    }

    /** The next record is in the next lap. */
    private void wrap(int at) {
        lap += capacity;
        index = at;
        measure();
    }
}
