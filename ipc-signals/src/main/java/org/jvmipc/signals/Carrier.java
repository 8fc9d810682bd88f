package org.jvmipc.signals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.IpcException;
import org.jvmipc.internal.JvmSignals;
import org.jvmipc.internal.posix.MaskEditor;
import org.jvmipc.internal.posix.SignalAction;
import org.jvmipc.internal.posix.SignalActionCalls;

/**
 * Changes what the threads of this process have blocked: sends each the signal whose handler is the
 * {@link MaskEditor}'s. New threads inherit the mask of their maker, so when two looks in a row find all threads as
 * they shall be, they stay so.
 *
 * <p>The handler stays when no receiver is open, as a signal may still be on its way to a thread that has it blocked.
 *
 * <p><b>Thread safety.</b> None; {@link ManagedSignals} holds its lock.
 */
final class Carrier {
    /** The toolkit's first choice, then real-time signals that hardly anybody uses; 62 is the JDK's. */
    private static final int[] CANDIDATES = {JvmSignals.CARRIER, 64, 63, 61, 60};

    /** A thread that is not reached in this time never is. */
    private static final long LIMIT_NANOS = 10_000_000_000L;

    /**
     * So long a thread may have all signals blocked because it is just making a thread or a process, or is just being made:
     * its mask comes back, and may be one of before. On a busy machine it waits for a processor meanwhile.
     */
    private static final long PASSING_NANOS = 1_000_000_000L;

    /** The same where all that have everything blocked are asleep: nobody is making anything. */
    private static final long ASLEEP_NANOS = 50_000_000L;

    private static final long AGAIN_NANOS = 20_000_000L;
    private static final long PAUSE_NANOS = 200_000L;

    private final MaskEditor editor;
    private final int signal;

    private Carrier(MaskEditor editor, int signal) {
        this.editor = editor;
        this.signal = signal;
    }

    int signal() {
        return signal;
    }

    /**
     * Chooses a signal and installs the handler.
     *
     * @param taken signals that it must not be
     */
    static Carrier install(MaskEditor editor, long taken, List<ThreadMask> threads) throws IOException {
        for (int candidate : CANDIDATES) {
            boolean free = (taken & SignalMask.of(candidate)) == 0
                    && threads.stream().noneMatch(thread -> thread.has(candidate) && (~thread.blocked() & taken) != 0)
                    && !isForeign(editor, SignalActionCalls.current(candidate));
            if (free) {
                SignalAction old = SignalActionCalls.swap(candidate, editor.carrierAction());
                if (!isForeign(editor, old)) {
                    return new Carrier(editor, candidate);
                }
                SignalActionCalls.set(candidate, old); // it came between the look and now
            }
        }
        throw new IpcException("no signal is free to change the masks of threads with; STKFLT and the real-time signals"
                + " 64, 63, 61 and 60 have handlers of others");
    }

    private static boolean isForeign(MaskEditor editor, SignalAction action) {
        return action.isHandler() && !editor.isOwn(action);
    }

    /** Whether nobody has replaced the handler. */
    boolean isInstalled() throws IOException {
        return editor.isOwn(SignalActionCalls.current(signal));
    }

    /** The threads that have one of the signals blocked, other than in passing, with their start times. */
    Map<Long, Long> havingBlocked(long signals, List<ThreadMask> threads) {
        Map<Long, Long> having = new HashMap<>();
        for (ThreadMask thread : threads) {
            if ((thread.blocked() & signals) != 0 && !thread.has(signal)) {
                having.put(thread.tid(), ThreadMask.startTime(thread.tid()));
            }
        }
        return having;
    }

    /**
     * Blocks the signals in all threads.
     *
     * @param unreachable gets the threads that cannot be reached and have them blocked by their own will, with their start
     *     times
     */
    void block(long signals, Map<Long, Long> unreachable) throws IOException {
        editor.block(signals);
        Round round = new Round();
        do {
            round.begin();
            for (ThreadMask thread : ThreadMask.ofAllThreads()) {
                if ((~thread.blocked() & signals) != 0) {
                    round.reach(thread);
                } else if (thread.has(signal)) {
                    round.passing(thread);
                }
            }
        } while (!round.isDone("blocked", signals));
        for (ThreadMask thread : round.passing) {
            unreachable.put(thread.tid(), ThreadMask.startTime(thread.tid())); // it blocks everything, and means it
        }
    }

    /** Whether it is one of these threads, and not a later one with the same number. */
    private static boolean isOneOf(Map<Long, Long> threads, long tid) {
        Long start = threads.get(tid);
        return start != null && start == ThreadMask.startTime(tid);
    }

    /** Unblocks the signals in all threads but these, by number and start time. */
    void unblock(long signals, Map<Long, Long> except) throws IOException {
        editor.unblock(signals);
        try {
            Round round = new Round();
            do {
                round.begin();
                for (ThreadMask thread : ThreadMask.ofAllThreads()) {
                    if ((thread.blocked() & signals) == 0 || isOneOf(except, thread.tid())) {
                        continue;
                    }
                    if (!thread.has(signal)) {
                        round.reach(thread);
                    } else {
                        round.passing(thread);
                    }
                }
            } while (!round.isDone("unblocked", signals));
        } finally {
            editor.unblockNone();
        }
    }

    /** Looks at all threads, again and again, until two in a row have found nothing to do. */
    private final class Round {
        private final long start = System.nanoTime();
        private final long process = ProcessHandle.current().pid();
        private final Map<Long, Long> reachedAt = new HashMap<>();
        private final List<Long> open = new ArrayList<>();
        private final List<ThreadMask> passing = new ArrayList<>();
        private final Map<Long, Long> seenPassing = new HashMap<>();
        private int clean;

        private void begin() {
            open.clear();
            passing.clear();
        }

        private void reach(ThreadMask thread) throws IOException {
            open.add(thread.tid());
            long now = System.nanoTime();
            Long last = reachedAt.get(thread.tid());
            if (last == null || now - last > AGAIN_NANOS) {
                if (!isInstalled()) {
                    throw new IpcException("the handler of " + new PosixSignal(signal)
                            + ", which changes the masks of threads, was replaced by somebody meanwhile");
                }
                // It may end this instant, and be told so: then the next look does not find it.
                SignalActionCalls.signalThread(process, thread.tid(), signal);
                reachedAt.put(thread.tid(), now);
            }
        }

        /** It has all signals blocked, and may be about to put back an older mask. */
        private void passing(ThreadMask thread) {
            passing.add(thread);
            seenPassing.putIfAbsent(thread.tid(), System.nanoTime());
        }

        private boolean mayPass() {
            boolean asleep = passing.stream().allMatch(ThreadMask::isSleeping);
            long limit = asleep ? ASLEEP_NANOS : PASSING_NANOS;
            long now = System.nanoTime();
            return passing.stream().anyMatch(thread -> now - seenPassing.getOrDefault(thread.tid(), now) < limit);
        }

        private boolean isDone(String what, long signals) throws IpcException {
            boolean timeIsUp = System.nanoTime() - start > LIMIT_NANOS;
            if (open.isEmpty() && (timeIsUp || !mayPass())) {
                return ++clean == 2;
            }
            clean = 0;
            if (timeIsUp && !open.isEmpty()) {
                throw new IpcException(SignalMask.signals(signals) + " could not be " + what + " in the threads " + open
                        + " of this process, which do not take " + new PosixSignal(signal));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            return false;
        }
    }
}
