package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The protocol of an event count. Who finds the count as he has seen it sets the bit and sleeps on the word; who counts up
 * clears the bit, and if it was set wakes all, who look again. So no sleeper has a wake-up to pass on, and one that is killed
 * takes none with him. {@code docs/protocols/event-count.pml} is the model of it.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class EventCountState {
    /** A new one, at 0. */
    public static final SegmentObjects.Content CONTENT =
            new SegmentObjects.Content(EventCountLayout.BYTES, (bytes, offset) -> {});

    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;

    /** The one that lies there. */
    public EventCountState(SegmentHandle segment, Directory.Entry entry) {
        this.self = segment.membership();
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset() + EventCountLayout.WORD;
    }

    /** The count now. */
    public int read() {
        return Words.getVolatile(bytes, offset) & EventCountLayout.COUNT;
    }

    /** Counts up and wakes all who wait. */
    public void advance() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if ((value & EventCountLayout.WAITERS) != 0) {
                advanceAndWake();
                return;
            }
            if (Words.compareAndSet(bytes, offset, value, (value + 1) & EventCountLayout.COUNT)) {
                return;
            }
        }
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void advanceAndWake() {
        boolean stays = self.begin(); // else it is just leaving; those who sleep are to be woken all the same
        try {
            advance(memory, offset);
            self.settle();
        } finally {
            if (stays) {
                self.end();
            }
        }
    }

    /**
     * Waits until the count is another than was seen.
     *
     * @return false if the deadline passed first, or the handle was closed
     */
    public boolean await(Blocked handle, int seen, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (read() != seen
                || (!deadline.isNow() && handle.spin().untilNot(bytes, offset, EventCountLayout.COUNT, seen))) {
            return true;
        }
        if (deadline.isNow() || !self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset)) {
            return sleep(wait, seen, deadline);
        } finally {
            self.end();
        }
    }

    private boolean sleep(Wait wait, int seen, Deadline deadline) throws InterruptedException {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if ((value & EventCountLayout.COUNT) != seen) {
                return true;
            }
            int signed = value | EventCountLayout.WAITERS;
            if (value != signed && !Words.compareAndSet(bytes, offset, value, signed)) {
                continue;
            }
            if (wait.await(offset, signed, deadline) != FutexWait.WOKEN) {
                return read() != seen;
            }
        }
    }

    // ---- for the repair

    /**
     * Counts up and wakes all: whoever sleeps looks again, whatever a dead participant was about to do. The bit says nothing
     * here: the dead one may have cleared it, and not have come to the wake-up.
     */
    public static void advance(SegmentMemory memory, int word) {
        ByteBuffer bytes = memory.bytes();
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (Words.compareAndSet(bytes, word, value, (value + 1) & EventCountLayout.COUNT)) {
                memory.wake(word, FutexCalls.ALL);
                return;
            }
        }
    }
}
