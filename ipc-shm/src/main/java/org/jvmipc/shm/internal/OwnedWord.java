package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * A word that at most one participant holds: taken by one compare-and-set from 0 to the participant's value, so that it is
 * at no instant held by somebody unknown; given back to 0. Who waits sets the highest bit and sleeps on the word.
 *
 * <p>The protocol is the second mutex of U. Drepper, "Futexes Are Tricky", with owners: who has slept takes the word with the bit set, as
 * others may still sleep. A sleeper that was woken and leaves without the word (time, interrupt, close) passes the
 * wake-up on; one that was killed cannot, so the repair of its slot wakes all. {@code docs/protocols/mutex.pml} is the
 * model of it.
 */
public final class OwnedWord {
    static final int WAITERS = 0x8000_0000;
    private static final int SLOT_MASK = 0xffff;
    private static final int GENERATION_SHIFT = 16;

    private OwnedWord() {}

    /** The value of a participant. */
    static int value(int slot, int generation) {
        return (generation & SegmentLayout.MAX_GENERATION) << GENERATION_SHIFT | (slot + 1);
    }

    /** The slot that a value names, -1 for nobody. */
    public static int slot(int value) {
        return (value & SLOT_MASK) - 1;
    }

    static int generation(int value) {
        return (value >>> GENERATION_SHIFT) & SegmentLayout.MAX_GENERATION;
    }

    private static boolean isOwnedBy(int value, int owner) {
        return (value & ~WAITERS) == owner;
    }

    /** Takes the word if it is free. */
    public static boolean tryTake(ByteBuffer memory, int offset, int owner) {
        return Words.compareAndSet(memory, offset, 0, owner);
    }

    /**
     * Takes the word, and waits for it.
     *
     * @return {@link FutexWait#WOKEN} if it was taken, or why it was not
     * @throws InterruptedException if interrupted; the word was not taken
     */
    static int take(Membership self, int offset, Wait wait, Deadline deadline) throws InterruptedException {
        SegmentMemory memory = self.memory();
        ByteBuffer bytes = memory.bytes();
        int mine = self.ownerValue();
        if (wait.spin().until(bytes, offset, 0) && tryTake(bytes, offset, mine)) {
            return FutexWait.WOKEN;
        }
        boolean slept = false;
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if (slot(value) < 0) {
                // Free. Others may sleep on it still, if this thread has; and a bit without an owner is nobody's.
                if (Words.compareAndSet(bytes, offset, value, slept || value != 0 ? mine | WAITERS : mine)) {
                    return FutexWait.WOKEN;
                }
                continue;
            }
            self.requireSlot(slot(value));
            if (self.isStray(value)) {
                if (Words.compareAndSet(bytes, offset, value, 0)) {
                    wakeAll(memory, offset);
                }
                continue;
            }
            if ((value & WAITERS) == 0 && !Words.compareAndSet(bytes, offset, value, value | WAITERS)) {
                continue;
            }
            int answer = sleep(memory, offset, value | WAITERS, wait, deadline);
            slept = true;
            if (answer != FutexWait.WOKEN) {
                passOn(memory, offset);
                return answer;
            }
        }
    }

    private static int sleep(SegmentMemory memory, int offset, int value, Wait wait, Deadline deadline)
            throws InterruptedException {
        try {
            return wait.await(offset, value, deadline);
        } catch (InterruptedException e) {
            passOn(memory, offset);
            throw e;
        }
    }

    /** This thread may have been woken and does not want the word any more: another sleeper is woken, now or when it is given. */
    private static void passOn(SegmentMemory memory, int offset) {
        ByteBuffer bytes = memory.bytes();
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if (slot(value) < 0) {
                memory.wake(offset, 1);
                return;
            }
            if ((value & WAITERS) != 0 || Words.compareAndSet(bytes, offset, value, value | WAITERS)) {
                return;
            }
        }
    }

    /**
     * Gives the word back, and wakes one sleeper if there may be one.
     *
     * @return false if it was not this owner's; nothing was changed
     */
    static boolean give(SegmentMemory memory, int offset, int owner) {
        ByteBuffer bytes = memory.bytes();
        if (Words.compareAndSet(bytes, offset, owner, 0)) {
            return true;
        }
        return giveContended(memory, offset, owner);
    }

    private static boolean giveContended(SegmentMemory memory, int offset, int owner) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(memory.bytes(), offset);
            if (!isOwnedBy(value, owner)) {
                return false;
            }
            if (Words.compareAndSet(memory.bytes(), offset, value, 0)) {
                if ((value & WAITERS) != 0) {
                    memory.wake(offset, 1);
                }
                return true;
            }
        }
    }

    /** Whether the participant of the slot holds it, of whichever generation: a slot has one process at a time. */
    static boolean isHeldBy(ByteBuffer bytes, int offset, int slot) {
        return slot(Words.getVolatile(bytes, offset)) == slot;
    }

    /** Takes the word from a participant that is proven dead, or leaves. Its sleepers are woken by {@link #wakeAll}. */
    static void free(ByteBuffer bytes, int offset, int slot) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if (slot(value) != slot || Words.compareAndSet(bytes, offset, value, 0)) {
                return;
            }
        }
    }

    static void wakeAll(SegmentMemory memory, int offset) {
        memory.wake(offset, FutexCalls.ALL);
    }
}
