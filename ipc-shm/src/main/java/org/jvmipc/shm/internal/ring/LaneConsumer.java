package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.Words;

/**
 * Reads the records of one lane. How far it has come it keeps in a line of the cache of its own with every message, so that a
 * message that was taken is not taken again after its death; the producer is told only now and then, and when there is nothing more.
 *
 * <p><b>Thread safety.</b> None.
 */
final class LaneConsumer {
    /** There is no message. */
    static final int NONE = -1;

    private final RingMemory memory;
    private final ByteBuffer bytes;
    private final int data;
    private final int capacity;
    private final int mask;
    private final int largestRecord;
    private final int headAt;
    private final int takenAt;
    private final RingEvent room;
    private final int lane;

    private long position;
    private long published;

    /** The next message's record begins behind so much padding. */
    private int skipped;

    private int recordBytes;

    LaneConsumer(RingMemory memory, int lane, int cursor) {
        this.memory = memory;
        this.bytes = memory.bytes();
        this.data = memory.data(lane);
        this.capacity = memory.shape().capacity();
        this.mask = capacity - 1;
        this.largestRecord = memory.shape().maxMessage() + RingLayout.HEADER_BYTES;
        this.headAt = memory.cursor(cursor) + RingLayout.CURSOR_HEAD;
        this.takenAt = memory.cursor(cursor) + RingLayout.CURSOR_TAKEN;
        this.room = memory.room(lane);
        this.lane = lane;
    }

    /** Goes on where the last one has ended. */
    void resume() {
        long head = Words.getLongVolatile(bytes, headAt);
        long taken = Words.getLongVolatile(bytes, takenAt);
        if (taken - head < 0 || taken - head > capacity || taken % RingLayout.ALIGNMENT != 0) {
            throw memory.damaged("lane " + lane + " was taken up to " + taken + " and is free up to " + head
                    + "; it is taken up to a multiple of " + RingLayout.ALIGNMENT + ", at most " + capacity
                    + " further");
        }
        begin(taken);
    }

    /** Begins at the position. */
    void begin(long from) {
        position = from & -RingLayout.ALIGNMENT;
        published = position;
        Words.setLongRelease(bytes, takenAt, position);
        Words.setLongVolatile(bytes, headAt, position);
        Fences.light();
        room.signal();
    }

    /** Whether there is no message. */
    boolean isEmpty() {
        return header(position) == 0;
    }

    private long header(long at) {
        // Acquire: with the header comes the record.
        return Words.getLongAcquire(bytes, data + ((int) at & mask));
    }

    /**
     * The length of the next message, which stays where it is until it is {@linkplain #done() done}.
     *
     * @return {@link #NONE} if there is none
     */
    int next() {
        long header = header(position);
        if (header == 0) {
            return NONE;
        }
        skipped = 0;
        if (RingLayout.type(header) == RingLayout.PADDING) {
            int index = (int) position & mask;
            if (index == 0 || RingLayout.bytes(header) != capacity - index) {
                throw impossible(header);
            }
            skipped = capacity - index;
            header = header(position + skipped);
        }
        recordBytes = RingLayout.bytes(header);
        if (RingLayout.type(header) != RingLayout.MESSAGE
                || recordBytes < RingLayout.HEADER_BYTES
                || recordBytes > largestRecord
                || RingLayout.aligned(recordBytes) > capacity - ((int) (position + skipped) & mask)) {
            throw impossible(header);
        }
        return recordBytes - RingLayout.HEADER_BYTES;
    }

    private RuntimeException impossible(long header) {
        return memory.damaged("lane " + lane + " has at position " + position + " a record of type "
                + RingLayout.type(header) + " and " + RingLayout.bytes(header) + " bytes; a message is of type "
                + RingLayout.MESSAGE + " with " + RingLayout.HEADER_BYTES + " to " + largestRecord
                + ", padding of type "
                + RingLayout.PADDING + " with the " + (capacity - ((int) position & mask)) + " that are left");
    }

    /** Where the message lies. */
    int message() {
        return data + ((int) (position + skipped) & mask) + RingLayout.HEADER_BYTES;
    }

    /** The message is taken, and what it lay in may be overwritten. A sender that sleeps is told at once. */
    void done() {
        position += skipped + RingLayout.aligned(recordBytes);
        Words.setLongRelease(bytes, takenAt, position);
        Fences.light();
        if (position - published >= capacity >> 3 || room.isAwaited()) {
            publish();
        }
    }

    /** Tells the producer how far it has come. */
    void publish() {
        if (published == position) {
            return;
        }
        published = position;
        // Release: what is overwritten was read.
        Words.setLongRelease(bytes, headAt, position);
        Fences.light();
        room.signal();
    }
}
