package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * What is done to a ring when a participant is dead, or leaves without having detached: its places become free, and everybody who
 * waits looks again. What it had not committed is not there: a record is, or is not, by its header alone; who takes its lane next
 * finds the end of what is.
 */
final class RingRepair {
    private RingRepair() {}

    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        RingShape shape = shape(memory, entry);
        if (shape == null) {
            return;
        }
        ByteBuffer bytes = memory.bytes();
        int ring = entry.offset();
        for (int i = 0; i < shape.lanes(); i++) {
            int owner = ring + shape.lane(i) + RingLayout.LANE_OWNER;
            if (OwnedWord.isHeldBy(bytes, owner, slot)) {
                // Counted first: who finds the lane free finds why. A second time does no harm, only a change is looked
                // for.
                Words.getAndAdd(bytes, ring + RingLayout.SENDERS_DIED, 1);
                OwnedWord.free(bytes, owner, slot);
            }
        }
        for (int i = 0; i < shape.receivers(); i++) {
            int owner = ring + shape.receiver(i) + RingLayout.RECEIVER_OWNER;
            if (OwnedWord.isHeldBy(bytes, owner, slot)) {
                Words.set(bytes, ring + shape.receiver(i) + RingLayout.RECEIVER_DEPARTURE, RingLayout.DIED);
                Words.getAndAdd(bytes, ring + RingLayout.RECEIVERS_DEPARTED, 1);
                OwnedWord.free(bytes, owner, slot);
            }
        }
    }

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        RingShape shape = shape(memory, entry);
        if (shape == null) {
            return;
        }
        Words.getAndAdd(memory.bytes(), entry.offset() + RingLayout.CHANGES, 1);
        EventCountState.advance(memory, entry.offset() + RingLayout.ARRIVALS);
        for (int i = 0; i < shape.lanes(); i++) {
            EventCountState.advance(memory, entry.offset() + shape.lane(i) + RingLayout.LANE_ROOM);
        }
    }

    /** Null if it is damaged: nobody can use it, and the segment's other objects are to be repaired all the same. */
    private static @Nullable RingShape shape(SegmentMemory memory, Directory.Entry entry) {
        try {
            return RingShape.read(memory, entry);
        } catch (DamagedSegmentException e) {
            return null;
        }
    }
}
