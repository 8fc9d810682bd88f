package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The protocol of a condition. Who is going to wait signs, with the mutex held: he sets the bit and keeps the sequence as it is. Then he
 * gives the mutex, and sleeps while the sequence is that. A signal counts it up, so that whoever has signed and does not sleep yet will
 * not, and wakes one. If nobody sleeps it takes the bit away, counting up once more, and wakes all who have come in between: so signals
 * that nobody waits for cost one load. {@code docs/protocols/cond.pml} is the model of it.
 *
 * <p>The kernel may wake one who came to sleep after the signal. He had looked, with the mutex held, after what was signalled, so that has
 * its taker already; nobody else is woken for it, else a wake-up of no use would go round among them for ever. A waiter that is killed
 * may have taken a wake-up with it: the repair of its slot wakes all, who look at what they wait for.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class ConditionState {
    /** A new one. */
    public static final SegmentObjects.Content CONTENT =
            new SegmentObjects.Content(ConditionLayout.BYTES, (bytes, offset) -> {});

    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int sequence;

    /** The one that lies there. */
    public ConditionState(SegmentHandle segment, Directory.Entry entry) {
        this.self = segment.membership();
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset();
        this.sequence = offset + ConditionLayout.SEQUENCE;
    }

    private int read() {
        return Words.getVolatile(bytes, sequence) & ConditionLayout.COUNT;
    }

    // ---- waiting

    /**
     * Says that somebody is going to wait. For who holds the mutex.
     *
     * @return what {@link #await} is to be told
     */
    public int sign() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, sequence);
            int signed = value | ConditionLayout.WAITERS;
            if (value == signed || Words.compareAndSet(bytes, sequence, value, signed)) {
                return value & ConditionLayout.COUNT;
            }
        }
    }

    /**
     * Waits, for who has signed and given the mutex, until there is a signal; or without reason.
     *
     * @param seen what {@link #sign} has said
     * @return false if the deadline passed first, or the handle was closed
     * @throws InterruptedException if interrupted, and there was no signal
     */
    public boolean await(int seen, Blocked handle, Deadline deadline) throws InterruptedException {
        if (handle.spin().untilNot(bytes, sequence, ConditionLayout.COUNT, seen)) {
            return true;
        }
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset)) {
            return sleep(wait, seen, deadline);
        } finally {
            self.end();
        }
    }

    private boolean sleep(Wait wait, int seen, Deadline deadline) throws InterruptedException {
        int answer;
        try {
            // The bit is set as long as the sequence is what it was: who takes it away counts up.
            answer = wait.await(sequence, seen | ConditionLayout.WAITERS, deadline);
        } catch (InterruptedException e) {
            if (read() == seen) {
                throw e;
            }
            Thread.currentThread().interrupt(); // signalled as well, and that must not be lost
            return true;
        }
        return answer == FutexWait.WOKEN || read() != seen;
    }

    // ---- signals

    /** Wakes one of those who wait, if somebody does. */
    public void signal() {
        wake(false);
    }

    /** Wakes all who wait. */
    public void signalAll() {
        wake(true);
    }

    /** The same when the mutex is given, of which the calling thread is the holder. */
    public void signalAtGiving(MutexState mutex, boolean all) {
        if (!isWaitedFor()) {
            return;
        }
        SignalsAtGiving signals = mutex.signalsAtGiving();
        // Until the wake-up this process stays in the segment: if it dies before it the repair of its slot wakes all.
        boolean isFirst = !signals.has(this);
        if (isFirst && !self.begin()) {
            wake(all); // it is just leaving
            return;
        }
        boolean added = false;
        try {
            signals.add(this, advance(), all);
            added = true;
        } finally {
            if (isFirst && !added) {
                self.end();
            }
        }
    }

    /**
     * What {@link #signalAtGiving} has put off: the sequence was that after the last of so many signals. If the memory is lost nobody can be
     * woken, and who sleeps here is told so by the watch of it: it is not the mutex's, which was given.
     */
    void wakeOwed(int value, int count, boolean all) {
        try {
            if (all) {
                EventCountState.advance(memory, sequence);
            } else {
                wake(value, count);
            }
            LateErrors.come(); // here, and not where it would be taken for the mutex's
        } catch (InternalError e) {
            LateErrors.come(); // of several accesses
        } finally {
            self.end();
        }
    }

    private boolean isWaitedFor() {
        return (Words.getVolatile(bytes, sequence) & ConditionLayout.WAITERS) != 0;
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void wake(boolean all) {
        if (!isWaitedFor()) {
            return;
        }
        boolean stays = self.begin(); // else it is just leaving; who sleeps is to be woken all the same
        try {
            if (all) {
                EventCountState.advance(memory, sequence);
            } else {
                wake(advance(), 1);
            }
            self.settle();
        } finally {
            if (stays) {
                self.end();
            }
        }
    }

    /** Wakes so many, for whom the sequence has been counted up to the value. */
    private void wake(int value, int count) {
        if (memory.wake(sequence, count) >= count) {
            return;
        }
        // Nobody sleeps any more. Who comes to sleep before the bit is gone is woken after it, and looks.
        if (Words.compareAndSet(bytes, sequence, value, (value + 1) & ConditionLayout.COUNT)) {
            memory.wake(sequence, FutexCalls.ALL);
        }
    }

    private int advance() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, sequence);
            int next = ((value + 1) & ConditionLayout.COUNT) | ConditionLayout.WAITERS;
            if (Words.compareAndSet(bytes, sequence, value, next)) {
                return next;
            }
        }
    }

    // ---- for the repair

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        EventCountState.advance(memory, entry.offset() + ConditionLayout.SEQUENCE);
    }
}
