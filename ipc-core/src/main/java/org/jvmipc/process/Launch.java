package org.jvmipc.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.BlockedSignals;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PollSet;
import org.jvmipc.internal.posix.SpawnCalls;

/** One start of a child: opens what it takes, and closes all of it if that fails anywhere. */
final class Launch {
    /** What the JDK opens to start a process: three for the redirections, two pipes, and one for its helper. */
    private static final int JDK_DESCRIPTORS = 8;

    /** What is killed is gone long before, unless the kernel is in trouble. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final JvmLauncher launcher;
    private final List<Closeable> untilReady;
    private final List<Closeable> undo = new ArrayList<>();

    /** @param untilReady closed when the child is ready, has ended, or was not started */
    Launch(JvmLauncher launcher, List<Closeable> untilReady) {
        this.launcher = launcher;
        this.untilReady = untilReady;
    }

    ChildJvm start() throws IOException {
        try {
            return tryStart();
        } catch (Throwable e) {
            closeQuietly(undo);
            closeQuietly(untilReady);
            throw e;
        }
    }

    private ChildJvm tryStart() throws IOException {
        Path java = java();
        checkDirectory();
        PollSet polled = undoable(ChildWatch.newPollSet(), PollSet::close);
        ControlChannel control = undoable(new ControlChannel(), ControlChannel::close);
        CommandLine command = commandLine(java, control);
        Path argumentFile = command.argumentFile();
        if (argumentFile != null) {
            undo.add(() -> Files.deleteIfExists(argumentFile));
        }
        control.handOver(handOver(command.viaChannel()));
        ProcessBuilder builder = new ProcessBuilder(command.words());
        CapturedStream output = redirectOutput(builder);
        CapturedStream errors = redirectErrors(builder);
        redirectInput(builder);
        checkDescriptors(control);
        Process process = start(builder);
        undo.add(() -> abandon(process));
        closeChildEnds(output, errors);
        ChildSignals signals = undoable(new ChildSignals(process.toHandle()), ChildSignals::close);
        ChildWatch watch = new ChildWatch(
                process, signals, control, polled, output, errors, untilReady, argumentFile, launcher.ownGroup);
        ChildJvm child = new ChildJvm(launcher.mainClass, identity(process), launcher.ownGroup, watch);
        watch.start("ipc-child-" + process.pid());
        return child;
    }

    /** Something that has to be closed if a later step fails. */
    private interface Closing<T> {
        void close(T opened) throws IOException;
    }

    private <T> T undoable(T opened, Closing<T> closing) {
        undo.add(() -> closing.close(opened));
        return opened;
    }

    private Path java() throws IpcException {
        Path java = launcher.javaHome.resolve("bin").resolve("java");
        if (!Files.isExecutable(java)) {
            throw new IpcException("cannot start " + launcher.mainClass + ": there is no java command at " + java
                    + "; name a Java home that has one");
        }
        return java;
    }

    private void checkDirectory() throws IpcException {
        Path directory = launcher.directory;
        if (directory != null && !Files.isDirectory(directory)) {
            throw new IpcException(
                    "cannot start " + launcher.mainClass + ": its working directory is no directory: " + directory);
        }
    }

    private CommandLine commandLine(Path java, ControlChannel control) throws IpcException {
        try {
            return CommandLine.of(launcher, java, control.property(flags()));
        } catch (IOException e) {
            throw OsCalls.asLimit(e, "cannot start " + launcher.mainClass);
        }
    }

    private String flags() {
        return (launcher.detached ? "" + ControlLines.DETACHED : "")
                + (launcher.ownGroup ? ControlLines.OWN_GROUP : "")
                + (launcher.connectedStdin != null ? ControlLines.DATA_STDIN : "")
                + (launcher.connectedStdout != null ? ControlLines.DATA_STDOUT : "");
    }

    private String handOver(List<String> arguments) {
        StringBuilder lines = new StringBuilder();
        for (String argument : arguments) {
            lines.append(ControlLines.ARGUMENT)
                    .append(ControlLines.escape(argument))
                    .append('\n');
        }
        for (Map.Entry<String, Address> entry : launcher.addresses.entrySet()) {
            lines.append(ControlLines.ADDRESS)
                    .append(entry.getKey())
                    .append(' ')
                    .append(ControlLines.escape(entry.getValue().toString()))
                    .append('\n');
        }
        return lines.append(ControlLines.END).append('\n').toString();
    }

    private @Nullable CapturedStream redirectOutput(ProcessBuilder builder) throws IOException {
        Path data = launcher.connectedStdout;
        if (data != null) {
            builder.redirectOutput(data.toFile());
            return null;
        }
        CapturedStream captured = capture(launcher.stdout);
        builder.redirectOutput(captured == null ? launcher.stdout.forOutput() : captured.redirect());
        return captured;
    }

    private @Nullable CapturedStream redirectErrors(ProcessBuilder builder) throws IOException {
        CapturedStream captured = capture(launcher.stderr);
        builder.redirectError(captured == null ? launcher.stderr.forOutput() : captured.redirect());
        return captured;
    }

    private @Nullable CapturedStream capture(Stdio stdio) throws IOException {
        return stdio.isCapture() ? undoable(new CapturedStream(), CapturedStream::close) : null;
    }

    private void redirectInput(ProcessBuilder builder) {
        Path data = launcher.connectedStdin;
        builder.redirectInput(data == null ? launcher.stdin.forInput() : ProcessBuilder.Redirect.from(data.toFile()));
    }

    /**
     * Makes sure that there are descriptors for the JDK before it starts: out of them half-way it closes this process's
     * standard input and leaves some of its own open.
     */
    private void checkDescriptors(ControlChannel control) throws IpcException {
        List<Closeable> held = new ArrayList<>();
        try {
            for (int i = 0; i < JDK_DESCRIPTORS; i++) {
                held.add(OsCalls.duplicate(control.reading().number())::close);
            }
        } catch (LimitException e) {
            throw OsCalls.asLimit(e, "cannot start " + launcher.mainClass);
        } finally {
            closeQuietly(held);
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        if (launcher.directory != null) {
            builder.directory(launcher.directory.toFile());
        }
        if (launcher.blockedSignals != 0 || BlockedSignals.isAny()) {
            if (SpawnCalls.isAvailable()) {
                return spawn(builder);
            }
            if (launcher.blockedSignals != 0) {
                throw new UnsupportedMechanismException(
                        "cannot start " + launcher.mainClass
                                + " with signals blocked: the C library has no posix_spawn_file_actions_addclosefrom_np (glibc 2.34)");
            }
        }
        for (Map.Entry<String, @Nullable String> change : launcher.environment.entrySet()) {
            String value = change.getValue();
            if (value == null) {
                builder.environment().remove(change.getKey());
            } else {
                builder.environment().put(change.getKey(), value);
            }
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw OsCalls.asLimit(e, "cannot start " + launcher.mainClass);
        }
    }

    /** Kills a child that was started in vain. Of one that nobody else waits for, its entry is taken from the process table. */
    private static void abandon(Process process) {
        Deadline deadline = Deadline.after(DEATH);
        process.destroyForcibly();
        while (process instanceof SpawnedProcess && process.isAlive() && !deadline.passed()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            process.destroyForcibly();
        }
    }

    /** With a signal mask that says what is blocked in the child, and does not depend on what is blocked here. */
    private Process spawn(ProcessBuilder builder) throws IOException {
        try {
            return SpawnedProcess.start(builder, launcher.environment, launcher.blockedSignals);
        } catch (IOException e) {
            throw e instanceof LimitException ? e : OsCalls.asLimit(e, "cannot start " + launcher.mainClass);
        }
    }

    private static void closeChildEnds(@Nullable CapturedStream output, @Nullable CapturedStream errors) {
        if (output != null) {
            output.started();
        }
        if (errors != null) {
            errors.started();
        }
    }

    /** With start time 0, which no process has, if it has ended already. */
    private ProcessIdentity identity(Process process) throws IpcException {
        long startTime = 0;
        try {
            startTime = ProcFs.read(process.pid()).startTime();
        } catch (IOException e) {
            // The JDK may have waited for it and not said so yet; then it is not there any more.
            if (process.isAlive() && Files.exists(Path.of("/proc", Long.toString(process.pid())))) {
                throw OsCalls.asLimit(e, "cannot start " + launcher.mainClass);
            }
        }
        return new ProcessIdentity(process.pid(), startTime, ProcFs.bootId(), ProcFs.pidNamespace("self"));
    }

    static void closeQuietly(List<Closeable> closeables) {
        for (Closeable closeable : closeables) {
            try {
                closeable.close();
            } catch (Throwable e) {
                // On Linux it is closed all the same; and the rest is closed whatever went wrong with this one.
            }
        }
    }
}
