package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The readers' half of a {@link ReadWriteLockState}, with which threads of this JVM read, and how often each, nested in itself.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class ReadLockState {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int departures;
    private final ReadersGate gate;
    private final ReaderWords readers;
    private final Set<ReadsOfThread> reads = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<ReadsOfThread> readsHere = ThreadLocal.withInitial(this::newReads);

    /** Its thread writes it; another one looks only when that has ended. */
    private static final class ReadsOfThread {
        private final Thread thread = Thread.currentThread();
        private int count;
    }

    ReadLockState(Membership self, int offset, ReadersGate gate, ReaderWords readers) {
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = offset;
        this.departures = offset + ReadWriteLockLayout.DEPARTURES;
        this.gate = gate;
        this.readers = readers;
    }

    private ReadsOfThread newReads() {
        ReadsOfThread made = new ReadsOfThread();
        reads.add(made);
        return made;
    }

    /** Whether the calling thread reads. */
    public boolean isHeldByThisThread() {
        return readsHere.get().count > 0;
    }

    /**
     * Reads if no writer is there.
     *
     * @return false if one is, or this process is about to leave the segment
     */
    public boolean tryTake() {
        ReadsOfThread here = readsHere.get();
        boolean nested = here.count > 0; // not kept out, as a writer waits for it anyway
        if (!nested && gate.isShut()) {
            return false;
        }
        if (!readers.enter()) {
            return false;
        }
        // Volatile, as the counting was: a writer who has not seen it is seen here, and so is who leaves the segment.
        if ((!nested && gate.isShut()) || self.isLeaving()) {
            depart();
            return false;
        }
        here.count++;
        return true;
    }

    /**
     * Reads, and waits until no writer is there.
     *
     * @return whether it reads before the deadline and before the handle was closed
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
        if (gate.spin(handle.spin()) && tryTake()) {
            return true;
        }
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset, LockClaim.Mode.SHARED)) {
            for (int rounds = 0; !handle.isClosed(); rounds = Spin.again(rounds)) {
                if (tryTake()) {
                    return true;
                }
                if (gate.await(wait, deadline) != FutexWait.WOKEN) {
                    return false; // all who sleep are woken together: there is nothing to pass on
                }
            }
            return false;
        } finally {
            self.end();
        }
    }

    /** Whether the last writer died; for who reads. It is told until the next one has written. */
    public boolean hasWriterDied() {
        return Words.get(bytes, offset + ReadWriteLockLayout.WRITER_DIED) != 0;
    }

    /**
     * Reads no longer.
     *
     * @return false if the calling thread does not read; nothing was changed
     */
    public boolean give() {
        ReadsOfThread here = readsHere.get();
        if (here.count == 0) {
            return false;
        }
        here.count--;
        if (!depart()) {
            throw memory.damaged("the readers of this process at " + offset + " were changed by somebody");
        }
        return true;
    }

    private boolean depart() {
        ReaderWords.Left left = readers.leave();
        // Volatile, as the counting was: a writer who still saw it has set the bit before.
        if (left == ReaderWords.Left.LAST && Words.getVolatile(bytes, departures) < 0) {
            wakeWriter();
        }
        if (self.isLeaving()) {
            self.leaveIfUnused();
        }
        return left != ReaderWords.Left.NOT_COUNTED;
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void wakeWriter() {
        boolean stays = self.begin(); // else it is just leaving; who sleeps is to be woken all the same
        try {
            EventCountState.advance(memory, departures);
        } finally {
            if (stays) {
                self.end();
            }
        }
    }

    /**
     * Tells which threads of this process read. Their counts are theirs, so of one that does not wait it may be what was a moment ago; one
     * that waits has changed nothing since it began to, and it was asked for before this.
     */
    void holds(ThreadWaits.Holds visitor) {
        for (ReadsOfThread each : reads) {
            if (each.count > 0) {
                visitor.add(each.thread, self.claim(offset, LockClaim.Mode.SHARED));
            }
        }
    }

    /** Twice a second: counts back what threads read that have ended. */
    void tick() {
        reads.removeIf(this::hasEnded);
    }

    private boolean hasEnded(ReadsOfThread each) {
        if (each.thread.isAlive()) {
            return false;
        }
        for (; each.count > 0; each.count--) {
            depart();
        }
        return true;
    }
}
