package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;

/**
 * A file descriptor that is closed once: by {@link #close()}, or by a safety net when its owner forgot it.
 *
 * <p>Closing a number that another thread is about to use would hand that thread somebody else's file; so calls
 * that may wait are the owner's, who closes only when none is under way ({@link PolledFd} sees to it), and all others are made
 * in {@link #use}.
 */
public final class Fd implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final State state;
    private final Cleaner.Cleanable cleanable;

    /** Takes over the descriptor. */
    public Fd(int number) {
        this(number, true);
    }

    private Fd(int number, boolean owned) {
        if (number < 0) {
            throw new IllegalArgumentException("a descriptor is 0 or more, not " + number);
        }
        state = new State(number, owned);
        cleanable = CLEANER.register(this, state);
    }

    /** A descriptor that stays somebody else's: closing this one does nothing to it. */
    public static Fd borrowed(int number) {
        return new Fd(number, false);
    }

    /** Gives the descriptor to somebody else, who closes it; this one counts as closed. */
    public int release() throws ClosedChannelException {
        int number = ensureOpen();
        state.owned = false;
        close();
        return number;
    }

    /** The number. Valid until {@link #close()}. */
    public int number() {
        return state.number;
    }

    /** Whether it was not closed yet. */
    public boolean isOpen() {
        return !state.closed.get();
    }

    /** The number, or an exception when it was closed. */
    public int ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return state.number;
    }

    /** A call that never waits, on the descriptor. */
    public interface Use<R> {
        R on(int number) throws IOException;
    }

    /** Makes a call that never waits; a close by another thread comes before or after it, so the number is ours. */
    public <R> R use(Use<R> call) throws IOException {
        synchronized (state) {
            return call.on(ensureOpen());
        }
    }

    /**
     * The same of a call that answers {@code -errno}: closed it is {@code -EBADF}, as the kernel would answer if the number were nobody
     * else's by then.
     */
    int result(IntUnaryOperator call) {
        synchronized (state) {
            return isOpen() ? call.applyAsInt(state.number) : -Errno.EBADF;
        }
    }

    /** Closes the descriptor; the second time it does nothing. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "fd " + state.number + (isOpen() ? "" : " (closed)");
    }

    /** What the cleaner keeps; it must not refer to the Fd. */
    private static final class State implements Runnable {
        private final int number;
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile boolean owned;

        private State(int number, boolean owned) {
            this.number = number;
            this.owned = owned;
        }

        @Override
        public synchronized void run() {
            if (closed.compareAndSet(false, true) && owned) {
                // On Linux the descriptor is gone whatever close answers, so there is nothing to try again.
                OsCalls.close(number);
            }
        }
    }
}
