package org.jvmipc.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * A child process that is a JVM, in its parent's hands.
 *
 * <pre>{@code
 * try (ChildJvm child = JvmLauncher.of(Worker.class).arguments("-v").start()) {
 *     child.awaitReady();                                    // the worker called ParentJvm.get().ready()
 *     ...
 *     ExitStatus status = child.awaitExit();
 * }                                                          // still running? terminated, then killed
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>waits</th><th>not yet: at once, or after the time</th><th>ended</th></tr>
 * <tr><td>ready</td><td>{@link #awaitReady()}</td><td>{@link #isReady()}, {@link #tryAwaitReady(Duration)}: false</td>
 * <td>{@link ChildFailedException}, unless it had been ready</td></tr>
 * <tr><td>end</td><td>{@link #awaitExit()}</td><td>{@link #tryAwaitExit(Duration)}: null</td>
 * <td>its {@link ExitStatus}</td></tr>
 * </table>
 *
 * <p>A child ends when its parent is gone, however it went, unless it is {@linkplain JvmLauncher#detached() detached}. A
 * stopped child (SIGSTOP) is not a dead one: waits for it go on. When a child has ended, all that it cost its parent
 * (descriptors, one thread) is given back, whether this object is closed or not, and forgetting this object does the child
 * no harm.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> Signals go through a pidfd and never hit a later process with the same number. Without pidfds
 * (kernels before 5.3, some sandboxes) only SIGTERM and SIGKILL are to be had, and the JDK compares start times.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration DEATH = Duration.ofSeconds(10);

    private final String mainClass;
    private final ProcessIdentity identity;
    private final boolean ownGroup;
    private final ChildWatch watch;

    ChildJvm(String mainClass, ProcessIdentity identity, boolean ownGroup, ChildWatch watch) {
        this.mainClass = mainClass;
        this.identity = identity;
        this.ownGroup = ownGroup;
        this.watch = watch;
    }

    /** Its process number. */
    public long pid() {
        return identity.pid();
    }

    /** The process, told apart from later ones with its number. */
    public ProcessIdentity identity() {
        return identity;
    }

    // ---- readiness

    /**
     * Waits until the child calls {@link ParentJvm#ready()}.
     *
     * @throws ChildFailedException if it ended without
     * @throws IOException if it is not heard any more, because this JVM has no memory; it lives on
     * @throws InterruptedException if interrupted; the child goes on
     */
    public void awaitReady() throws IOException, InterruptedException {
        awaitReady(Deadline.NEVER);
    }

    /**
     * Waits at most the given time until the child calls {@link ParentJvm#ready()}.
     *
     * @return false if the time passed; the child goes on
     * @throws ChildFailedException if it ended without
     * @throws IOException if it is not heard any more, because this JVM has no memory; it lives on
     * @throws InterruptedException if interrupted; the child goes on
     */
    public boolean tryAwaitReady(Duration timeout) throws IOException, InterruptedException {
        return awaitReady(Deadline.after(timeout));
    }

    private boolean awaitReady(Deadline deadline) throws IOException, InterruptedException {
        Boolean ready = await(watch.ready, deadline);
        if (ready != null && !ready) {
            Throwable deaf = watch.deaf();
            if (deaf != null) {
                throw new IpcException(this + " is not heard any more: " + deaf.getMessage(), deaf);
            }
            // Only an ended child is not ready for good; its status follows at once.
            throw new ChildFailedException(toString(), awaitExit(), lastErrorLines());
        }
        return ready != null;
    }

    /** Whether it has called {@link ParentJvm#ready()}; true still when it has ended after that. */
    public boolean isReady() {
        return watch.ready.isDone() && watch.ready.join();
    }

    // ---- the end

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return !watch.exit.isDone();
    }

    /**
     * Waits until the child ends.
     *
     * @throws InterruptedException if interrupted; the child goes on
     */
    public ExitStatus awaitExit() throws InterruptedException {
        ExitStatus status = await(watch.exit, Deadline.NEVER);
        if (status == null) {
            throw new IllegalStateException("the wait without end has ended");
        }
        return status;
    }

    /**
     * Waits at most the given time until the child ends.
     *
     * @return null if the time passed
     * @throws InterruptedException if interrupted; the child goes on
     */
    public @Nullable ExitStatus tryAwaitExit(Duration timeout) throws InterruptedException {
        return await(watch.exit, Deadline.after(timeout));
    }

    /** Completed when the child has ended; completing or cancelling it does nothing to the child. */
    public CompletableFuture<ExitStatus> onExit() {
        return watch.exit.copy();
    }

    private static <T> @Nullable T await(CompletableFuture<T> future, Deadline deadline) throws InterruptedException {
        try {
            return future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the watch over a child failed", e.getCause());
        }
    }

    // ---- signals

    /**
     * Sends it a signal, such as 19 (SIGSTOP) or 18 (SIGCONT).
     *
     * @param number 1 to 64
     * @return false if it has ended
     * @throws IOException if the operating system refused
     */
    public boolean signal(int number) throws IOException {
        if (number < 1 || number > SignalNames.SIGRTMAX) {
            throw new IllegalArgumentException("a signal is 1 to " + SignalNames.SIGRTMAX + ", not " + number);
        }
        return watch.signals().send(number);
    }

    /**
     * Asks it to end (SIGTERM, which runs its shutdown hooks; and SIGCONT, in case it is stopped), and kills it if it has
     * not within the grace.
     *
     * @return how it ended
     * @throws InterruptedException if interrupted; it was asked, and not killed
     * @throws IOException if the operating system refused
     */
    public ExitStatus terminate(Duration grace) throws IOException, InterruptedException {
        askToEnd();
        ExitStatus status = tryAwaitExit(grace);
        if (status == null) {
            kill();
            status = awaitExit();
        }
        return status;
    }

    private void askToEnd() throws IOException {
        if (!watch.signals().send(SignalNames.SIGTERM)) {
            return;
        }
        try {
            watch.signals().send(SignalNames.SIGCONT);
        } catch (UnsupportedMechanismException e) {
            // then SIGKILL has to do it
        }
    }

    /**
     * Kills it at once (SIGKILL); nothing of it runs any more. Does nothing if it has ended. Its own children live on;
     * those that are JVMs of this toolkit end by themselves.
     *
     * @throws IOException if the operating system refused
     */
    public void kill() throws IOException {
        watch.signals().send(SignalNames.SIGKILL);
    }

    /**
     * Kills it with all that descends from it, detached or not, and waits until they have ended. Of a child that
     * {@linkplain JvmLauncher#ownGroup() leads its own group} all members of the group are killed too, also after the
     * child itself has ended; otherwise what descended from an ended child cannot be found any more.
     *
     * @throws IOException if the operating system refused, or some did not end within 5 s
     * @throws InterruptedException if interrupted while waiting for their end
     */
    public void killTree() throws IOException, InterruptedException {
        List<ProcFs.Stat> roots = roots();
        long group = ownGroup && leadsGroup(roots) ? pid() : 0;
        if (!roots.isEmpty()) {
            ProcessTree.kill(roots, group);
        }
        kill();
        awaitExit();
    }

    /** The child while it lives; then those of its group that it left. */
    private List<ProcFs.Stat> roots() {
        ProcFs.Stat child = ProcFs.stat(pid());
        if (child != null && child.startTime() == identity.startTime() && !child.hasEnded()) {
            return List.of(child);
        }
        // As long as one of those lives in the group, its number is not given again.
        return watch.leftInGroup().stream().filter(ProcessTree::isSame).toList();
    }

    private boolean leadsGroup(List<ProcFs.Stat> roots) {
        for (ProcFs.Stat root : roots) {
            try {
                if (ProcessCalls.processGroup(root.pid()) == pid()) {
                    return true;
                }
            } catch (IpcException e) {
                // ended meanwhile
            }
        }
        return false;
    }

    // ---- what it printed

    /** The last lines of its standard error, oldest first, if it is captured; at most 200 and 64 KiB. */
    public List<String> lastErrorLines() {
        return watch.errorLines();
    }

    /** The last lines of its standard output, oldest first, if it is captured; at most 200 and 64 KiB. */
    public List<String> lastOutputLines() {
        return watch.outputLines();
    }

    /**
     * Sees to it that the child is gone: if it runs, it is terminated with 2 s of grace and then killed. An interrupt
     * shortens the grace and stays set.
     *
     * @throws IOException if it could not be ended
     */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            interrupted |= !interrupted && interruptedInGrace();
            kill();
            awaitDeath();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Asks it to end and waits for the grace; whether an interrupt, which is cleared, cut that short. */
    private boolean interruptedInGrace() {
        try {
            askToEnd();
            tryAwaitExit(GRACE);
            return false;
        } catch (InterruptedException e) {
            return true;
        } catch (IOException e) {
            return false; // it is killed all the same
        }
    }

    /** An interrupt stays set. */
    private void awaitDeath() throws IpcException {
        boolean interrupted = false;
        Deadline deadline = Deadline.after(DEATH);
        try {
            while (isAlive()) {
                try {
                    await(watch.exit, deadline);
                } catch (InterruptedException e) {
                    interrupted = true; // death is a matter of milliseconds
                }
                if (deadline.passed()) {
                    throw new IpcException(this + " has not ended " + DEATH.toSeconds() + " s after SIGKILL");
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "child JVM " + pid() + " (" + mainClass + ")";
    }
}
