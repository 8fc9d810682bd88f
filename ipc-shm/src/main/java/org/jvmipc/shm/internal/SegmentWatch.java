package org.jvmipc.shm.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The thread that looks after the segments of this JVM: sleeps on the membership words of all of them at once, and is woken
 * besides when the death of a participant is told. One thread has room for some hundred segments; then there is another.
 *
 * <p>Twice a second it looks, besides, whether a thread has ended with a mutex held, whether a segment was cut off, and who waits
 * with a lock held: that wakes nobody by itself. It costs no processor time that could be measured.
 */
final class SegmentWatch {
    private static final int CAPACITY = 120;
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration SLICE = Duration.ofNanos(Others.SLICE_NANOS);
    private static final long RETRY_NANOS = 10_000_000;

    private static final List<SegmentWatch> ALL = new ArrayList<>();

    /** Guarded by {@link #ALL}. */
    private final List<Membership> members = new ArrayList<>();

    private final FutexWait sleep = FutexWait.ofSeveral(CAPACITY);
    private long nextTick = System.nanoTime();

    private SegmentWatch() {}

    static void add(Membership membership) {
        // Woken without the lock: else the watch, which begins with it, would have to wait at once.
        assign(membership).sleep.cancel();
    }

    private static SegmentWatch assign(Membership membership) {
        synchronized (ALL) {
            for (SegmentWatch watch : ALL) {
                if (watch.members.size() < CAPACITY) {
                    watch.members.add(membership);
                    return watch;
                }
            }
            SegmentWatch watch = new SegmentWatch();
            Thread thread = new Thread(watch::run, "ipc-segment-watch");
            thread.setDaemon(true);
            thread.start(); // may fail for want of memory: then the segment is not joined
            watch.members.add(membership);
            ALL.add(watch);
            return watch;
        }
    }

    /** Those that are looked after, by whichever thread. */
    static List<Membership> allMembers() {
        synchronized (ALL) {
            return ALL.stream().flatMap(each -> each.members.stream()).toList();
        }
    }

    static void remove(Membership membership) {
        SegmentWatch watch = unassign(membership);
        if (watch != null) {
            watch.sleep.cancel();
        }
    }

    private static @Nullable SegmentWatch unassign(Membership membership) {
        synchronized (ALL) {
            for (SegmentWatch watch : ALL) {
                if (watch.members.remove(membership)) {
                    return watch;
                }
            }
            return null;
        }
    }

    private void run() {
        while (true) {
            try {
                round();
            } catch (RuntimeException | Error e) {
                // Of one segment, which the next round finds out; the thread is that of all.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void round() {
        List<Membership> present;
        synchronized (ALL) {
            sleep.reset(); // what is told from here on is kept
            present = List.copyOf(members);
        }
        boolean soon = false;
        boolean isTick = System.nanoTime() - nextTick >= 0;
        int words = 0;
        for (Membership each : present) {
            try {
                int seen = each.others().membership();
                LateErrors.come(); // before anything is made of what was read
                soon |= each.others().look(sleep::cancel);
                if (isTick) {
                    each.tick();
                }
                LateErrors
                        .come(); // here, and not in the turn of the next one, which would be taken for the damaged one
                sleep.setWord(words, each.memory().address(SegmentLayout.MEMBERSHIP_AT), seen);
                words++;
            } catch (InternalError | RuntimeException e) {
                // Cut off or damaged: nothing in it can be looked after, and nobody who sleeps in it would be woken.
                each.sleepers().close();
            }
        }
        if (isTick) {
            nextTick = System.nanoTime() + TICK.toNanos();
            ThreadWaits.look();
        }
        Deadline deadline = present.isEmpty() ? Deadline.NEVER : Deadline.after(soon ? SLICE : TICK);
        if (sleep.awaitAny(words, deadline, present) == FutexWait.GONE) {
            LockSupport.parkNanos(RETRY_NANOS); // which of them it is the next round finds out
        }
    }
}
