package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.PeerGoneException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.Blocked;
import org.jvmipc.shm.internal.Membership;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.Words;

/**
 * One ring in the memory of this process, through a handle of its own. All in it is reached by offsets that follow from the
 * shape, which was checked once, and from positions, which are taken modulo the capacity.
 */
final class RingMemory {
    private final SegmentHandle.Opened opened;
    private final RingShape shape;
    private final ByteBuffer bytes;
    private final int ring;
    private final Blocked blocked;

    /** Takes over the handle. */
    RingMemory(SegmentHandle.Opened opened, RingShape shape) {
        this.opened = opened;
        this.shape = shape;
        this.bytes = opened.segment().bytes();
        this.ring = opened.entry().offset();
        this.blocked = opened.segment().blocked();
    }

    Membership self() {
        return opened.segment().membership();
    }

    Blocked blocked() {
        return blocked;
    }

    Address address() {
        return opened.address();
    }

    RingShape shape() {
        return shape;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Where the ring begins: the object that is waited for. */
    int offset() {
        return ring;
    }

    int lane(int lane) {
        return ring + shape.lane(lane);
    }

    int cursor(int cursor) {
        return ring + shape.cursor(cursor);
    }

    int receiver(int receiver) {
        return ring + shape.receiver(receiver);
    }

    int data(int lane) {
        return ring + shape.data(lane);
    }

    int word(int at) {
        return Words.getVolatile(bytes, ring + at);
    }

    /** Both at once: who is killed has told the whole end, or nothing of it. */
    void setEnded(int joined, int died) {
        long both = Integer.toUnsignedLong(joined) | (long) died << Integer.SIZE;
        Words.setLongVolatile(bytes, ring + RingLayout.ENDED_JOINED, both);
    }

    /** Why nobody receives, null if somebody does. */
    PeerGoneException.@Nullable Reason receiversGone() {
        for (int i = 0; i < shape.receivers(); i++) {
            if (Words.getVolatile(bytes, receiver(i) + RingLayout.RECEIVER_OWNER) != 0) {
                return null;
            }
        }
        return switch (Words.getVolatile(bytes, receiver(0) + RingLayout.RECEIVER_DEPARTURE)) {
            case RingLayout.DIED -> PeerGoneException.Reason.DIED;
            case RingLayout.CLOSED -> PeerGoneException.Reason.CLOSED;
            default -> PeerGoneException.Reason.UNKNOWN;
        };
    }

    int changes() {
        return Words.getAcquire(bytes, ring + RingLayout.CHANGES);
    }

    void count(int at) {
        Words.getAndAdd(bytes, ring + at, 1);
    }

    RingEvent arrivals() {
        return new RingEvent(self(), ring + RingLayout.ARRIVALS);
    }

    RingEvent room(int lane) {
        return new RingEvent(self(), lane(lane) + RingLayout.LANE_ROOM);
    }

    /** Has everybody look again who is here, and who waits. */
    void changed() {
        count(RingLayout.CHANGES);
        Fences.light();
        arrivals().signal();
        for (int i = 0; i < shape.lanes(); i++) {
            room(i).signal();
        }
    }

    DamagedSegmentException damaged(String what) {
        return self().memory().damaged(opened.entry().name() + ": " + what);
    }

    DamagedSegmentException cutOff(InternalError cause) {
        return opened.segment().cutOff(cause);
    }

    /** Gives back the handle's share of the segment, once; that nobody waits in it any more was said before. */
    void close() {
        self().release();
    }
}
