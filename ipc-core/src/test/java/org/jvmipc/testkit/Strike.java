package org.jvmipc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.Errno;

/**
 * One fault that waits for its call: the N-th of a thread, or of all threads, while it is armed. One may be armed at a time.
 *
 * <pre>{@code
 * try (Strike strike = Strike.failing(3, Errno.EMFILE).arm()) {    // the third call of this thread
 *     assertThrows(LimitException.class, () -> Pipes.open(Codecs.bytes()));
 *     assertEquals("eventfd", strike.call());
 * }
 * }</pre>
 *
 * <p>Armed again, it counts on. It strikes once.
 */
public final class Strike implements AutoCloseable {
    private static final int NEVER = 0;

    private final int number;
    private final @Nullable ToIntFunction<String> fault;
    private final boolean kills;
    private final boolean after;
    private boolean everyThread;
    private @Nullable String only;

    private @Nullable Thread thread;
    private final List<String> calls = new ArrayList<>();
    private @Nullable String call;
    private @Nullable Thread dying;
    private int errno;

    private Strike(int number, @Nullable ToIntFunction<String> fault, boolean kills, boolean after) {
        this.number = number;
        this.fault = fault;
        this.kills = kills;
        this.after = after;
    }

    /** Never strikes; for its {@link #calls()}. */
    public static Strike counting() {
        return new Strike(NEVER, null, false, false);
    }

    /** Makes the call with this number, counted from 1, fail with this error. */
    public static Strike failing(int number, int errno) {
        return new Strike(number, call -> errno, false, false);
    }

    /** Makes the call with this number fail with one of the errors that such a call can have; see {@link Faults}. */
    static Strike failingByKind(int number, int kind) {
        return new Strike(number, call -> Faults.of(call, kind), false, false);
    }

    /** Kills this process at the call with this number: it is not made any more. */
    public static Strike killingAt(int number) {
        return new Strike(number, null, true, false);
    }

    /** Kills this process directly after the call with this number was made. */
    public static Strike killingAfter(int number) {
        return new Strike(number, null, true, true);
    }

    /**
     * Kills this process when a call of this name comes back in this thread, and did not fail: between being woken, say, and
     * acting on it.
     */
    public static Strike killingOnReturnOf(String name) {
        Strike strike = new Strike(NEVER, null, true, true);
        strike.only = name;
        return strike;
    }

    /** Counts the calls of all threads, not only of the one that arms it. */
    public Strike everyThread() {
        everyThread = true;
        return this;
    }

    /** From here until {@link #close()} calls are counted. */
    public synchronized Strike arm() {
        thread = everyThread ? null : Thread.currentThread();
        FaultSeam.arm(this);
        return this;
    }

    @Override
    public void close() {
        FaultSeam.disarm(this);
    }

    /** The name of the call that it struck; null if there were not so many. */
    public synchronized @Nullable String call() {
        return call;
    }

    /** The names of the calls that passed, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized int before(String name) {
        if (thread != null && thread != Thread.currentThread()) {
            return 0;
        }
        calls.add(name);
        if (calls.size() != number) {
            return 0;
        }
        call = name;
        if (kills && after) {
            dying = Thread.currentThread();
        } else if (kills) {
            FaultSeam.die(this);
        }
        errno = fault == null ? 0 : fault.applyAsInt(name);
        return errno;
    }

    synchronized void after(String name, long result) {
        if (result >= 0 && name.equals(only) && thread == Thread.currentThread()) {
            call = name;
            FaultSeam.die(this);
        }
        // By name, since a call may be the first of its kind, and load what makes calls of its own.
        if (dying == Thread.currentThread() && name.equals(call)) {
            FaultSeam.die(this);
        }
    }

    /** With what it failed the call; 0 if it did not. */
    synchronized int errno() {
        return errno;
    }

    @Override
    public synchronized String toString() {
        String what = kills ? (after ? "killed after" : "killed at") : "failed";
        if (number == NEVER && call == null) {
            return "without any fault";
        }
        if (call == null) {
            return "not struck, call " + number + " of " + calls.size();
        }
        return "call " + number + ", " + call + ", " + what + (errno == 0 ? "" : " with " + Errno.name(errno));
    }
}
