package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Errno;

/**
 * Runs an operation again and again, while the first, then the second, then the third native call of it fails, until it
 * completes without one having failed. Each time it has to end soon, with success or an {@link IpcException} that names
 * the call or its error; to succeed right afterwards, without any manual step; and to leave nothing behind.
 *
 * <p>What the operation needs is made in the round, outside {@link Round#run}, and is not struck; see {@link FaultSeam} for
 * an example. A first round without any fault loads what stays, and shows which calls there are.
 */
public final class FaultWalk {
    /** One round of a walk. */
    @FunctionalInterface
    public interface Steps {
        void run(Round round) throws Exception;
    }

    /** A walk that has not come to its end here never will. */
    private static final int LONGEST = 2_000;

    /** The most likely error of each call, and where there is one EINTR, which is never to be seen. */
    private static final int KINDS_IN_SUITE = 2;

    private static final int KINDS = 5;

    /**
     * Of the same call again and again, one for each open file of the whole machine say, these many are struck at the
     * beginning, and at the end.
     */
    private static final int LOOP_ENDS = 4;

    private int kinds = Campaign.size(KINDS_IN_SUITE, KINDS);
    private boolean everyThread;
    private Path[] directories = {};

    /** Names below these directories are to be gone after each round, too. */
    public FaultWalk watching(Path... watched) {
        directories = watched.clone();
        return this;
    }

    /** Lets calls fail in whichever thread they are made, not only in the one that runs the operation. */
    public FaultWalk everyThread() {
        everyThread = true;
        return this;
    }

    /** In the suite, with the most likely error of each call only: for operations that take long. */
    public FaultWalk onceInSuite() {
        kinds = Campaign.size(1, KINDS);
        return this;
    }

    /**
     * Walks.
     *
     * @return in how many rounds a call was made to fail
     */
    public int walk(Steps steps) throws Exception {
        int strikes = 0;
        for (int kind = 0; kind < kinds; kind++) {
            strikes += walk(steps, kind);
        }
        return strikes;
    }

    private int walk(Steps steps, int kind) throws Exception {
        int strikes = 0;
        List<String> known = run(steps, Strike.counting());
        for (int number = 1; number < LONGEST; number++) {
            // A round in which nothing can fail is spared, as far as earlier ones show what comes.
            if (number <= known.size()
                    && (Faults.of(known.get(number - 1), kind) == 0 || isSpared(known, number - 1))) {
                continue;
            }
            Strike strike = Strike.failingByKind(number, kind);
            List<String> calls = run(steps, strike);
            if (strike.call() == null) {
                return strikes;
            }
            strikes += strike.errno() == 0 ? 0 : 1;
            known = calls.size() > known.size() ? calls : known;
        }
        throw new AssertionError("after " + LONGEST + " native calls the operation is not at its end");
    }

    /** Whether the call is in the middle of a loop that makes the same one very often: in a campaign none is spared. */
    private static boolean isSpared(List<String> calls, int index) {
        return !Campaign.isOn()
                && index >= LOOP_ENDS
                && index + LOOP_ENDS < calls.size()
                && calls.subList(index - LOOP_ENDS, index + LOOP_ENDS + 1).stream()
                        .allMatch(calls.get(index)::equals);
    }

    private List<String> run(Steps steps, Strike strike) throws Exception {
        if (everyThread) {
            strike.everyThread();
        }
        try {
            NoLeaks.watching(directories).check(() -> {
                try (Worker<Boolean> worker = Worker.run(() -> steps.run(new Round(strike)))) {
                    worker.result();
                }
            });
        } catch (AssertionError | Exception e) {
            throw new AssertionError(strike + ": " + e.getMessage(), e);
        }
        return strike.calls();
    }

    /** What is done under the seam in one round; the calls are counted through all of it. */
    public static final class Round {
        private final Strike strike;

        private Round(Strike strike) {
            this.strike = strike;
        }

        /** Does it under the seam; if that fails, once more without, which must succeed. */
        public void run(Worker.Action operation) throws Exception {
            call(() -> {
                operation.run();
                return true;
            });
        }

        /** As {@link #run}, with a result. */
        public <R> R call(Callable<R> operation) throws Exception {
            try {
                return struck(operation);
            } catch (StruckException e) {
                return again(operation, e);
            }
        }

        /** Does it under the seam once; false if it failed. For what need not succeed afterwards. */
        public boolean attempt(Worker.Action operation) throws Exception {
            try {
                return struck(() -> {
                    operation.run();
                    return true;
                });
            } catch (StruckException e) {
                return false;
            }
        }

        private <R> R struck(Callable<R> operation) throws Exception {
            boolean before = strike.call() != null;
            strike.arm();
            try (strike) {
                return operation.call();
            } catch (IpcException e) {
                String call = strike.call();
                if (before || call == null) {
                    throw new AssertionError("failed without any fault: " + e, e);
                }
                if (!names(e, call)) {
                    throw new AssertionError("does not name the call " + call + ": " + e, e);
                }
                throw new StruckException(e);
            }
        }

        private boolean names(@Nullable Throwable error, String call) {
            return error != null
                    && (String.valueOf(error.getMessage()).contains(call)
                            || String.valueOf(error.getMessage()).contains(Errno.name(strike.errno()))
                            || names(error.getCause(), call));
        }

        private static <R> R again(Callable<R> operation, StruckException first) throws Exception {
            try {
                return operation.call();
            } catch (IOException | RuntimeException e) {
                e.addSuppressed(first);
                throw new AssertionError("fails afterwards too: " + e, e);
            }
        }
    }

    /** The operation failed because of the strike. */
    private static final class StruckException extends Exception {
        private static final long serialVersionUID = 1L;

        private StruckException(IpcException cause) {
            super(cause);
        }
    }
}
