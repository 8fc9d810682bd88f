package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.Words;

/**
 * One sender of a ring: its lane, and what it knows of the receivers. One word tells it that somebody has come or gone; as long as
 * that stays as it is, nothing else is looked at.
 *
 * <p><b>Thread safety.</b> None but {@link #close()}, which nobody may call while another is inside.
 */
final class RingProducer implements RingWait.Condition {
    /** There is no room. */
    static final int FULL = -1;

    /** Nobody is there to hear it: it is counted, and gone. */
    static final int UNHEARD = -2;

    /** How many looks there are between two for late errors, each of which allocates a little on Java 17. */
    private static final int LOOK = 1024;

    private final RingMemory memory;
    private final ByteBuffer bytes;
    private final RingShape shape;
    private final boolean broadcast;
    private final int place;
    private final LaneProducer lane;
    private final RingEvent arrivals;
    private final RingEvent room;

    /** What is before it was seen to be free. */
    private long freed;

    private int changesSeen;
    private int departuresSeen;
    private boolean hadReceiver;
    private int present;
    private PeerGoneException.@Nullable Reason gone;
    private int wanted;
    private int refreshes;
    private boolean detached;

    /** Takes a lane. */
    RingProducer(RingMemory memory) throws IOException {
        this.memory = memory;
        this.bytes = memory.bytes();
        this.shape = memory.shape();
        this.broadcast = shape.kind() == RingKind.BROADCAST;
        this.arrivals = memory.arrivals();
        this.place = Places.take(memory, shape.lanes(), i -> memory.lane(i) + RingLayout.LANE_OWNER, "sender");
        boolean attached = false;
        try {
            this.room = memory.room(place);
            this.lane = new LaneProducer(memory, place, end());
            this.freed = lane.position() - shape.capacity();
            this.departuresSeen = memory.word(RingLayout.RECEIVERS_DEPARTED);
            memory.count(RingLayout.SENDERS_JOINED);
            memory.changed();
            changesSeen = memory.changes() - 1; // to be looked at
            attached = true;
        } finally {
            if (!attached) {
                Places.give(memory, memory.lane(place) + RingLayout.LANE_OWNER);
            }
        }
    }

    /** Where the lane ends: its last owner may have died between showing a record and telling that it has. */
    private long end() {
        long tail = Words.getLongVolatile(bytes, memory.lane(place) + RingLayout.LANE_TAIL);
        if (tail % RingLayout.ALIGNMENT != 0) {
            throw memory.damaged("lane " + place + " ends at " + tail);
        }
        int data = memory.data(place);
        int mask = shape.capacity() - 1;
        for (long walked = 0; walked <= shape.capacity(); ) {
            long header = Words.getLongAcquire(bytes, data + ((int) (tail + walked) & mask));
            if (header == 0) {
                return tail + walked;
            }
            int length = RingLayout.bytes(header);
            int left = shape.capacity() - ((int) (tail + walked) & mask);
            // Its own length first: aligned, the largest numbers there are become negative.
            if (length < RingLayout.HEADER_BYTES || length > left || RingLayout.aligned(length) > left) {
                break;
            }
            walked += RingLayout.aligned(length);
        }
        throw memory.damaged("lane " + place + " has no end after " + tail);
    }

    // ---- the other side

    /**
     * Looks who is there, if anybody has come or gone.
     *
     * @throws PeerGoneException if nobody will receive what is sent
     */
    void requirePeer() throws PeerGoneException {
        if (memory.changes() != changesSeen) {
            look();
        }
        if (gone != null) {
            throw new PeerGoneException(
                    gone,
                    memory.address(),
                    gone == PeerGoneException.Reason.DIED ? "the receiver died" : "the receiver has closed");
        }
    }

    private void look() {
        int changes = memory.changes(); // first: a change after it is looked at again
        if (broadcast) {
            present = 0;
            for (int i = 0; i < shape.receivers(); i++) {
                present += isIn(i) ? 1 : 0;
            }
        } else {
            lookForReceiver();
        }
        changesSeen = changes;
    }

    private void lookForReceiver() {
        int departures = memory.word(RingLayout.RECEIVERS_DEPARTED);
        int receiver = memory.receiver(0);
        if (Words.getVolatile(bytes, receiver + RingLayout.RECEIVER_OWNER) != 0) {
            departuresSeen = departures;
            hadReceiver = true;
            present = 1;
            gone = null;
        } else if (hadReceiver || departures != departuresSeen) {
            present = 0;
            gone = Words.getVolatile(bytes, receiver + RingLayout.RECEIVER_DEPARTURE) == RingLayout.DIED
                    ? PeerGoneException.Reason.DIED
                    : PeerGoneException.Reason.CLOSED;
        }
    }

    /** Whether the other side is there: whether there is somebody to look out for. */
    boolean isPeerPresent() {
        return present > 0;
    }

    private boolean isIn(int receiver) {
        int at = memory.receiver(receiver);
        return Words.getVolatile(bytes, at + RingLayout.RECEIVER_OWNER) != 0
                && Words.getVolatile(bytes, at + RingLayout.RECEIVER_STATE) == RingLayout.IN;
    }

    // ---- records

    /**
     * Reserves room for a record, or for several that stand one behind another.
     *
     * @param recordBytes of all of them, with their headers
     * @param surely whether full is said only after a look at what was taken just now; who waits anyway is better off without
     * @return where the first one's message is to be written, or {@link #FULL} or {@link #UNHEARD}
     */
    int reserveRecords(int recordBytes, boolean surely) {
        if (present == 0 && broadcast) {
            return UNHEARD;
        }
        if (lane.reserve(recordBytes)) {
            return lane.message();
        }
        wanted = recordBytes;
        return makeRoom(recordBytes, surely);
    }

    private int makeRoom(int recordBytes, boolean surely) {
        for (int dropped = 0; dropped <= shape.receivers(); dropped++) {
            refresh(false);
            if (lane.reserve(recordBytes)) {
                return lane.message();
            }
            if (!surely && shape.whenFull() == RingFullPolicy.BLOCK && !(broadcast && present == 0)) {
                return FULL;
            }
            refresh(true);
            if (lane.reserve(recordBytes)) {
                return lane.message();
            }
            if (broadcast && present == 0) {
                return UNHEARD;
            }
            if (shape.whenFull() != RingFullPolicy.DROP_SLOWEST) {
                return FULL;
            }
            dropSlowest();
        }
        return FULL; // they come back faster than they are dropped
    }

    /**
     * Looks how far the receivers are.
     *
     * @param exactly up to the last message that was taken, not only up to what they have told: it is in a line that they write with
     *     every message
     */
    private void refresh(boolean exactly) {
        if (++refreshes % LOOK == 0) {
            LateErrors.come(); // of a page that was cut off the heads say that nobody moves
        }
        if (broadcast) {
            refreshFromAll(exactly);
            return;
        }
        long head = free(place, exactly);
        if (head - freed < 0) {
            head = freed; // more was seen to be taken than was told since
        }
        freed = head;
        long used = lane.position() - head;
        if (used < 0 || used > shape.capacity()) {
            throw memory.damaged("lane " + place + " is free up to " + head + ", and written up to " + lane.position());
        }
        lane.limitFrom(head);
    }

    private long free(int cursor, boolean exactly) {
        // Acquire: what is overwritten was read.
        int at = memory.cursor(cursor);
        return Words.getLongAcquire(bytes, at + (exactly ? RingLayout.CURSOR_TAKEN : RingLayout.CURSOR_HEAD));
    }

    private void refreshFromAll(boolean exactly) {
        // Who joins says so, and then looks where the tail is; here it is the other way round.
        VarHandle.fullFence();
        long most = 0;
        present = 0;
        for (int i = 0; i < shape.receivers(); i++) {
            if (isIn(i)) {
                present++;
                most = Math.max(most, used(i, exactly));
            }
        }
        lane.limitFrom(lane.position() - most);
    }

    /** What a receiver has still to take; one that is just joining may be a lap behind, or before. */
    private long used(int receiver, boolean exactly) {
        long used = lane.position() - free(receiver, exactly);
        return used < 0 || used > shape.capacity() ? shape.capacity() : used;
    }

    private void dropSlowest() {
        int slowest = -1;
        for (int i = 0; i < shape.receivers(); i++) {
            if (isIn(i) && (slowest < 0 || used(i, true) > used(slowest, true))) {
                slowest = i;
            }
        }
        if (slowest < 0) {
            return; // gone meanwhile
        }
        int state = memory.receiver(slowest) + RingLayout.RECEIVER_STATE;
        if (Words.compareAndSet(bytes, state, RingLayout.IN, RingLayout.DROPPED)) {
            memory.count(RingLayout.RECEIVERS_DROPPED);
            memory.count(RingLayout.CHANGES);
            Fences.light();
            arrivals.signal();
        }
    }

    /** Shows the record that was reserved. */
    void commit(int length) {
        lane.commit(length + RingLayout.HEADER_BYTES);
        Fences.light();
        arrivals.signal();
    }

    /** Shows the records that were reserved. */
    void commitRecords(int firstBytes, int allBytes) {
        lane.commit(firstBytes, allBytes);
        Fences.light();
        arrivals.signal();
    }

    /** Messages of a broadcast that nobody was there for. */
    void countUnheard(int messages) {
        int at = memory.offset() + RingLayout.UNHEARD;
        Words.setLong(bytes, at, Words.getLong(bytes, at) + messages);
    }

    // ---- waiting

    RingEvent room() {
        return room;
    }

    /** Whether it is worth another try. */
    @Override
    public boolean holds() {
        return holds(false);
    }

    @Override
    public boolean holdsSurely() {
        return holds(false) || holds(true);
    }

    private boolean holds(boolean exactly) {
        if (memory.changes() != changesSeen) {
            return true;
        }
        refresh(exactly);
        return lane.reserve(wanted) || (broadcast && present == 0);
    }

    /** Says goodbye: what was sent before is told before it. */
    void close() {
        if (detached) {
            return;
        }
        detached = true;
        try {
            Places.give(memory, memory.lane(place) + RingLayout.LANE_OWNER);
            memory.changed();
            LateErrors.come();
        } catch (InternalError | RuntimeException e) {
            // The memory is gone or damaged: there is nobody to say it to.
        } finally {
            memory.close();
        }
    }
}
