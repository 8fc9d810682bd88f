package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The plain semaphore's protocol; {@code docs/protocols/semaphore.pml} is the model of it.
 *
 * <p>The value is the futex. Who finds too few permits sets a bit and sleeps; who brings some clears the bit and wakes as many
 * as he brings (all, once somebody has wanted several). Who gets permits after a sleep sets the bit again, as others may
 * still sleep, and wakes another if permits are left: more may have been brought without a wake-up while the bit was clear.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class PlainSemaphore implements Semaphore {
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int at;

    PlainSemaphore(Membership self, int offset) {
        this.self = self;
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = offset;
        this.at = offset + SemaphoreLayout.VALUE;
    }

    @Override
    public boolean tryTake(int permits) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, at);
            if ((value & SemaphoreLayout.MAX_VALUE) < permits) {
                return false;
            }
            if (Words.compareAndSet(bytes, at, value, value - permits)) {
                return true;
            }
        }
    }

    @Override
    public boolean take(Blocked handle, int permits, Deadline deadline) throws InterruptedException {
        if (tryTake(permits)) {
            return true;
        }
        if (deadline.isNow()) {
            return false;
        }
        handle.spin().untilAtLeast(bytes, at, SemaphoreLayout.MAX_VALUE, permits);
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, handle, offset)) {
            return sleep(wait, permits, deadline);
        } finally {
            self.end();
        }
    }

    private boolean sleep(Wait wait, int permits, Deadline deadline) throws InterruptedException {
        int sign = SemaphoreLayout.WAITERS | (permits > 1 ? SemaphoreLayout.WANTS_SEVERAL : 0);
        boolean slept = false;
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, at);
            if ((value & SemaphoreLayout.MAX_VALUE) >= permits) {
                int left = value - permits;
                if (Words.compareAndSet(bytes, at, value, slept ? left | SemaphoreLayout.WAITERS : left)) {
                    if (slept && (left & SemaphoreLayout.MAX_VALUE) > 0) {
                        memory.wake(at, sleepersToWake(value, 1));
                    }
                    return true;
                }
                continue;
            }
            if ((value & sign) != sign && !Words.compareAndSet(bytes, at, value, value | sign)) {
                continue;
            }
            int answer;
            try {
                answer = wait.await(at, value | sign, deadline);
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

    private static int sleepersToWake(int value, int permits) {
        return (value & SemaphoreLayout.WANTS_SEVERAL) != 0 ? FutexCalls.ALL : permits;
    }

    /** This thread may have been woken and wants no permit any more: others are woken, now or with the next permit. */
    private void passOn() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, at);
            if ((value & SemaphoreLayout.MAX_VALUE) > 0) {
                memory.wake(at, sleepersToWake(value, 1));
                return;
            }
            if ((value & SemaphoreLayout.WAITERS) != 0
                    || Words.compareAndSet(bytes, at, value, value | SemaphoreLayout.WAITERS)) {
                return;
            }
        }
    }

    @Override
    public Given give(int permits) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, at);
            if (isTooMany(value, permits)) {
                return Given.TOO_MANY;
            }
            if ((value & SemaphoreLayout.WAITERS) != 0) {
                return giveAndWake(permits);
            }
            // No carry: the sum of the permits fits, as was looked above.
            if (Words.compareAndSet(bytes, at, value, value + permits)) {
                return Given.BACK;
            }
        }
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private Given giveAndWake(int permits) {
        if (!self.begin()) {
            return Given.NOT_HELD; // closed meanwhile
        }
        try {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int value = Words.getVolatile(bytes, at);
                if (isTooMany(value, permits)) {
                    return Given.TOO_MANY;
                }
                if (Words.compareAndSet(bytes, at, value, (value + permits) & ~SemaphoreLayout.WAITERS)) {
                    if ((value & SemaphoreLayout.WAITERS) != 0) {
                        memory.wake(at, sleepersToWake(value, permits));
                    }
                    return Given.BACK;
                }
            }
        } finally {
            self.end();
        }
    }

    private static boolean isTooMany(int value, int permits) {
        return (value & SemaphoreLayout.MAX_VALUE) > SemaphoreLayout.MAX_VALUE - permits;
    }

    @Override
    public int sign() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, at);
            int signed = value | SemaphoreLayout.WAITERS;
            if ((value & SemaphoreLayout.MAX_VALUE) > 0) {
                return value;
            }
            if (value == signed || Words.compareAndSet(bytes, at, value, signed)) {
                return signed;
            }
        }
    }

    @Override
    public void awaitSign(Blocked handle, int signed) throws InterruptedException {
        if ((signed & SemaphoreLayout.MAX_VALUE) == 0) {
            PolleeSleep.await(self, handle, offset, at, signed, this::passOn);
        }
    }

    @Override
    public int value() {
        return Words.getVolatile(bytes, at) & SemaphoreLayout.MAX_VALUE;
    }

    @Override
    public int most() {
        return SemaphoreLayout.MAX_VALUE;
    }

    @Override
    public boolean isRobust() {
        return false;
    }
}
