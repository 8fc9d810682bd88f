package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The robust semaphore's protocol; {@code docs/protocols/robust-semaphore.pml} is the model of it.
 *
 * <p>Each permit is an owned word, and all are counted and taken under one inner word, which is owned too. Who finds too few
 * sleeps on a sequence that changes whenever permits come back; all are woken then. So what a dead process held is exactly the
 * words with its slot in them, at whatever point it was.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class RobustSemaphore implements Semaphore {
    /** How long a call that may not wait waits for who counts permits: he may be stopped at it. */
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int permits;
    private final int inner;
    private final int sequence;
    private final int mine;

    RobustSemaphore(Membership self, Directory.Entry entry) {
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset();
        this.permits = SemaphoreState.permits(memory, entry);
        this.inner = offset + SemaphoreLayout.INNER;
        this.sequence = offset + SemaphoreLayout.SEQUENCE;
        this.mine = self.ownerValue();
    }

    @Override
    public boolean tryTake(int wanted) {
        if (!self.begin()) {
            return false;
        }
        boolean interrupted = false;
        try {
            if (OwnedWord.tryTake(bytes, inner, mine)) {
                return takeAndGiveInner(wanted);
            }
            while (true) {
                try {
                    return takeWaiting(new Blocked(), wanted, Deadline.NOW);
                } catch (InterruptedException e) {
                    interrupted = true; // for the next call that waits: there may be permits all the same
                }
            }
        } finally {
            self.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean take(Blocked handle, int wanted, Deadline deadline) throws InterruptedException {
        if (!self.begin()) {
            return false;
        }
        try {
            if (OwnedWord.tryTake(bytes, inner, mine) && takeAndGiveInner(wanted)) {
                return true;
            }
            return takeWaiting(handle, wanted, deadline);
        } finally {
            self.end();
        }
    }

    private boolean takeAndGiveInner(int wanted) {
        try {
            return takeWords(wanted);
        } finally {
            OwnedWord.give(memory, inner, mine);
        }
    }

    private boolean takeWaiting(Blocked handle, int wanted, Deadline deadline) throws InterruptedException {
        Deadline patience = deadline.isNow() ? Deadline.after(MOMENT) : deadline;
        try (Wait wait = new Wait(self, handle, offset)) {
            while (true) {
                if (OwnedWord.take(self, inner, wait, patience) != FutexWait.WOKEN) {
                    return false;
                }
                // Before the permits are counted: a repair brings some back without the inner word, and changes it
                // then.
                int seen = Words.getVolatile(bytes, sequence);
                boolean taken;
                boolean signed;
                try {
                    taken = takeWords(wanted);
                    signed = !taken && !deadline.isNow() && sign(seen);
                } finally {
                    OwnedWord.give(memory, inner, mine);
                }
                if (taken || deadline.isNow()) {
                    return taken;
                }
                if (signed && wait.await(sequence, seen | SemaphoreLayout.WAITERS, deadline) != FutexWait.WOKEN) {
                    return false; // all sleepers are woken when permits come back: there is nothing to pass on
                }
            }
        }
    }

    /** Says that somebody waits; false if permits have come back since the sequence was seen. */
    private boolean sign(int seen) {
        return (seen & SemaphoreLayout.WAITERS) != 0
                || Words.compareAndSet(bytes, sequence, seen, seen | SemaphoreLayout.WAITERS);
    }

    /** With the inner word held: takes so many words, or none. */
    private boolean takeWords(int wanted) {
        if (count(0, wanted) < wanted) {
            return false;
        }
        int taken = 0;
        for (int i = 0; i < permits && taken < wanted; i++) {
            taken += Words.compareAndSet(bytes, word(i), 0, mine) ? 1 : 0;
        }
        if (taken < wanted) {
            throw memory.damaged("permits at " + offset + " were taken by somebody without the inner word");
        }
        return true;
    }

    @Override
    public Given give(int returned) {
        if (!self.begin()) {
            return Given.NOT_HELD;
        }
        try {
            takeInner();
            boolean held;
            try {
                held = count(mine, returned) >= returned;
                for (int i = permits - 1, left = held ? returned : 0; i >= 0 && left > 0; i--) {
                    left -= Words.compareAndSet(bytes, word(i), mine, 0) ? 1 : 0;
                }
            } finally {
                OwnedWord.give(memory, inner, mine);
            }
            if (held) {
                cameBack();
            }
            return held ? Given.BACK : Given.NOT_HELD;
        } finally {
            self.end();
        }
    }

    private void takeInner() {
        if (OwnedWord.tryTake(bytes, inner, mine)) {
            return;
        }
        Blocked nobody = new Blocked(); // a V is done although the handle is being closed
        boolean interrupted = false;
        boolean taken = false;
        while (!taken) {
            try (Wait wait = new Wait(self, nobody, offset)) {
                taken = OwnedWord.take(self, inner, wait, Deadline.NEVER) == FutexWait.WOKEN;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void cameBack() {
        int value = Words.getVolatile(bytes, sequence);
        for (int rounds = 0;
                !Words.compareAndSet(bytes, sequence, value, (value + 1) & ~SemaphoreLayout.WAITERS);
                rounds = Spin.again(rounds)) {
            value = Words.getVolatile(bytes, sequence);
        }
        if ((value & SemaphoreLayout.WAITERS) != 0) {
            memory.wake(sequence, FutexCalls.ALL);
        }
    }

    @Override
    public int sign() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int seen = Words.getVolatile(bytes, sequence);
            if (sign(seen)) {
                return seen | SemaphoreLayout.WAITERS;
            }
        }
    }

    @Override
    public void awaitSign(Blocked handle, int signed) throws InterruptedException {
        PolleeSleep.await(self, handle, offset, sequence, signed, () -> {}); // all are woken
    }

    @Override
    public int value() {
        return count(0, permits);
    }

    private int count(int owner, int enough) {
        int count = 0;
        for (int i = 0; i < permits && count < enough; i++) {
            count += Words.getVolatile(bytes, word(i)) == owner ? 1 : 0;
        }
        return count;
    }

    private int word(int permit) {
        return offset + SemaphoreLayout.OWNERS + permit * Integer.BYTES;
    }

    @Override
    public int most() {
        return permits;
    }

    @Override
    public boolean isRobust() {
        return true;
    }
}
