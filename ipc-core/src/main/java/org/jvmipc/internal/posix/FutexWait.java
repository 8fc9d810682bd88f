package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/**
 * A thread's sleep on shared words that obeys a deadline, {@link Thread#interrupt()} and {@link #cancel()}.
 *
 * <p>{@code futex_waitv(2)} sleeps on the words and on one more that only this process has, which an interrupt changes.
 * Before Linux 5.16, and where it is forbidden, the sleep is cut into slices of 50 ms; several words then into slices
 * of 10 ms.
 *
 * <pre>{@code
 * FutexWait wait = FutexWait.prepare();        // from here on a cancel is kept
 * ... say that this thread waits, look whether it still has to ...
 * int answer = wait.await(address, value, deadline);
 * }</pre>
 *
 * <p><b>Thread safety.</b> Of the thread that prepared it; any thread may cancel.
 */
public final class FutexWait {
    /** Woken, or without reason: look again. */
    public static final int WOKEN = 0;

    /** The deadline has passed. */
    public static final int TIMED_OUT = 1;

    /** {@link #cancel()} was called. */
    public static final int CANCELLED = 2;

    /** The word is not there any more. */
    public static final int GONE = 3;

    /** How many words one sleep takes. */
    public static final int MAX_WORDS = 127;

    /*
     * struct futex_waitv: value (u64), address (u64), flags (u32), reserved (u32)
     */
    private static final int WAITER_BYTES = 24;
    private static final int VALUE = 0;
    private static final int ADDRESS = 8;
    private static final int FLAGS = 16;
    private static final int FUTEX2_SIZE_U32 = 2;
    private static final int FUTEX2_PRIVATE = 128;

    private static final int NANOS_OF_SECOND = 1_000_000_000;
    private static final long SLICE_NANOS = 50_000_000;
    private static final long SLICE_OF_SEVERAL_NANOS = 10_000_000;

    private static volatile boolean waitvWorks = true;

    /** Each platform thread has one that it uses again. */
    private static final ThreadLocal<AtomicReference<@Nullable FutexWait>> SPARE =
            ThreadLocal.withInitial(AtomicReference::new);

    private final int words;
    private final int timespec;
    private final int cancelWord;
    private final NativeBuffer memory;
    private final Hook hook = new Hook();
    private volatile boolean cancelled;

    private FutexWait(int words) {
        this.words = words;
        this.timespec = (words + 1) * WAITER_BYTES;
        this.cancelWord = timespec + 2 * Long.BYTES;
        this.memory = new NativeBuffer(cancelWord + Long.BYTES);
        memory.bytes().putLong(ADDRESS, memory.address() + cancelWord).putInt(FLAGS, FUTEX2_SIZE_U32 | FUTEX2_PRIVATE);
    }

    /** For a sleep of the calling thread on one word. A cancel from here on ends it. */
    public static FutexWait prepare() {
        if (VirtualThreads.isCurrent()) {
            return new FutexWait(1);
        }
        FutexWait wait = SPARE.get().getAndSet(null);
        if (wait == null) {
            return new FutexWait(1);
        }
        wait.cancelled = false;
        wait.memory.bytes().putInt(wait.cancelWord, 0);
        return wait;
    }

    /** For sleeps on several words, by a thread of the toolkit's own. */
    public static FutexWait ofSeveral(int words) {
        if (words < 1 || words > MAX_WORDS) {
            throw new IllegalArgumentException("a sleep is on 1 to " + MAX_WORDS + " words, not " + words);
        }
        return new FutexWait(words);
    }

    /** It is not used any more, and nobody cancels it any more. */
    public void done() {
        if (words == 1 && !VirtualThreads.isCurrent()) {
            SPARE.get().set(this);
        }
    }

    /** Ends the sleep, or the next one. Any thread may call it, until {@link #done()}. */
    public void cancel() {
        cancelled = true;
        hook.wakeup();
    }

    /** Takes back a cancel: for a thread that goes on sleeping. */
    public void reset() {
        cancelled = false;
        memory.bytes().putInt(cancelWord, 0);
    }

    /**
     * Sleeps while the word has the value.
     *
     * @param mapped keeps the word in memory meanwhile
     * @param address of the word, which is aligned
     * @return {@link #WOKEN}, {@link #TIMED_OUT}, {@link #CANCELLED} or {@link #GONE}
     * @throws InterruptedException if the thread was interrupted before or while it slept
     */
    public int await(ByteBuffer mapped, long address, int value, Deadline deadline) throws InterruptedException {
        if (!VirtualThreads.isCurrent()) {
            return awaitHere(mapped, address, value, deadline);
        }
        int[] answer = new int[1];
        try {
            VirtualThreads.onPlatformThread(
                    () -> {
                        answer[0] = awaitHere(mapped, address, value, deadline);
                        return true;
                    },
                    this::cancel);
        } catch (IOException e) {
            throw new IllegalStateException(e); // the wait throws none
        }
        return answer[0];
    }

    private int awaitHere(ByteBuffer mapped, long address, int value, Deadline deadline) throws InterruptedException {
        hook.enter();
        int result;
        try {
            result = cancelled ? CANCELLED : sleep(address, value, deadline);
        } finally {
            hook.leave();
            Reference.reachabilityFence(mapped);
            Reference.reachabilityFence(memory);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return cancelled ? CANCELLED : result;
    }

    private int sleep(long address, int value, Deadline deadline) {
        if (waitvWorks) {
            setWord(0, address, value);
            int result = sleepOnAll(1, deadline);
            if (waitvWorks) {
                return result;
            }
        }
        long nanos = Math.min(SLICE_NANOS, deadline.remainingNanos());
        putTime(nanos);
        int result = Thread.currentThread().isInterrupted()
                ? -Errno.EINTR
                : FutexCalls.await(address, value, memory.address() + timespec);
        return answer(result, deadline);
    }

    /** Sets one of several words for {@link #awaitAny}. */
    public void setWord(int index, long address, int value) {
        int at = (index + 1) * WAITER_BYTES;
        memory.bytes()
                .putLong(at + VALUE, Integer.toUnsignedLong(value))
                .putLong(at + ADDRESS, address)
                .putInt(at + FLAGS, FUTEX2_SIZE_U32);
    }

    /**
     * Sleeps while all of the first so many words have the values set. Not interruptible.
     *
     * @param keep keeps the words in memory meanwhile
     * @return as {@link #await}
     */
    public int awaitAny(int count, Deadline deadline, Object keep) {
        try {
            if (cancelled) {
                return CANCELLED;
            }
            int result = waitvWorks ? sleepOnAll(count, deadline) : WOKEN;
            if (!waitvWorks) {
                putTime(Math.min(SLICE_OF_SEVERAL_NANOS, deadline.remainingNanos()));
                result = answer(
                        FutexCalls.await(memory.address() + cancelWord, 0, memory.address() + timespec), deadline);
            }
            return cancelled ? CANCELLED : result;
        } finally {
            Reference.reachabilityFence(keep);
            Reference.reachabilityFence(memory);
        }
    }

    private int sleepOnAll(int count, Deadline deadline) {
        long timeout = 0;
        if (!deadline.isNever()) {
            putTime(System.nanoTime() + Clock.OFFSET + deadline.remainingNanos());
            timeout = memory.address() + timespec;
        }
        int result = FutexCalls.awaitAny(memory.address(), count + 1, timeout);
        if (result == -Errno.ENOSYS || result == -Errno.EPERM) {
            waitvWorks = false;
        }
        return answer(result, deadline);
    }

    private static int answer(int result, Deadline deadline) {
        if (result == -Errno.EFAULT) {
            return GONE;
        }
        return result == -Errno.ETIMEDOUT && deadline.passed() ? TIMED_OUT : WOKEN;
    }

    private void putTime(long nanos) {
        memory.bytes()
                .putLong(timespec, nanos / NANOS_OF_SECOND)
                .putLong(timespec + Long.BYTES, nanos % NANOS_OF_SECOND);
    }

    /** Wakes the sleeper through the word that only this process has. */
    private final class Hook extends NativeThreadHook {
        @Override
        public Selector wakeup() {
            memory.bytes().putInt(cancelWord, 1);
            FutexCalls.wakePrivate(memory.address() + cancelWord);
            return this;
        }
    }

    /** What {@code CLOCK_MONOTONIC} is ahead of {@link System#nanoTime()}; 0 in HotSpot, which reads that very clock. */
    private static final class Clock {
        static final long OFFSET = offset();

        private static final int MONOTONIC = 1;

        private static long offset() {
            NativeBuffer time = new NativeBuffer(2 * Long.BYTES);
            try {
                Calls.result("clock_gettime", () -> Unistd.clock_gettime(MONOTONIC, time.address()));
                long now = System.nanoTime();
                long clock =
                        time.bytes().getLong(0) * NANOS_OF_SECOND + time.bytes().getLong(Long.BYTES);
                return Math.abs(clock - now) < NANOS_OF_SECOND ? 0 : clock - now; // one clock, read twice
            } finally {
                Reference.reachabilityFence(time);
            }
        }
    }
}
