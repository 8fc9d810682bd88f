package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * A mutex as this JVM sees it: one per segment and offset, shared by all handles, so that it knows which of its threads holds it.
 * Between processes the owner is a slot.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class MutexState {
    /** A free mutex. */
    public static final SegmentObjects.Content CONTENT =
            new SegmentObjects.Content(MutexLayout.BYTES, (bytes, offset) -> {});

    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int mine;
    private final Runnable beforeItIsGivenBack;

    /** Of those who wait whatever happens: no handle's close gets them out, and how long they look first is learned for all of them. */
    private final Blocked uninterruptible = new Blocked();

    private volatile @Nullable Thread owner;

    /** Of the owner; the mutex orders it. */
    private @Nullable SignalsAtGiving signals;

    MutexState(Membership self, int offset) {
        this(self, offset, () -> {});
    }

    /** One that is a part of something else, of which more is to be given back when the holder's thread has ended. */
    MutexState(Membership self, int offset, Runnable beforeItIsGivenBack) {
        this.beforeItIsGivenBack = beforeItIsGivenBack;
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = offset;
        this.mine = self.ownerValue();
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByThisThread() {
        return owner == Thread.currentThread();
    }

    /**
     * Takes it if it is free.
     *
     * @return false if somebody has it, or this process is about to leave the segment
     */
    public boolean tryTake() {
        return OwnedWord.tryTake(bytes, offset, mine) && isTaken();
    }

    /**
     * Takes it, and waits for it.
     *
     * @return whether it was taken before the deadline and before the handle was closed
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean take(Blocked handle, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tryTake()) {
            return true;
        }
        if (deadline.isNow()) {
            return false;
        }
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset, LockClaim.Mode.EXCLUSIVE)) {
            noteHolder();
            return OwnedWord.take(self, offset, wait, deadline) == FutexWait.WOKEN && isTaken();
        } finally {
            self.end();
        }
    }

    /**
     * Takes it, and waits for it, whether interrupted or not: that is kept.
     *
     * @return false if this process is about to leave the segment
     */
    public boolean takeUninterruptibly() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return take(uninterruptible, Deadline.NEVER);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isTaken() {
        // The word is taken first, then it is looked whether this process leaves; who leaves says so first, and then
        // looks at the words. All are volatile: one of the two sees the other.
        if (self.isLeaving()) {
            OwnedWord.give(memory, offset, mine);
            self.leaveIfUnused();
            return false;
        }
        owner = Thread.currentThread();
        return true;
    }

    /** The number of this hold, larger than that of every hold before. For who has just taken it. */
    public long nextFence() {
        long fence = Words.getLong(bytes, offset + MutexLayout.FENCE) + 1;
        Words.setLong(bytes, offset + MutexLayout.FENCE, fence); // only the holder writes it
        return fence;
    }

    /** Whether the holder before died; told once. For who has just taken it. */
    public boolean takeDeath() {
        if (Words.get(bytes, offset + MutexLayout.OWNER_DIED) == 0) {
            return false;
        }
        Words.set(bytes, offset + MutexLayout.OWNER_DIED, 0);
        return true;
    }

    /**
     * Gives it back.
     *
     * @return false if the calling thread does not hold it; nothing was changed
     */
    public boolean give() {
        if (owner != Thread.currentThread()) {
            return false;
        }
        SignalsAtGiving late = takeSignals();
        owner = null; // before the word: whoever has the word sets it
        try {
            if (!OwnedWord.give(memory, offset, mine)) {
                self.settle();
                throw memory.damaged(
                        "the word of the mutex at " + offset + " was changed by somebody while it was held");
            }
        } finally {
            wakeAndLeave(late);
        }
        return true;
    }

    /** What is to be woken when it is given. For who holds it. */
    SignalsAtGiving signalsAtGiving() {
        SignalsAtGiving kept = signals;
        if (kept == null) {
            kept = new SignalsAtGiving();
            signals = kept;
        }
        return kept;
    }

    private @Nullable SignalsAtGiving takeSignals() {
        SignalsAtGiving taken = signals;
        if (taken != null) {
            signals = null;
        }
        return taken;
    }

    /** After it was given. */
    private void wakeAndLeave(@Nullable SignalsAtGiving late) {
        try {
            if (late != null) {
                late.wake();
            }
        } finally {
            if (self.isLeaving()) {
                self.leaveIfUnused();
            }
        }
    }

    /** Tells which thread of this process holds it, if one does. */
    void holds(ThreadWaits.Holds visitor) {
        Thread holder = owner;
        if (holder != null) {
            visitor.add(holder, self.claim(offset, LockClaim.Mode.EXCLUSIVE));
        }
    }

    /** Whether a thread of this process holds it. */
    boolean isHeldHere() {
        return owner != null || (Words.getVolatile(bytes, offset) & ~OwnedWord.WAITERS) == mine;
    }

    /** Twice a second: gives back what a thread holds that has ended, and notes when a hold was first seen. */
    void tick() {
        Thread holder = owner;
        if (holder != null) {
            tick(holder);
        }
    }

    /** The same for the thread that was seen to hold it, a moment ago. */
    void tick(Thread holder) {
        if (holder.isAlive()) {
            noteHolder();
            return;
        }
        if (owner != holder) {
            return; // it gave the mutex back before it ended, and another may have it by now
        }
        Words.set(bytes, offset + MutexLayout.OWNER_DIED, 1);
        SignalsAtGiving late = takeSignals();
        owner = null; // from here on nobody but this thread could change it: the holder has ended
        beforeItIsGivenBack.run();
        OwnedWord.give(memory, offset, mine);
        wakeAndLeave(late);
    }

    /** Notes when this hold was first seen: a clock is read by who waits, and not by who takes a free mutex. */
    private void noteHolder() {
        long fence = Words.getLongVolatile(bytes, offset + MutexLayout.FENCE);
        if (Words.getLongVolatile(bytes, offset + MutexLayout.SEEN_FENCE) != fence) {
            Words.setLong(bytes, offset + MutexLayout.SEEN_MILLIS, System.currentTimeMillis());
            Words.setLongRelease(bytes, offset + MutexLayout.SEEN_FENCE, fence);
        }
    }

    /** Where it lies in the segment. */
    public int offset() {
        return offset;
    }

    // ---- for the repair, and for those who look only

    /** Takes the mutex from a participant that is dead or leaves, and says so to the next holder. */
    static void free(ByteBuffer bytes, int offset, int slot) {
        if (OwnedWord.isHeldBy(bytes, offset + MutexLayout.WORD, slot)) {
            // First the news, then the word: killed in between, the next repair tells it once more and nobody misses
            // it.
            Words.setRelease(bytes, offset + MutexLayout.OWNER_DIED, 1);
            OwnedWord.free(bytes, offset + MutexLayout.WORD, slot);
        }
    }
}
