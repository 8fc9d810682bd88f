package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The protocol of an event. Who finds it not set sets a bit and sleeps on the word; who sets it clears that bit and wakes: all who wait
 * for a manual one, where a count tells them that it was set though it may be reset by then; one who waits for an automatic one,
 * who resets it by taking it. Who takes it after a sleep sets the bit again, as others may still sleep, and who gives up after a
 * sleep passes on what may have been meant for him. {@code docs/protocols/event.pml} is the model of it.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class EventState implements Pollee {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int word;
    private final boolean automatic;

    /** The one that lies there. */
    public EventState(SegmentHandle segment, Directory.Entry entry) {
        this.self = segment.membership();
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset();
        this.word = offset + EventLayout.WORD;
        this.automatic = isAutomatic(memory, entry);
    }

    /** One to be made, not set. */
    public static SegmentObjects.Content content(boolean automatic) {
        return new SegmentObjects.Content(
                EventLayout.BYTES,
                (memory, offset) -> Words.set(
                        memory, offset + EventLayout.MODE, automatic ? EventLayout.AUTOMATIC : EventLayout.MANUAL));
    }

    static boolean isAutomatic(SegmentMemory memory, Directory.Entry entry) {
        int mode = Words.get(memory.bytes(), entry.offset() + EventLayout.MODE);
        if (mode != EventLayout.MANUAL && mode != EventLayout.AUTOMATIC) {
            throw memory.damaged(entry.name() + " is an event of mode " + mode);
        }
        return mode == EventLayout.AUTOMATIC;
    }

    /** Whether who has waited for it resets it. */
    public boolean isAutomatic() {
        return automatic;
    }

    /** Whether it is set now. */
    public boolean isSet() {
        return isSet(Words.getVolatile(bytes, word));
    }

    private static boolean isSet(int value) {
        return (value & EventLayout.SET) != 0;
    }

    // ---- set and reset

    /** Sets it, if it is not. */
    public void set() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (isSet(value)) {
                return;
            }
            if ((value & EventLayout.WAITERS) != 0) {
                setAndWake();
                return;
            }
            if (Words.compareAndSet(bytes, word, value, afterSet(value))) {
                return;
            }
        }
    }

    private int afterSet(int value) {
        return (automatic ? 0 : (value + 1) & EventLayout.COUNT) | EventLayout.SET;
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void setAndWake() {
        boolean stays = self.begin(); // else it is just leaving; those who sleep are to be woken all the same
        try {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int value = Words.getVolatile(bytes, word);
                if (isSet(value)) {
                    return;
                }
                if (Words.compareAndSet(bytes, word, value, afterSet(value))) {
                    memory.wake(word, automatic ? 1 : FutexCalls.ALL);
                    self.settle();
                    return;
                }
            }
        } finally {
            if (stays) {
                self.end();
            }
        }
    }

    /**
     * Resets it.
     *
     * @return whether it was set
     */
    public boolean reset() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (!isSet(value)) {
                return false;
            }
            if (Words.compareAndSet(bytes, word, value, value & ~EventLayout.SET)) {
                return true;
            }
        }
    }

    // ---- waiting

    /** Whether it is set; an automatic one is taken by that. */
    public boolean tryAwait() {
        return automatic ? reset() : isSet();
    }

    /**
     * Waits until it is set.
     *
     * @return false if the deadline passed first, or the handle was closed
     */
    public boolean await(Blocked handle, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int seen = Words.getVolatile(bytes, word) & EventLayout.COUNT;
        if (tryAwait()) {
            return true;
        }
        if (deadline.isNow()) {
            return false;
        }
        if (handle.spin().untilNot(bytes, word, ~EventLayout.WAITERS, seen) && (!automatic || reset())) {
            return true;
        }
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset)) {
            return automatic ? take(wait, deadline) : sleepUntilSet(wait, seen, deadline);
        } finally {
            self.end();
        }
    }

    private boolean sleepUntilSet(Wait wait, int seen, Deadline deadline) throws InterruptedException {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (wasSet(value, seen)) {
                return true;
            }
            int signed = value | EventLayout.WAITERS;
            if (value != signed && !Words.compareAndSet(bytes, word, value, signed)) {
                continue;
            }
            if (wait.await(word, signed, deadline) != FutexWait.WOKEN) {
                return wasSet(Words.getVolatile(bytes, word), seen);
            }
        }
    }

    private static boolean wasSet(int value, int seen) {
        return isSet(value) || (value & EventLayout.COUNT) != seen;
    }

    private boolean take(Wait wait, Deadline deadline) throws InterruptedException {
        boolean slept = false;
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (isSet(value)) {
                int taken = value & ~EventLayout.SET;
                if (Words.compareAndSet(bytes, word, value, slept ? taken | EventLayout.WAITERS : taken)) {
                    return true;
                }
                continue;
            }
            int signed = value | EventLayout.WAITERS;
            if (value != signed && !Words.compareAndSet(bytes, word, value, signed)) {
                continue;
            }
            int answer;
            try {
                answer = wait.await(word, signed, deadline);
            } catch (InterruptedException e) {
                passOn();
                throw e;
            }
            slept = true;
            if (answer != FutexWait.WOKEN) {
                passOn();
                return false;
            }
        }
    }

    /** This thread may have been woken and does not want it any more: another is, now or when it is set the next time. */
    private void passOn() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            if (isSet(value)) {
                memory.wake(word, 1);
                return;
            }
            if ((value & EventLayout.WAITERS) != 0
                    || Words.compareAndSet(bytes, word, value, value | EventLayout.WAITERS)) {
                return;
            }
        }
    }

    // ---- for who is polled

    @Override
    public int sign() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, word);
            int signed = value | EventLayout.WAITERS;
            if (isSet(value)) {
                return value;
            }
            if (value == signed || Words.compareAndSet(bytes, word, value, signed)) {
                return signed;
            }
        }
    }

    @Override
    public void awaitSign(Blocked handle, int signed) throws InterruptedException {
        if (!isSet(signed)) {
            PolleeSleep.await(self, handle, offset, word, signed, automatic ? this::passOn : () -> {});
        }
    }

    // ---- for the repair

    static void wakeAll(SegmentMemory memory, Directory.Entry entry) {
        memory.wake(entry.offset() + EventLayout.WORD, FutexCalls.ALL);
    }
}
