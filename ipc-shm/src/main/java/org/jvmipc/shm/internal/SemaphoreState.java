package org.jvmipc.shm.internal;

/** What both kinds of semaphore have in common: how they are made, told apart, and repaired. */
public final class SemaphoreState {
    private SemaphoreState() {}

    /**
     * A semaphore to be made.
     *
     * @param permits of a robust one 1 to 4096, of a plain one 0 or more
     */
    public static SegmentObjects.Content content(int permits, boolean robust) {
        int most = robust ? SemaphoreLayout.MAX_ROBUST_PERMITS : SemaphoreLayout.MAX_VALUE;
        if (permits < (robust ? 1 : 0) || permits > most) {
            throw new IllegalArgumentException("permits is " + permits + "; a " + (robust ? "robust" : "plain")
                    + " semaphore has " + (robust ? 1 : 0) + " to " + most);
        }
        int bytes = robust ? SemaphoreLayout.OWNERS + permits * Integer.BYTES : SemaphoreLayout.BYTES;
        return new SegmentObjects.Content(bytes, (memory, offset) -> {
            Words.set(memory, offset + SemaphoreLayout.MODE, robust ? SemaphoreLayout.ROBUST : SemaphoreLayout.PLAIN);
            Words.set(memory, offset + SemaphoreLayout.PERMITS, permits);
            if (!robust) {
                Words.set(memory, offset + SemaphoreLayout.VALUE, permits);
            }
        });
    }

    /** The one that lies there. */
    public static Semaphore of(SegmentHandle segment, Directory.Entry entry) {
        Membership self = segment.membership();
        return isRobust(self.memory(), entry)
                ? new RobustSemaphore(self, entry)
                : new PlainSemaphore(self, entry.offset());
    }

    /** How many there are in all: what the header says, as far as it is possible. */
    static int permits(SegmentMemory memory, Directory.Entry entry) {
        int permits = Words.get(memory.bytes(), entry.offset() + SemaphoreLayout.PERMITS);
        if (permits < 1 || permits > (entry.size() - SemaphoreLayout.OWNERS) / Integer.BYTES) {
            throw memory.damaged(entry.name() + " says that it has " + permits + " permits");
        }
        return permits;
    }

    static int word(Directory.Entry entry, int permit) {
        return entry.offset() + SemaphoreLayout.OWNERS + permit * Integer.BYTES;
    }

    static boolean isRobust(SegmentMemory memory, Directory.Entry entry) {
        int mode = Words.get(memory.bytes(), entry.offset() + SemaphoreLayout.MODE);
        if (mode != SemaphoreLayout.PLAIN && mode != SemaphoreLayout.ROBUST) {
            throw memory.damaged(entry.name() + " is a semaphore of mode " + mode);
        }
        return mode == SemaphoreLayout.ROBUST;
    }

    /** Takes from a participant what it holds: of a robust one its permits and the inner word; of a plain one nobody holds any. */
    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        if (!isRobust(memory, entry)) {
            return;
        }
        for (int i = permits(memory, entry) - 1; i >= 0; i--) {
            OwnedWord.free(memory.bytes(), word(entry, i), slot);
        }
        OwnedWord.free(memory.bytes(), entry.offset() + SemaphoreLayout.INNER, slot);
    }

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        if (isRobust(memory, entry)) {
            OwnedWord.wakeAll(memory, entry.offset() + SemaphoreLayout.INNER);
            // The sequence changes, so that who was about to sleep on it looks again.
            int at = entry.offset() + SemaphoreLayout.SEQUENCE;
            Words.getAndAdd(memory.bytes(), at, 1);
            OwnedWord.wakeAll(memory, at);
        } else {
            OwnedWord.wakeAll(memory, entry.offset() + SemaphoreLayout.VALUE);
        }
    }
}
