package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;

/**
 * How many readers each participant has in a read-write lock: a word each, in a line of the cache of its own, that no other participant
 * writes but who repairs it. So readers of different processes are not in each other's way.
 *
 * <p>A word carries the generation of its slot. One with another generation, or whose slot is free, counts nobody: a thread of a process
 * that was just leaving counted itself, and finds out that it must not.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class ReaderWords {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int first;
    private final int used;
    private final int own;
    private final long mine;

    ReaderWords(Membership self, Directory.Entry entry) {
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        requireRoom(memory, entry);
        this.first = entry.offset() + ReadWriteLockLayout.READERS;
        this.used = entry.offset() + ReadWriteLockLayout.USED;
        this.own = word(entry, self.slot());
        this.mine = (long) OwnedWord.generation(self.ownerValue()) << ReadWriteLockLayout.GENERATION_SHIFT;
        use(self.slot() + 1);
    }

    /** Says, before the first reader comes, that this slot is to be looked at. */
    private void use(int slots) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, used);
            if (value >= slots || Words.compareAndSet(bytes, used, value, slots)) {
                return;
            }
        }
    }

    private static void requireRoom(SegmentMemory memory, Directory.Entry entry) {
        int room = (entry.size() - ReadWriteLockLayout.READERS) / ReadWriteLockLayout.READERS_BYTES;
        if (room < memory.slots()) {
            throw memory.damaged(
                    entry.name() + " has words for " + room + " participants, and there may be " + memory.slots());
        }
    }

    private static int word(Directory.Entry entry, int slot) {
        return entry.offset() + ReadWriteLockLayout.READERS + slot * ReadWriteLockLayout.READERS_BYTES;
    }

    private static int count(long value) {
        return (int) value;
    }

    private boolean isMine(long value) {
        return value >>> ReadWriteLockLayout.GENERATION_SHIFT == mine >>> ReadWriteLockLayout.GENERATION_SHIFT
                && count(value) > 0;
    }

    /**
     * Counts one more reader of this process.
     *
     * @return false if the process is about to leave, and the slot is another's perhaps
     */
    boolean enter() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            long value = Words.getLongVolatile(bytes, own);
            long next = isMine(value) ? value + 1 : mine | 1;
            if (next == (mine | 1) && self.isLeaving()) {
                return false;
            }
            if (count(next) < 0) {
                throw memory.damaged("the readers of slot " + self.slot() + " are " + count(value));
            }
            if (Words.compareAndSet(bytes, own, value, next)) {
                return true;
            }
        }
    }

    /** What {@link #leave} comes to. */
    enum Left {
        /** Others of this process are in. */
        OTHERS,
        /** It was the last one. */
        LAST,
        /** It was not counted; nothing was changed. */
        NOT_COUNTED
    }

    /** Counts one reader less. */
    Left leave() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            long value = Words.getLongVolatile(bytes, own);
            if (!isMine(value)) {
                return Left.NOT_COUNTED;
            }
            long next = count(value) == 1 ? 0 : value - 1;
            if (Words.compareAndSet(bytes, own, value, next)) {
                return next == 0 ? Left.LAST : Left.OTHERS;
            }
        }
    }

    /** Whether this process has readers. */
    boolean hasOwn() {
        return isMine(Words.getLongVolatile(bytes, own));
    }

    /** Whether nobody reads, in whichever process. */
    boolean none() {
        int slots = Math.min(Words.getVolatile(bytes, used), memory.slots());
        for (int slot = 0; slot < slots; slot++) {
            long value = Words.getLongVolatile(bytes, first + slot * ReadWriteLockLayout.READERS_BYTES);
            if (value != 0 && count(memory, slot, value) > 0) {
                return false;
            }
        }
        return true;
    }

    // ---- for the repair, and for those who look only

    /** How many readers the participant of the slot has. */
    static int count(SegmentMemory memory, Directory.Entry entry, int slot) {
        requireRoom(memory, entry);
        return count(memory, slot, Words.getLongVolatile(memory.bytes(), word(entry, slot)));
    }

    private static int count(SegmentMemory memory, int slot, long value) {
        int at = memory.slot(slot);
        boolean stray = Words.getAcquire(memory.bytes(), at + SegmentLayout.SLOT_STATE) != SegmentLayout.ACTIVE
                || Words.getAcquire(memory.bytes(), at + SegmentLayout.SLOT_GENERATION)
                        != value >>> ReadWriteLockLayout.GENERATION_SHIFT;
        return stray ? 0 : Math.max(0, count(value));
    }

    /** Those of a participant that is dead or leaves read no longer. */
    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        requireRoom(memory, entry);
        Words.setLongVolatile(memory.bytes(), word(entry, slot), 0);
    }
}
