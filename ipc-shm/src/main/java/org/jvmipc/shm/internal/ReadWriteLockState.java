package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * A read-write lock as this JVM sees it: one per segment and offset, shared by all handles, so that it knows which of its threads read and
 * which writes.
 *
 * <p>A reader counts itself, then looks at the gate; a writer shuts the gate, then looks whether readers are counted. All four are
 * volatile: one of the two sees the other. A reader who finds the gate shut counts itself back and sleeps on the gate, whose opening
 * wakes all. Writers come one after the other, by a mutex. The one who has it waits until no readers are left: he sets a bit in the
 * departures, looks once more, and sleeps on them; the last reader of a process looks at the bit when it has left. Where writers have the
 * preference the gate is shut as soon as one waits, else only when he has found no readers. {@code docs/protocols/rwlock.pml} is the
 * model of it.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class ReadWriteLockState {
    /** How often a call that may not wait looks at readers, who may be about to find the gate shut and to leave. */
    private static final int LOOKS = 100;

    private final Membership self;
    private final ByteBuffer bytes;
    private final int offset;
    private final int departures;
    private final boolean prefersWriters;
    private final ReadersGate gate;
    private final ReaderWords readers;
    private final ReadLockState reading;
    private final MutexState writer;

    ReadWriteLockState(Membership self, Directory.Entry entry) {
        this.self = self;
        this.bytes = self.memory().bytes();
        this.offset = entry.offset();
        this.departures = offset + ReadWriteLockLayout.DEPARTURES;
        this.prefersWriters = prefersWriters(self.memory(), entry);
        this.gate = new ReadersGate(self, offset + ReadWriteLockLayout.GATE);
        this.readers = new ReaderWords(self, entry);
        this.reading = new ReadLockState(self, offset, gate, readers);
        this.writer = new MutexState(self, offset, this::endWriting);
    }

    /** The one that lies there. */
    public static ReadWriteLockState of(SegmentHandle segment, Directory.Entry entry) {
        return segment.membership().readWriteLock(entry);
    }

    /** A free one, to be made. */
    public static SegmentObjects.Content content(boolean prefersWriters) {
        return new SegmentObjects.Content(
                ReadWriteLockLayout.READERS,
                ReadWriteLockLayout.READERS_BYTES,
                (memory, offset) -> Words.set(
                        memory,
                        offset + ReadWriteLockLayout.PREFERENCE,
                        prefersWriters ? ReadWriteLockLayout.OF_WRITERS : ReadWriteLockLayout.OF_READERS));
    }

    static boolean prefersWriters(SegmentMemory memory, Directory.Entry entry) {
        int preference = Words.get(memory.bytes(), entry.offset() + ReadWriteLockLayout.PREFERENCE);
        if (preference != ReadWriteLockLayout.OF_READERS && preference != ReadWriteLockLayout.OF_WRITERS) {
            throw memory.damaged(entry.name() + " is a read-write lock of preference " + preference);
        }
        return preference == ReadWriteLockLayout.OF_WRITERS;
    }

    /** Whether a writer who waits keeps readers from coming. */
    public boolean prefersWriters() {
        return prefersWriters;
    }

    /** The readers' half. */
    public ReadLockState reading() {
        return reading;
    }

    /** Who writes, the number of a write hold, and whether the one before died. */
    public MutexState writer() {
        return writer;
    }

    // ---- writing

    /**
     * Writes if nobody else is there.
     *
     * @return false if somebody is, or this process is about to leave the segment
     */
    public boolean tryWrite() {
        if (!writer.tryTake()) {
            return false;
        }
        boolean writes = false;
        try {
            for (int i = 0; !writes && i < LOOKS; i++) {
                writes = tryBegin();
            }
            return writes;
        } finally {
            if (!writes) {
                endWrite();
            }
        }
    }

    /**
     * Writes, and waits until nobody else is there.
     *
     * @return whether it writes before the deadline and before the handle was closed
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean write(Blocked handle, Deadline deadline) throws InterruptedException {
        if (!writer.take(handle, deadline)) {
            return false;
        }
        boolean writes = false;
        try {
            writes = tryBegin() || (!deadline.isNow() && awaitNoReaders(handle, deadline, this::tryBegin));
            return writes;
        } finally {
            if (!writes) {
                endWrite(); // readers may come again, and the next writer
            }
        }
    }

    private boolean awaitNoReaders(Blocked handle, Deadline deadline, BooleanSupplier attempt)
            throws InterruptedException {
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset, LockClaim.Mode.ALONE)) {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int value = Words.getVolatile(bytes, departures);
                int signed = value | ReadWriteLockLayout.WRITER_WAITS;
                if (value != signed && !Words.compareAndSet(bytes, departures, value, signed)) {
                    continue;
                }
                // After the bit: a reader who is still counted sees it when he leaves.
                if (attempt.getAsBoolean()) {
                    return true;
                }
                if (wait.await(departures, signed, deadline) != FutexWait.WOKEN) {
                    return false;
                }
            }
        } finally {
            self.end();
        }
    }

    /** With the writers' word held: writes, if no readers are left. */
    boolean tryBegin() {
        if (!tryShutOut()) {
            return false;
        }
        // Volatile: it is there before anything that the writer writes.
        Words.setVolatile(bytes, offset + ReadWriteLockLayout.WRITES, 1);
        return true;
    }

    /** With the writers' word held: shuts the gate, and leaves it so if no readers are left. Who dies then has not written. */
    boolean tryShutOut() {
        if (!prefersWriters && !readers.none()) {
            return false;
        }
        gate.shut();
        if (readers.none()) {
            return true;
        }
        if (!prefersWriters) {
            gate.open();
        }
        return false;
    }

    /** What comes before the writers' word is given back. */
    private void endWriting() {
        // Release: it is gone after all that the writer wrote. From here on his death is not told any more.
        Words.setRelease(bytes, offset + ReadWriteLockLayout.WRITES, 0);
        gate.open();
    }

    /**
     * Writes no longer.
     *
     * @return false if the calling thread does not write; nothing was changed
     */
    public boolean endWrite() {
        if (!writer.isHeldByThisThread()) {
            return false;
        }
        endWriting();
        return writer.give();
    }

    // ---- neither

    /** Whether nobody has it, as a look shows that changes nothing: it sees the readers of one process after those of the other. */
    public boolean isFree() {
        int word = Words.getVolatile(bytes, offset + ReadWriteLockLayout.WRITER);
        return OwnedWord.slot(word) < 0 && !gate.isShut() && readers.none();
    }

    /**
     * Waits as a writer does until nobody else is there, and does not write then: it is told to nobody if this process dies meanwhile.
     * That it is free already, or not, where the deadline allows of no wait, is seen by a look.
     *
     * @return whether nobody was there before the deadline and before the handle was closed
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean awaitFree(Blocked handle, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isFree()) {
            return true;
        }
        if (deadline.isNow() || !writer.take(handle, deadline)) {
            return false;
        }
        try {
            return tryShutOut() || awaitNoReaders(handle, deadline, this::tryShutOut);
        } finally {
            endWrite(); // readers may come again, and the next writer
        }
    }

    // ---- for the membership

    /** Whether a thread of this process reads or writes. */
    boolean isHeldHere() {
        return writer.isHeldHere() || readers.hasOwn();
    }

    /** Tells which threads of this process have the writers' word, or read. */
    void holds(ThreadWaits.Holds visitor) {
        writer.holds(visitor);
        reading.holds(visitor);
    }

    /** Twice a second: gives back what threads hold that have ended. */
    void tick() {
        writer.tick();
        reading.tick();
    }

    // ---- for the repair

    /** Takes from a participant that is dead or leaves what it holds, and says so if it wrote. */
    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        ByteBuffer bytes = memory.bytes();
        int at = entry.offset();
        ReaderWords.free(memory, entry, slot);
        // First the news, last the word: killed in between, the next repair finds the word and does it again.
        if (OwnedWord.isHeldBy(bytes, at + ReadWriteLockLayout.WRITER, slot)
                && Words.get(bytes, at + ReadWriteLockLayout.WRITES) != 0) {
            Words.setRelease(bytes, at + ReadWriteLockLayout.WRITER_DIED, 1);
            Words.setRelease(bytes, at + ReadWriteLockLayout.WRITES, 0);
        }
        OwnedWord.free(bytes, at + ReadWriteLockLayout.GATE, slot);
        OwnedWord.free(bytes, at + ReadWriteLockLayout.WRITER, slot);
    }

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        OwnedWord.wakeAll(memory, entry.offset() + ReadWriteLockLayout.WRITER);
        memory.wake(entry.offset() + ReadWriteLockLayout.GATE, FutexCalls.ALL);
        EventCountState.advance(memory, entry.offset() + ReadWriteLockLayout.DEPARTURES);
    }
}
