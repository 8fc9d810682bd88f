package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The gate of a read-write lock: 0, or the participant that has shut it to readers, who alone opens it; with a bit that readers wait. All
 * of them are woken when it opens, so nobody has a wake-up to pass on.
 *
 * <p><b>Thread safety.</b> Yes; it is shut and opened by who holds the writers' word.
 */
final class ReadersGate {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int gate;
    private final int mine;

    ReadersGate(Membership self, int gate) {
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.gate = gate;
        this.mine = self.ownerValue();
    }

    /** Whether readers have to wait. */
    boolean isShut() {
        return OwnedWord.slot(Words.getVolatile(bytes, gate)) >= 0;
    }

    /** Looks for a moment whether it opens. */
    boolean spin(Spin spin) {
        return spin.until(bytes, gate, 0);
    }

    /** Sleeps until it may be open; what ended it, as {@link FutexWait#await}. */
    int await(Wait wait, Deadline deadline) throws InterruptedException {
        int value = Words.getVolatile(bytes, gate);
        if (OwnedWord.slot(value) < 0) {
            return FutexWait.WOKEN;
        }
        self.requireSlot(OwnedWord.slot(value));
        if (self.isStray(value)) {
            if (Words.compareAndSet(bytes, gate, value, 0)) {
                OwnedWord.wakeAll(memory, gate);
            }
            return FutexWait.WOKEN;
        }
        int signed = value | OwnedWord.WAITERS;
        if (value != signed && !Words.compareAndSet(bytes, gate, value, signed)) {
            return FutexWait.WOKEN;
        }
        return wait.await(gate, signed, deadline);
    }

    /** Shuts it, if this process has not. */
    void shut() {
        if (isMine(Words.getVolatile(bytes, gate))) {
            return; // and readers may sleep at it
        }
        int before = Words.getAndSet(bytes, gate, mine);
        if (before != 0 && !isMine(before)) {
            OwnedWord.wakeAll(memory, gate); // what was in it was nobody's
        }
    }

    private boolean isMine(int value) {
        return (value & ~OwnedWord.WAITERS) == mine;
    }

    /** Opens it, if it is shut, and wakes the readers. */
    void open() {
        if (Words.getVolatile(bytes, gate) != 0 && Words.getAndSet(bytes, gate, 0) != mine) {
            OwnedWord.wakeAll(memory, gate);
        }
    }
}
