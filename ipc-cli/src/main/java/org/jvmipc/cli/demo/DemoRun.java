package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Units;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.JvmLauncher;

/**
 * One run of a demo: knows its children and its phase, ends it when its time is over, and leaves no child behind, whatever
 * happens; also when the command is ended by a signal.
 */
public final class DemoRun implements AutoCloseable {
    /** The archive of classes that the script {@code ipc} has started this JVM with: its children have the same ones. */
    private static final String ARCHIVE = "org.jvmipc.cli.archive";

    private static final long FOR_OWN_END_MILLIS = 300;

    /** A seed is chosen among so many, to be short enough for a person to type it. */
    private static final long SEEDS = 1_000_000;

    /** What is played in a run. */
    @FunctionalInterface
    public interface Script {
        /** Plays it, and judges what it saw. */
        Findings play(DemoRun run) throws IOException, InterruptedException;
    }

    private final long id = ThreadLocalRandom.current().nextLong();
    private final Object launching = new Object();
    private final DemoChildren children = new DemoChildren();
    private final ConcurrentLinkedQueue<Closeable> things = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch endingBySignal = new CountDownLatch(1);
    private final Duration timeout;
    private final Consumer<String> progress;
    private final Thread runner = Thread.currentThread();
    private final Thread limit = new Thread(this::watch, "ipc-demo-limit");
    private final Thread hook = new Thread(this::endBySignal, "ipc-demo-killer");
    private volatile String phase = "starting";
    private volatile boolean timedOut;
    private volatile List<ChildJvm> stopped = List.of();

    private DemoRun(Duration timeout, Consumer<String> progress) {
        this.timeout = timeout;
        this.progress = progress;
        limit.setDaemon(true);
        limit.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Plays a demo to its end, and looks at what it has left behind.
     *
     * @throws DemoTimeoutException if it took longer than allowed
     * @throws IOException if it could not be carried out
     * @throws InterruptedException if interrupted
     */
    public static DemoReport play(DemoOptions options, Consumer<String> progress, Script script)
            throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        Leftovers leftovers = Leftovers.since();
        Findings findings;
        try (DemoRun run = new DemoRun(options.timeout(), progress)) {
            findings = run.play(script);
        }
        return findings.report(leftovers.list(), System.nanoTime() - startNanos);
    }

    private Findings play(Script script) throws IOException, InterruptedException {
        try {
            return script.play(this);
        } catch (IOException e) {
            throw explained(e);
        } catch (InterruptedException e) {
            if (timedOut) {
                throw tooLong(e);
            }
            throw e;
        }
    }

    /** A number no other run has. */
    public long id() {
        return id;
    }

    /** What decides all that a demo leaves to chance: the one that was asked for, or another one each time. */
    public long seed(DemoOptions options) {
        long asked = options.faults().seed();
        return asked == 0 ? 1 + Math.floorMod(id, SEEDS) : asked;
    }

    /** Says what comes now, as in "waiting for ...". */
    public void phase(String text) {
        phase = text;
        progress.accept(text);
    }

    /** Has it closed when the command is ended by a signal, in case nobody gets to it otherwise. */
    public void closeBySignal(Closeable thing) {
        things.add(thing);
    }

    // ---- children

    /** A launcher for a child of a demo: such a child lives for a second, so its JVM is made to start fast. */
    public static JvmLauncher launcher(Class<?> main, String... arguments) {
        JvmLauncher launcher = JvmLauncher.of(main)
                .arguments(arguments)
                .jvmArguments("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData");
        String archive = System.getProperty(ARCHIVE);
        // Where the archive does not fit, the child starts without it, and nobody needs to hear of it.
        return archive == null ? launcher : launcher.jvmArguments("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
    }

    /** Starts a child, and does not wait until it is ready. */
    ChildJvm launch(String role, JvmLauncher launcher) throws IOException {
        phase("starting the " + role);
        synchronized (launching) {
            ChildJvm child = launcher.start();
            children.add(child, role);
            return child;
        }
    }

    /** Waits until the child has ended. */
    Peer end(ChildJvm child) throws InterruptedException {
        String role = children.role(child);
        phase("waiting for the " + role + " to end");
        ExitStatus status = child.awaitExit();
        return new Peer(role, child.pid(), status);
    }

    // ---- an end before its time

    private void watch() {
        try {
            if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                stopped = children.stopped(); // known only while they live
                timedOut = true;
                runner.interrupt();
                children.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endBySignal() {
        endingBySignal.countDown();
        synchronized (launching) { // a child that is being started is one of those to be killed
            children.kill();
        }
        for (Closeable thing : things) {
            try {
                thing.close();
            } catch (IOException e) {
                // the next run removes it
            }
        }
    }

    /** The exception as a person wants to read it: what took too long, which child is gone and what it said last. */
    private IOException explained(IOException e) {
        if (timedOut) {
            return tooLong(e);
        }
        if (!(e instanceof PeerGoneException gone)) {
            return e;
        }
        String text = "while " + phase + children.obituaries();
        if (children.someEndedByTerminal()) {
            awaitOwnEnd();
        }
        PeerGoneException explained = new PeerGoneException(gone.reason(), gone.address(), text);
        explained.initCause(gone);
        return explained;
    }

    /** A terminal's Ctrl-C goes to all, so this process ends now, without a word. */
    private void awaitOwnEnd() {
        try {
            endingBySignal.await(FOR_OWN_END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DemoTimeoutException tooLong(Exception e) {
        StringBuilder text = new StringBuilder("not done after " + Units.formatDuration(timeout) + ", while " + phase);
        String fix = "give it more time with -t";
        for (ChildJvm child : stopped) {
            text.append("; the ").append(children.role(child)).append(' ').append(child.pid());
            text.append(" is stopped");
            fix = "run it again, and find out what stops its child: 'kill -CONT " + child.pid()
                    + "' would have let this one go on";
        }
        return new DemoTimeoutException(text + children.lastWords(), fix, e);
    }

    /** Ends what still lives. */
    @Override
    public void close() throws IOException {
        over.countDown();
        boolean interrupted = Thread.interrupted() && !timedOut;
        children.kill();
        children.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is on its way out
        }
    }
}
