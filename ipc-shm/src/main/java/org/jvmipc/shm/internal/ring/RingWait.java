package org.jvmipc.shm.internal.ring;

import java.time.Duration;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.Membership;
import org.jvmipc.shm.internal.Spin;
import org.jvmipc.shm.internal.Wait;

/**
 * One end's waiting: it looks for a while, less and less often, and then sleeps. How long it looks follows what came of it, since
 * where both sides have to share a processor looking only keeps the other one from going on: success lengthens it, up to
 * what a wake-up was measured to cost, which is at most twice as dear as the best choice (Karlin, Li, Manasse and Owicki, SOSP
 * 1991); failure shortens it, down to nothing, and then it is tried again only now and then.
 *
 * <p><b>Thread safety.</b> None: of the thread that is inside.
 */
final class RingWait {
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    /** Bounds of what a wake-up is taken to cost, and about what it does where nothing was measured yet. */
    private static final long CHEAPEST_WAKE_UP_NANOS = 5_000;

    private static final long USUAL_WAKE_UP_NANOS = 50_000;
    private static final long DEAREST_WAKE_UP_NANOS = 100_000;

    /** By this part of itself what was measured grows with each sleep, so that an old one is forgotten. */
    private static final int FORGET = 64;

    /** Below it nothing is gained. */
    private static final long LEAST_NANOS = 2_000;

    /** A spinner's, after which it sleeps all the same. */
    private static final long SPINNER_NANOS = 1_000_000_000;

    private static final int TRY_EVERY = 64;
    private static final int SHRINK = 8;
    private static final int MOST_PAUSES = 16;

    /** How many looks follow each other as fast as they can, for an answer that is on its way. */
    private static final int QUICK_LOOKS = 64;

    /** Who found as many messages after a pause had a stream before it. */
    private static final int STREAM = 3;

    /** How often a pause is tried to find out. */
    private static final int TRY_STREAM_EVERY = 128;

    /** How many looks there are between two at the clock and the like. */
    private static final int LOOKS = 16;

    /** How many looks there are between two that cost the other side more. */
    private static final int SURE_LOOKS = 128;

    /** How long a sleep is that may miss a wake-up. */
    private static final Duration FIRST_SLEEP = Duration.ofNanos(Fences.SETTLED_NANOS);

    private final RingMemory memory;
    private final RingEvent event;
    private final RingWaiting waiting;

    /** The shortest sleep lately: it cannot have been much longer than falling asleep and waking up. */
    private long wakeUpNanos = USUAL_WAKE_UP_NANOS;

    private long budgetNanos = USUAL_WAKE_UP_NANOS;
    private int sleeps;
    private int waits;
    private int takenBefore;
    private boolean streaming;

    /** What is waited for. */
    interface Condition {
        /** Whether there is reason to look. */
        boolean holds();

        /** The same before a sleep, and now and then before that: looks at what costs the other side more, too. */
        default boolean holdsSurely() {
            return holds();
        }

        /** It has not held for a while: what was put off until then is to be done. */
        default void settle() {}

        /** How many messages were taken so far, modulo 2^32. */
        default int taken() {
            return 0;
        }
    }

    RingWait(RingMemory memory, RingEvent event, RingWaiting waiting) {
        this.memory = memory;
        this.event = event;
        this.waiting = waiting;
    }

    /**
     * Waits until it holds, or nearly so.
     *
     * @param peer whether somebody is there who could make it hold at once
     * @return false if the deadline has passed, or the end was closed
     */
    boolean await(Condition condition, boolean peer, Deadline deadline) throws InterruptedException {
        if (memory.blocked().isClosed()) {
            return false;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long nanos = SEVERAL_PROCESSORS && peer ? nanosToLook() : 0;
        if (nanos > 0 && spin(condition, deadline, nanos)) {
            return true;
        }
        return sleep(condition, deadline);
    }

    private long nanosToLook() {
        if (waiting == RingWaiting.SLEEP) {
            return 0;
        }
        if (waiting == RingWaiting.SPIN) {
            return SPINNER_NANOS;
        }
        if (budgetNanos >= LEAST_NANOS) {
            return budgetNanos;
        }
        sleeps++;
        return sleeps % TRY_EVERY == 0 ? wakeUpNanos : 0;
    }

    private boolean spin(Condition condition, Deadline deadline, long nanos) {
        int pauses = firstPauses(condition);
        long begin = 0;
        for (int looks = 1; ; looks++) {
            if (condition.holds()) {
                succeeded(begin);
                return true;
            }
            for (int i = 0; i < pauses; i++) {
                Thread.onSpinWait();
            }
            if (looks % LOOKS == 0) {
                pauses = looks < QUICK_LOOKS ? pauses : Math.min(MOST_PAUSES, 2 * pauses);
                condition.settle();
                if (looks % SURE_LOOKS == 0 && condition.holdsSurely()) {
                    succeeded(begin);
                    return true;
                }
                long now = System.nanoTime();
                begin = begin == 0 ? now : begin;
                if (now - begin >= nanos || isOver(deadline)) {
                    failed();
                    return false;
                }
            }
        }
    }

    /**
     * In a stream a look at every message as it comes takes the line of the cache from the sender each time, and costs both
     * more than a pause after which there are several. Whether it is one shows by what was found after the last pause.
     */
    private int firstPauses(Condition condition) {
        int taken = condition.taken();
        int found = taken - takenBefore;
        takenBefore = taken;
        waits++;
        boolean paused = streaming || waits % TRY_STREAM_EVERY == 1;
        streaming = paused && found >= STREAM;
        return streaming || waits % TRY_STREAM_EVERY == 0 ? MOST_PAUSES : 1;
    }

    private boolean isOver(Deadline deadline) {
        return memory.blocked().isClosed() || Thread.currentThread().isInterrupted() || deadline.passed();
    }

    private void succeeded(long begin) {
        long took = begin == 0 ? 0 : System.nanoTime() - begin;
        budgetNanos = Math.min(wakeUpNanos, Math.max(budgetNanos, 2 * took + LEAST_NANOS));
    }

    private void failed() {
        budgetNanos -= budgetNanos / SHRINK;
    }

    private boolean sleep(Condition condition, Deadline deadline) throws InterruptedException {
        Membership self = memory.self();
        if (!self.begin()) {
            return false;
        }
        try (Wait wait = new Wait(self, memory.blocked(), memory.offset())) {
            condition.settle();
            boolean settled = false;
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int armed = event.arm();
                if (!settled) {
                    Fences.heavy();
                }
                if (condition.holdsSurely()) {
                    return true;
                }
                long begin = System.nanoTime();
                int answer = wait.await(event.offset(), armed, settled ? deadline : sooner(deadline));
                if (answer == FutexWait.WOKEN) {
                    learn(System.nanoTime() - begin);
                }
                if (answer == FutexWait.CANCELLED || deadline.passed()) {
                    return condition.holdsSurely() && answer != FutexWait.CANCELLED;
                }
                settled = answer == FutexWait.TIMED_OUT && event.isAt(armed);
                LateErrors.poll();
            }
        } finally {
            self.end();
        }
    }

    private void learn(long sleptNanos) {
        if (sleptNanos < CHEAPEST_WAKE_UP_NANOS) {
            return; // it did not sleep: the word had changed already
        }
        long forgotten = wakeUpNanos + wakeUpNanos / FORGET;
        wakeUpNanos = Math.min(DEAREST_WAKE_UP_NANOS, Math.min(sleptNanos, forgotten));
    }

    private static Deadline sooner(Deadline deadline) {
        return deadline.remainingNanos() < Fences.SETTLED_NANOS ? deadline : Deadline.after(FIRST_SLEEP);
    }

    // ---- for who is polled

    /** Says that somebody waits, so that whatever comes from here on is told by the word. */
    static int arm(RingEvent event) {
        int armed = event.arm();
        Fences.heavy();
        return armed;
    }

    /**
     * Sleeps until something has come since it was armed.
     *
     * @param settled whether somebody has looked after this returned false for the same value
     * @return false if it is time to look, once, though nothing was told
     * @throws IllegalStateException if the end is closed
     */
    static boolean await(RingMemory memory, RingEvent event, int armed, boolean settled) throws InterruptedException {
        Membership self = memory.self();
        if (!self.begin()) {
            throw new IllegalStateException(memory.address() + ": closed");
        }
        try (Wait wait = new Wait(self, memory.blocked(), memory.offset())) {
            while (event.isAt(armed)) {
                int answer = wait.await(event.offset(), armed, settled ? Deadline.NEVER : Deadline.after(FIRST_SLEEP));
                if (answer == FutexWait.CANCELLED) {
                    throw new IllegalStateException(memory.address() + ": closed");
                }
                if (answer == FutexWait.TIMED_OUT) {
                    return false;
                }
            }
            return true;
        } finally {
            self.end();
        }
    }
}
