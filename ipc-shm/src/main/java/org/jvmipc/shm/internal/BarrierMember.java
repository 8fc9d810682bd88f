package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;

/**
 * This process as one that takes part in a barrier: as long as a handle is open, or a thread waits in it. It is an owned word, by which
 * the repair of this process's slot finds out that its death is to break the barrier.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class BarrierMember {
    private final Membership self;
    private final int word;
    private int uses;

    BarrierMember(Membership self, int word) {
        this.self = self;
        this.word = word;
    }

    synchronized void enter() {
        if (uses++ == 0) {
            Words.setVolatile(self.memory().bytes(), word, self.ownerValue());
        }
    }

    synchronized void leave() {
        if (--uses == 0) {
            Words.compareAndSet(self.memory().bytes(), word, self.ownerValue(), 0);
            LateErrors.come(); // here, and not where it would keep a handle from being closed
        }
    }

    // ---- for the repair, and for those who look only

    /** Where the word of the participant in the slot is. */
    static int word(SegmentMemory memory, Directory.Entry entry, int slot) {
        int room = (entry.size() - BarrierLayout.MEMBERS) / BarrierLayout.MEMBER_BYTES;
        if (room < memory.slots()) {
            throw memory.damaged(
                    entry.name() + " has words for " + room + " participants, and there may be " + memory.slots());
        }
        return entry.offset() + BarrierLayout.MEMBERS + slot * BarrierLayout.MEMBER_BYTES;
    }

    /** Whether the participant in the slot takes part. */
    static boolean takesPart(SegmentMemory memory, Directory.Entry entry, int slot) {
        return OwnedWord.isHeldBy(memory.bytes(), word(memory, entry, slot), slot);
    }

    /** Breaks the barrier if the participant took part: it is dead, as one that leaves takes part no longer. */
    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        if (!takesPart(memory, entry, slot)) {
            return;
        }
        ByteBuffer bytes = memory.bytes();
        int pid = Words.get(bytes, memory.slot(slot) + SegmentLayout.SLOT_PID);
        Words.setRelease(bytes, entry.offset() + BarrierLayout.BROKEN_BY, pid);
        int state = entry.offset() + BarrierLayout.STATE;
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            long now = Words.getLongVolatile(bytes, state);
            if (Words.compareAndSet(bytes, state, now, now | BarrierLayout.BROKEN)) {
                break;
            }
        }
        // Last: killed before it, the next repair finds the word and does it again.
        OwnedWord.free(bytes, word(memory, entry, slot), slot);
    }

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        EventCountState.advance(memory, entry.offset() + BarrierLayout.SEQUENCE);
    }
}
