package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
final class DemoRun implements AutoCloseable {
    private static final Duration TO_DIE = Duration.ofSeconds(5);

    /** The exit codes of a JVM ended by SIGHUP, SIGINT, SIGTERM. */
    private static final Set<Integer> TERMINAL_SIGNALS = Set.of(129, 130, 143);

    private static final long FOR_OWN_END_MILLIS = 300;

    private final long id = ThreadLocalRandom.current().nextLong();
    private final Map<ChildJvm, String> children = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch endingBySignal = new CountDownLatch(1);
    private final Duration timeout;
    private final Consumer<String> progress;
    private final Thread runner = Thread.currentThread();
    private final Thread limit = new Thread(this::watch, "ipc-demo-limit");
    private final Thread hook = new Thread(this::endBySignal, "ipc-demo-killer");
    private volatile String phase = "starting";
    private volatile boolean timedOut;
    private volatile List<Long> stoppedPids = List.of();

    DemoRun(Duration timeout, Consumer<String> progress) {
        this.timeout = timeout;
        this.progress = progress;
        limit.setDaemon(true);
        limit.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** A number no other run has. */
    long id() {
        return id;
    }

    /** Says what comes now, as in "waiting for ...". */
    void phase(String text) {
        phase = text;
        progress.accept(text);
    }

    /** A launcher for a child of a demo: such a child lives for a second, so its JVM is made to start fast. */
    static JvmLauncher launcher(Class<?> main, String... arguments) {
        return JvmLauncher.of(main)
                .arguments(arguments)
                .jvmArguments("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");
    }

    /** Starts a child and waits until it is ready. */
    ChildJvm start(String role, JvmLauncher launcher) throws IOException, InterruptedException {
        phase("starting the " + role);
        ChildJvm child = launcher.start();
        children.put(child, role);
        child.awaitReady();
        return child;
    }

    /** Waits until the child has ended. */
    Peer end(ChildJvm child) throws InterruptedException {
        String role = children.getOrDefault(child, "child");
        phase("waiting for the " + role + " to end");
        ExitStatus status = child.awaitExit();
        return new Peer(role, child.pid(), status);
    }

    private void watch() {
        try {
            if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                stoppedPids = stopped(); // known only while they live
                timedOut = true;
                runner.interrupt();
                killAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The exception as a person wants to read it: what took too long, which child is gone and what it said last. */
    IOException explained(IOException e) {
        if (timedOut) {
            return tooLong(e);
        }
        if (!(e instanceof PeerGoneException gone)) {
            return e;
        }
        StringBuilder text = new StringBuilder("while ").append(phase);
        for (Map.Entry<ChildJvm, String> entry : children.entrySet()) {
            text.append(": the ").append(entry.getValue()).append(' ').append(obituary(entry.getKey()));
        }
        PeerGoneException explained = new PeerGoneException(gone.reason(), gone.address(), text.toString());
        explained.initCause(gone);
        return explained;
    }

    /** What an interrupt means: the end of the time, if it is over. */
    IOException explained(InterruptedException e) throws InterruptedException {
        if (timedOut) {
            return tooLong(e);
        }
        throw e;
    }

    private DemoTimeoutException tooLong(Exception e) {
        StringBuilder text = new StringBuilder("not done after " + Units.formatDuration(timeout) + ", while " + phase);
        String fix = "give it more time with -t";
        for (Map.Entry<ChildJvm, String> entry : children.entrySet()) {
            ChildJvm child = entry.getKey();
            if (stoppedPids.contains(child.pid())) {
                text.append("; the ")
                        .append(entry.getValue())
                        .append(' ')
                        .append(child.pid())
                        .append(" is stopped");
                fix = "run it again, and find out what stops its child: 'kill -CONT " + child.pid()
                        + "' would have let this one go on";
            }
            text.append(lastWords(child));
        }
        return new DemoTimeoutException(text.toString(), fix, e);
    }

    private static String lastWords(ChildJvm child) {
        List<String> lines = child.lastErrorLines();
        return lines.isEmpty() ? "" : "; its last words: " + String.join(" | ", lines);
    }

    private String obituary(ChildJvm child) {
        StringBuilder text = new StringBuilder().append(child.pid());
        try {
            ExitStatus status = child.tryAwaitExit(Duration.ofSeconds(1));
            text.append(status == null ? " lives, but has closed its end" : " ended: " + status);
            if (status != null && TERMINAL_SIGNALS.contains(status.code())) {
                // A terminal's Ctrl-C goes to the parent too, which then ends now, without a word.
                endingBySignal.await(FOR_OWN_END_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text.append(lastWords(child)).toString();
    }

    /** The children that a signal or a debugger has stopped. */
    private List<Long> stopped() {
        return children.keySet().stream()
                .map(ChildJvm::pid)
                .filter(DemoRun::isStopped)
                .toList();
    }

    private static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2; // behind the name, which may hold anything
            return state < stat.length() && (stat.charAt(state) == 'T' || stat.charAt(state) == 't');
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private void endBySignal() {
        endingBySignal.countDown();
        killAll();
    }

    private void killAll() {
        for (ChildJvm child : children.keySet()) {
            try {
                child.kill();
                child.tryAwaitExit(TO_DIE);
            } catch (IOException e) {
                // it ends by itself once this process is gone
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends what still lives. */
    @Override
    public void close() throws IOException {
        over.countDown();
        boolean interrupted = Thread.interrupted() && !timedOut;
        killAll();
        for (ChildJvm child : children.keySet()) {
            child.close();
        }
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
