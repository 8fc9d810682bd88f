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
    private final int largestRecord;
    private final int headAt;
    private final int takenAt;
    private final RingEvent room;
    private final int lane;

    /** The position at which this lap has begun. */
    private long lap;

    /** Where the next record is, from the beginning of the data. */
    private int index;

    /** So many bytes were taken that the producer was not told of. */
    private int unpublished;

    /** Where the message that was found lies, and how far the next record is from it. */
    private int message;

    private int step;

    LaneConsumer(RingMemory memory, int lane, int cursor) {
        this.memory = memory;
        this.bytes = memory.bytes();
        this.data = memory.data(lane);
        this.capacity = memory.shape().capacity();
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
        long position = from & -RingLayout.ALIGNMENT;
        index = (int) position & (capacity - 1);
        lap = position - index;
        Words.setLongRelease(bytes, takenAt, position);
        unpublished = 0;
        Words.setLongVolatile(bytes, headAt, position);
        Fences.light();
        room.signal();
    }

    private long position() {
        return lap + index;
    }

    /** Whether there is no message. */
    boolean isEmpty() {
        return header(index) == 0;
    }

    private long header(int at) {
        // Acquire: with the header comes the record.
        return Words.getLongAcquire(bytes, data + at);
    }

    /**
     * The length of the next message, which stays where it is until it is {@linkplain #done() done}.
     *
     * @return {@link #NONE} if there is none
     */
    int next() {
        int at = index;
        long header = header(at);
        if (header == 0) {
            return NONE;
        }
        if (RingLayout.type(header) != RingLayout.MESSAGE) {
            return nextBehindPadding(header);
        }
        return found(header, at, 0);
    }

    private int nextBehindPadding(long header) {
        int left = capacity - index;
        if (RingLayout.type(header) != RingLayout.PADDING || index == 0 || RingLayout.bytes(header) != left) {
            throw impossible(header);
        }
        return found(header(0), 0, left);
    }

    private int found(long header, int at, int skipped) {
        int record = RingLayout.bytes(header);
        if (RingLayout.type(header) != RingLayout.MESSAGE
                || record < RingLayout.HEADER_BYTES
                || record > largestRecord
                || RingLayout.aligned(record) > capacity - at) {
            throw impossible(header);
        }
        message = data + at + RingLayout.HEADER_BYTES;
        step = skipped + RingLayout.aligned(record);
        return record - RingLayout.HEADER_BYTES;
    }

    private RuntimeException impossible(long header) {
        return memory.damaged("lane " + lane + " has at position " + position() + " a record of type "
                + RingLayout.type(header) + " and " + RingLayout.bytes(header) + " bytes; a message is of type "
                + RingLayout.MESSAGE + " with " + RingLayout.HEADER_BYTES + " to " + largestRecord
                + ", padding of type " + RingLayout.PADDING + " with the " + (capacity - index) + " that are left");
    }

    /** Where the message lies. */
    int message() {
        return message;
    }

    /** The message is taken, and what it lay in may be overwritten. A sender that sleeps is told at once. */
    void done() {
        int next = index + step;
        if (next >= capacity) {
            next -= capacity;
            lap += capacity;
        }
        index = next;
        unpublished += step;
        Words.setLongRelease(bytes, takenAt, lap + next);
        Fences.light();
        if (unpublished >= capacity >> 3 || room.isAwaited()) {
            publish();
        }
    }

    /** Tells the producer how far it has come. */
    void publish() {
        if (unpublished == 0) {
            return;
        }
        unpublished = 0;
        // Release: what is overwritten was read.
        Words.setLongRelease(bytes, headAt, position());
        Fences.light();
        room.signal();
    }
}
