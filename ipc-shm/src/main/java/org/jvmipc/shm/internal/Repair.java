package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Takes from a participant all that it holds in a segment: of one that is proven dead, or that leaves. The only place where
 * that is done. Whoever does it may be killed in the middle: done again from the beginning it comes to the same end.
 *
 * <p>Then everybody who sleeps in the segment is woken and looks again, whether the dead one held his word or not: it may have
 * been woken, and taken the wake-up with it.
 */
final class Repair {
    private Repair() {}

    /** Frees what the participant of the slot holds, wakes all, and makes the slot free. The caller holds its beacon. */
    static void run(SegmentMemory memory, int slot) {
        run(memory, slot, true);
    }

    /**
     * The same for one that leaves, and in none of whose threads a call is under way: it has taken no wake-up that was another's. Who
     * waits for a condition could not tell this one from a signal, and sleeps on.
     */
    static void ofOneThatLeaves(SegmentMemory memory, int slot) {
        run(memory, slot, false);
    }

    private static void run(SegmentMemory memory, int slot, boolean dead) {
        ByteBuffer bytes = memory.bytes();
        OwnedWord.free(bytes, SegmentLayout.DIRECTORY_WORD_AT, slot);
        List<Directory.Entry> entries = Directory.entries(memory);
        entries.forEach(entry -> free(memory, entry, slot));
        OwnedWord.wakeAll(memory, SegmentLayout.DIRECTORY_WORD_AT);
        for (Directory.Entry entry : entries) {
            if (dead || entry.type() != ObjectType.CONDITION) {
                wakeAll(memory, entry);
            }
        }
        int at = memory.slot(slot);
        WaitTable.clear(bytes, at);
        // Release: who finds the slot free finds every word free of it.
        Words.setRelease(bytes, at + SegmentLayout.SLOT_STATE, SegmentLayout.FREE);
    }

    private static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        if (entry.type() == ObjectType.MUTEX) {
            MutexState.free(memory.bytes(), entry.offset(), slot);
        } else if (entry.type() == ObjectType.SEMAPHORE) {
            SemaphoreState.free(memory, entry, slot);
        } else if (entry.type() == ObjectType.OWNERS) {
            OwnersState.free(memory, entry, slot);
        } else if (entry.type() == ObjectType.READ_WRITE_LOCK) {
            ReadWriteLockState.free(memory, entry, slot);
        } else if (entry.type() == ObjectType.BARRIER) {
            BarrierMember.free(memory, entry, slot);
        } else if (entry.type() == ObjectType.RING) {
            RingRepair.free(memory, entry, slot);
        }
    }

    private static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        if (entry.type() == ObjectType.MUTEX) {
            OwnedWord.wakeAll(memory, entry.offset() + MutexLayout.WORD);
        } else if (entry.type() == ObjectType.SEMAPHORE) {
            SemaphoreState.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.EVENT_COUNT) {
            EventCountState.advance(memory, entry.offset() + EventCountLayout.WORD);
        } else if (entry.type() == ObjectType.LATCH) {
            LatchState.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.EVENT) {
            EventState.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.READ_WRITE_LOCK) {
            ReadWriteLockState.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.CONDITION) {
            ConditionState.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.BARRIER) {
            BarrierMember.wakeAll(memory, entry);
        } else if (entry.type() == ObjectType.RING) {
            RingRepair.wakeAll(memory, entry);
        }
    }
}
