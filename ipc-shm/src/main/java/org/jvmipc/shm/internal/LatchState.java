package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The protocol of a latch. The count is the futex. Who finds it above 0 sets the bit and sleeps; who takes it to 0 clears the bit with
 * it, and if it was set wakes all. It is 0 for ever then, so nobody has a wake-up to pass on, and one that is killed takes none with
 * him. {@code docs/protocols/latch.pml} is the model of it.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class LatchState implements Pollee {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int word;

    /** The one that lies there. */
    public LatchState(SegmentHandle segment, Directory.Entry entry) {
        this.self = segment.membership();
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset();
        this.word = offset + LatchLayout.WORD;
    }

    /**
     * One to be made.
     *
     * @param count 0 to 2,147,483,647
     */
    public static SegmentObjects.Content content(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count is " + count + "; a latch has 0 to " + LatchLayout.COUNT);
        }
        return new SegmentObjects.Content(LatchLayout.BYTES, (memory, offset) -> {
            Words.set(memory, offset + LatchLayout.WORD, count);
            Words.set(memory, offset + LatchLayout.FIRST, count);
        });
    }

    /** What is still to be counted. */
    public int count() {
        return Words.getVolatile(bytes, word) & LatchLayout.COUNT;
    }

    /** Counts down, not below 0. */
    public void countDown(int steps) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            int left = Math.max(0, (value & LatchLayout.COUNT) - steps);
            if (left == 0 && value < 0) {
                open();
                return;
            }
            int next = left | (value & LatchLayout.WAITERS);
            if (value == next || Words.compareAndSet(bytes, word, value, next)) {
                return;
            }
        }
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void open() {
        boolean stays = self.begin(); // else it is just leaving; those who sleep are to be woken all the same
        try {
            Words.getAndSet(bytes, word, 0);
            memory.wake(word, FutexCalls.ALL);
            self.settle();
        } finally {
            if (stays) {
                self.end();
            }
        }
    }

    /**
     * Waits until all was counted.
     *
     * @return false if the deadline passed first, or the handle was closed
     */
    public boolean await(Blocked handle, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (count() == 0 || (!deadline.isNow() && handle.spin().until(bytes, word, 0))) {
            return true;
        }
        if (deadline.isNow() || !self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset)) {
            return sleep(wait, deadline);
        } finally {
            self.end();
        }
    }

    private boolean sleep(Wait wait, Deadline deadline) throws InterruptedException {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if ((value & LatchLayout.COUNT) == 0) {
                return true;
            }
            int signed = value | LatchLayout.WAITERS;
            if (value != signed && !Words.compareAndSet(bytes, word, value, signed)) {
                continue;
            }
            if (wait.await(word, signed, deadline) != FutexWait.WOKEN) {
                return count() == 0;
            }
        }
    }

    // ---- for who is polled

    @Override
    public int sign() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            int signed = value | LatchLayout.WAITERS;
            if ((value & LatchLayout.COUNT) == 0) {
                return value;
            }
            if (value == signed || Words.compareAndSet(bytes, word, value, signed)) {
                return signed;
            }
        }
    }

    @Override
    public void awaitSign(Blocked handle, int signed) throws InterruptedException {
        if ((signed & LatchLayout.COUNT) != 0) {
            PolleeSleep.await(self, handle, offset, word, signed, () -> {}); // all are woken
        }
    }

    // ---- for the repair, and for those who look only

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        memory.wake(entry.offset() + LatchLayout.WORD, FutexCalls.ALL);
    }
}
