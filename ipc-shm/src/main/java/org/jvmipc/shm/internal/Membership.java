package org.jvmipc.shm.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * This process as a participant of one segment: its slot, the description whose lock is its beacon, and what it knows of the
 * others. One per JVM and segment, shared by all handles; it leaves with the last of them.
 *
 * <p>It leaves only when no thread holds a lock in the segment and none is in a call that owns words: a close in between
 * makes it leave later. To leave is to be repaired by oneself: everything that is owned comes back, then the slot is free,
 * then the beacon goes out.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class Membership {
    /** A killed process is gone some 25 ms later, one with a large heap some 250. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final SegmentMemory memory;
    private final Fd file;
    private final FileStatus status;
    private final int slot;
    private final int ownerValue;
    private final WaitTable waits;
    private final Others others;
    private final Map<Integer, MutexState> mutexes = new ConcurrentHashMap<>();
    private final Map<Integer, ReadWriteLockState> readWriteLocks = new ConcurrentHashMap<>();
    private final Map<Integer, BarrierMember> barriers = new ConcurrentHashMap<>();
    /** Who sleeps in it; closed when nobody can be woken in it any more. */
    private final Blocked sleepers = new Blocked();
    /** Calls under way that own words or wait for them. */
    private final AtomicInteger busy = new AtomicInteger();
    /** Handles; guarded by this. */
    private int handles = 1;

    private volatile boolean leaving;
    private volatile boolean left;

    private Membership(SegmentMemory memory, Fd file, FileStatus status, int slot, int generation) {
        this.memory = memory;
        this.file = file;
        this.status = status;
        this.slot = slot;
        this.ownerValue = OwnedWord.value(slot, generation);
        this.waits = new WaitTable(memory.bytes(), memory.slot(slot));
        this.others = new Others(memory, file, slot);
    }

    /**
     * Joins: wins the beacon of a slot, then writes the slot. On the way all who are proven dead are repaired.
     *
     * @param file read and write, whose description is the participant's from here on; closed if this fails
     * @throws LimitException if all slots are taken
     */
    static Membership join(SegmentMemory memory, Fd file) throws IOException {
        boolean joined = false;
        try {
            ProcessIdentity self = ProcessIdentity.self();
            FileStatus status = OsCalls.status(file.number());
            int slot = claimWithPatience(memory, file, self);
            int generation = Words.get(memory.bytes(), memory.slot(slot) + SegmentLayout.SLOT_GENERATION);
            Membership membership = new Membership(memory, file, status, slot, generation);
            SegmentWatch.add(membership);
            joined = true;
            return membership;
        } catch (InternalError e) {
            throw new CorruptDataException(memory.name() + ": its file was cut off while it was opened", e);
        } catch (DamagedSegmentException e) {
            throw new CorruptDataException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!joined) {
                file.close();
            }
        }
    }

    /** All slots may be taken for a moment only: by one who was just killed, whose files the kernel has not closed yet. */
    private static int claimWithPatience(SegmentMemory memory, Fd file, ProcessIdentity self) throws IOException {
        Deadline deadline = Deadline.after(PATIENCE);
        Backoff backoff = new Backoff();
        boolean interrupted = false;
        try {
            while (true) {
                int slot = claim(memory, file, self);
                if (slot >= 0) {
                    return slot;
                }
                if (deadline.passed()) {
                    throw new LimitException(
                            memory.name() + ": no place for another process",
                            "participants",
                            memory.slots(),
                            "close it in another process, or create it for more participants");
                }
                try {
                    backoff.sleep(deadline);
                } catch (InterruptedException e) {
                    interrupted = true; // kept for the next call that looks
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int claim(SegmentMemory memory, Fd file, ProcessIdentity self) throws IOException {
        boolean rebooted = !memory.isOfBoot(self.bootId());
        int claimed = -1;
        for (int slot = 0; slot < memory.slots(); slot++) {
            int state = Words.getAcquire(memory.bytes(), memory.slot(slot) + SegmentLayout.SLOT_STATE);
            if ((state == SegmentLayout.FREE && claimed >= 0) || !Beacons.tryWin(file, slot)) {
                continue;
            }
            // The beacon is ours: what is in a slot that is not free was left by the dead.
            if (Words.getAcquire(memory.bytes(), memory.slot(slot) + SegmentLayout.SLOT_STATE) != SegmentLayout.FREE) {
                Repair.run(memory, slot);
            }
            if (claimed < 0) {
                claimed = slot;
            } else {
                Beacons.giveBack(file, slot);
            }
        }
        if (claimed < 0) {
            return claimed;
        }
        if (rebooted) {
            memory.setBoot(self.bootId()); // all who had joined before the machine was started are repaired now
        }
        write(memory, claimed, self);
        return claimed;
    }

    private static void write(SegmentMemory memory, int slot, ProcessIdentity self) {
        int at = memory.slot(slot);
        int generation = Words.get(memory.bytes(), at + SegmentLayout.SLOT_GENERATION);
        int next = generation < 0 || generation >= SegmentLayout.MAX_GENERATION ? 1 : generation + 1;
        WaitTable.clear(memory.bytes(), at);
        Words.set(memory.bytes(), at + SegmentLayout.SLOT_GENERATION, next);
        Words.set(memory.bytes(), at + SegmentLayout.SLOT_PID, (int) self.pid());
        Words.setLong(memory.bytes(), at + SegmentLayout.SLOT_START_TIME, self.startTime());
        Words.setLong(memory.bytes(), at + SegmentLayout.SLOT_NAMESPACE, self.pidNamespace());
        Words.setLong(memory.bytes(), at + SegmentLayout.SLOT_JOINED, System.currentTimeMillis());
        // Release: who sees the slot taken sees by whom.
        Words.setRelease(memory.bytes(), at + SegmentLayout.SLOT_STATE, SegmentLayout.ACTIVE);
        changed(memory);
    }

    /** Tells the watch of every participant that there is something to look at. */
    static void changed(SegmentMemory memory) {
        Words.getAndAdd(memory.bytes(), SegmentLayout.MEMBERSHIP_AT, 1);
        memory.wake(SegmentLayout.MEMBERSHIP_AT, FutexCalls.ALL);
    }

    // ---- what the protocols ask

    /** The segment. */
    public SegmentMemory memory() {
        return memory;
    }

    /** The value of an owned word that this process holds. */
    public int ownerValue() {
        return ownerValue;
    }

    int slot() {
        return slot;
    }

    WaitTable waits() {
        return waits;
    }

    /** How every process names the lock at the offset. */
    LockClaim claim(int offset, LockClaim.Mode mode) {
        return new LockClaim(LockClaim.Kind.SEGMENT, mode, status.device(), status.inode(), offset, 0);
    }

    Blocked sleepers() {
        return sleepers;
    }

    /**
     * To be called where a step ends that touched the memory, before one that has to be done: what Java 17 {@linkplain LateErrors tells
     * late} comes here then, and not in that. Only where the memory is known to be lost, as it costs more than an uncontended lock.
     */
    public void settle() {
        if (sleepers.isClosed()) {
            LateErrors.come();
        }
    }

    /** A word that anybody may have written names a slot. */
    public void requireSlot(int named) {
        if (named >= memory.slots()) {
            throw memory.damaged("a word is held by slot " + named + " of " + memory.slots());
        }
    }

    /**
     * Whether a word is held by a participant that has left or was repaired: its slot is free, or is of another generation.
     * A word is taken only while its taker's slot says so, therefore nobody holds it.
     */
    public boolean isStray(int value) {
        int at = memory.slot(OwnedWord.slot(value));
        return Words.getAcquire(memory.bytes(), at + SegmentLayout.SLOT_STATE) != SegmentLayout.ACTIVE
                || Words.getAcquire(memory.bytes(), at + SegmentLayout.SLOT_GENERATION) != OwnedWord.generation(value);
    }

    /** This process's view of the mutex at the offset. */
    public MutexState mutex(int offset) {
        return mutexes.computeIfAbsent(offset, at -> new MutexState(this, at));
    }

    /** This process's view of the read-write lock of the entry. */
    ReadWriteLockState readWriteLock(Directory.Entry entry) {
        return readWriteLocks.computeIfAbsent(entry.offset(), at -> new ReadWriteLockState(this, entry));
    }

    /** This process at the barrier where its word is this one. */
    BarrierMember barrierMember(int word) {
        return barriers.computeIfAbsent(word, at -> new BarrierMember(this, at));
    }

    // ---- leaving

    /** Whether no call may take a word any more. */
    boolean isLeaving() {
        return leaving;
    }

    /** Another handle; false if it is too late. */
    synchronized boolean retain() {
        if (left) {
            return false;
        }
        leaving = false;
        handles++;
        return true;
    }

    /** A handle was closed. */
    public void release() {
        synchronized (this) {
            if (--handles > 0) {
                return;
            }
            leaving = true;
        }
        leaveIfUnused();
    }

    /** Begins a call that owns words, or waits for them; false if this process is about to leave. To be followed by {@link #end}. */
    public boolean begin() {
        busy.incrementAndGet();
        if (leaving) {
            end();
            return false;
        }
        return true;
    }

    /** Ends what {@link #begin} has begun. */
    public void end() {
        if (busy.decrementAndGet() == 0 && leaving) {
            leaveIfUnused();
        }
    }

    /** Leaves if the last handle is closed and nothing is held any more. */
    void leaveIfUnused() {
        synchronized (this) {
            if (!leaving || left || busy.get() > 0 || isAnyLockHeld()) {
                return;
            }
            left = true;
        }
        SegmentWatch.remove(this);
        others.close();
        synchronized (this) {
            try {
                giveAllBack();
            } finally {
                file.close();
            }
        }
        // Last, as it may have to wait for a thread that joins, which in a full table waits for this slot.
        Memberships.forget(this);
    }

    private void giveAllBack() {
        try {
            Repair.ofOneThatLeaves(memory, slot);
            changed(memory);
            LateErrors.come();
            Beacons.giveBack(file, slot);
        } catch (InternalError | IOException | RuntimeException e) {
            // The memory is gone or damaged: the beacon goes out, and who comes next repairs what there is.
        }
    }

    private boolean isAnyLockHeld() {
        try {
            boolean held = mutexes.values().stream().anyMatch(MutexState::isHeldHere)
                    || readWriteLocks.values().stream().anyMatch(ReadWriteLockState::isHeldHere);
            LateErrors.come();
            return held;
        } catch (InternalError e) {
            return false; // the memory is gone
        }
    }

    // ---- the watch's part

    Others others() {
        return others;
    }

    /** Looks after the locks that threads of this process hold. */
    void tick() {
        mutexes.values().forEach(MutexState::tick);
        readWriteLocks.values().forEach(ReadWriteLockState::tick);
    }

    /** Tells which threads of this process hold locks here. */
    void holds(ThreadWaits.Holds visitor) {
        mutexes.values().forEach(each -> each.holds(visitor));
        readWriteLocks.values().forEach(each -> each.holds(visitor));
    }

    /** Those who are seen to take part, this process included. */
    public synchronized List<Participant> participants() throws IpcException {
        return left ? List.of() : Participant.all(memory, file, slot);
    }
}
