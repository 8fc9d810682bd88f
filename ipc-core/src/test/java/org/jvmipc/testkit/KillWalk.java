package org.jvmipc.testkit;

import java.nio.file.Path;
import java.util.List;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;

/**
 * Starts a child JVM again and again, which is killed at its first native call, directly after it, at its second, and so
 * on, until it ends by itself without having been struck. What the round has to show is what the others make of it; see
 * {@link FaultSeam} for an example.
 *
 * <p>In the suite only a handful of calls is tried, closer together at the beginning; in a campaign all of them.
 */
public final class KillWalk {
    /** One round of a walk: starts the child, and sees what becomes of it. */
    @FunctionalInterface
    public interface Steps {
        void run(Victim victim) throws Exception;
    }

    /** A walk that has not come to its end here never will. */
    private static final int LONGEST = 2_000;

    private Path[] directories = {};
    private boolean fromStart;

    /** Names below these directories are to be gone after each round. */
    public KillWalk watching(Path... watched) {
        directories = watched.clone();
        return this;
    }

    /** Counts the child's calls from its start, not only those in {@link FaultSeam#underKill}. */
    public KillWalk fromStart() {
        fromStart = true;
        return this;
    }

    /**
     * Walks.
     *
     * @return how many children were killed
     */
    public int walk(Steps steps) throws Exception {
        int kills = 0;
        int number = 1;
        for (boolean after = false; number < LONGEST; after = !after) {
            if (!isKilled(steps, after ? number + "+" : Integer.toString(number))) {
                return kills;
            }
            kills++;
            if (!Campaign.isOn()) {
                number = 2 * number + 1;
            } else if (after) {
                number++;
            }
        }
        throw new AssertionError("after " + LONGEST + " native calls the child is not at its end");
    }

    private boolean isKilled(Steps steps, String order) throws Exception {
        Victim victim = new Victim(order, fromStart);
        try {
            NoLeaks.watching(directories).check(() -> steps.run(victim));
        } catch (AssertionError | Exception e) {
            throw new AssertionError("kill " + order + " " + victim.lastWords + ": " + e.getMessage(), e);
        }
        return victim.isKilled();
    }

    /** The child of one round. */
    public static final class Victim {
        private final String order;
        private final boolean fromStart;
        private List<String> lastWords = List.of();
        private boolean ended;
        private boolean killed;

        private Victim(String order, boolean fromStart) {
            this.order = order;
            this.fromStart = fromStart;
        }

        /** For a child that runs this program and will be killed. */
        public JvmLauncher launcher(Class<? extends ChildProgram> program, Object... arguments) {
            JvmLauncher launcher =
                    FaultSeam.launcher(program, arguments).jvmArguments("-D" + FaultSeam.KILL_PROPERTY + "=" + order);
            return fromStart ? launcher.jvmArguments("-D" + FaultSeam.FROM_START_PROPERTY + "=true") : launcher;
        }

        /** Starts such a child. */
        public ChildJvm start(Class<? extends ChildProgram> program, Object... arguments) throws Exception {
            return launcher(program, arguments).start();
        }

        /**
         * Waits until the child has ended: killed by the seam, or by itself with code 0.
         *
         * @return whether it was killed
         */
        public boolean awaitEnd(ChildJvm child) throws Exception {
            try {
                killed = FaultSeam.awaitEnd(child);
            } finally {
                lastWords = child.lastErrorLines();
            }
            ended = true;
            return killed;
        }

        private boolean isKilled() {
            if (!ended) {
                throw new AssertionError("the round does not wait for the child's end");
            }
            return killed;
        }
    }
}
