package org.jvmipc.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PollSet;

/**
 * The one thread that a child costs its parent: it waits for what the child says, prints and for its end, all in one
 * {@code poll(2)}, and closes everything that belonged to the child when it has ended. It never blocks on the child.
 *
 * <p>Being a running thread it keeps the lifeline open, even if the application has forgotten its {@link ChildJvm}.
 */
final class ChildWatch implements Runnable {
    private static final int CONTROL = 0;
    private static final int LIFELINE = 1;
    private static final int PIDFD = 2;
    private static final int OUTPUT = 3;
    private static final int ERRORS = 4;
    private static final int SLOTS = 5;

    private static final int BUFFER_BYTES = 64 * 1024;
    /** What a pipe can still hold when its writer has ended is 1 MiB; a grandchild may write on for ever. */
    private static final int READS_AFTER_END = 17;

    private static final int TRIES_AFTER_END = 3;

    /** The pause before the next try when the kernel has no memory. */
    private static final long AGAIN_NANOS = 20_000_000;

    private final Process process;
    private final ChildSignals signals;
    private final ControlChannel control;
    private final PollSet polled;
    private final NativeBuffer buffer = new NativeBuffer(BUFFER_BYTES);
    private final @Nullable CapturedStream output;
    private final @Nullable CapturedStream errors;
    private final List<Closeable> untilReady;
    private final @Nullable Path argumentFile;
    private final boolean ownGroup;
    private boolean released;
    private volatile List<ProcFs.Stat> leftInGroup = List.of();

    /** Why the child is not heard any more. */
    private volatile @Nullable Throwable deaf;

    /** True when the child has said ready, false when it has ended without, or is not heard any more. */
    final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

    /**
     * Takes all of it over once it is {@linkplain #start started}.
     *
     * @param signals of that process
     * @param untilReady closed when the child is ready, or has ended
     * @param argumentFile deleted when the child has said hello, or has ended
     * @param ownGroup whether the child leads a process group
     */
    ChildWatch(
            Process process,
            ChildSignals signals,
            ControlChannel control,
            PollSet polled,
            @Nullable CapturedStream output,
            @Nullable CapturedStream errors,
            List<Closeable> untilReady,
            @Nullable Path argumentFile,
            boolean ownGroup) {
        this.process = process;
        this.signals = signals;
        this.control = control;
        this.polled = polled;
        this.output = output;
        this.errors = errors;
        this.untilReady = untilReady;
        this.argumentFile = argumentFile;
        this.ownGroup = ownGroup;
    }

    /** How many descriptors are waited for. */
    static PollSet newPollSet() throws IOException {
        return new PollSet(SLOTS);
    }

    ChildSignals signals() {
        return signals;
    }

    /** Why the child is not heard any more; null if it is, or was to its end. */
    @Nullable
    Throwable deaf() {
        return deaf;
    }

    static List<String> lines(@Nullable CapturedStream stream) {
        return stream == null ? List.of() : stream.tail().lines();
    }

    /** The processes of the group that the child led, as it ended. */
    List<ProcFs.Stat> leftInGroup() {
        return leftInGroup;
    }

    List<String> outputLines() {
        return lines(output);
    }

    List<String> errorLines() {
        return lines(errors);
    }

    void start(String name) {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        ExitStatus status = null;
        Throwable failure = new IllegalStateException("its end was not seen");
        try {
            watchUntilEnd();
            int exitValue = waitFor();
            status = ExitStatus.ofExitValue(exitValue);
            afterEnd();
            status = exactStatus(exitValue);
        } catch (Throwable e) {
            failure = e; // such as no memory for its last words: its end is told all the same
        } finally {
            end(status, failure);
        }
    }

    private ExitStatus exactStatus(int exitValue) {
        return process instanceof SpawnedProcess spawned
                ? ExitStatus.ofWaitStatus(spawned.waitStatus())
                : signals.exitStatus(exitValue);
    }

    private void watchUntilEnd() {
        try {
            watchSlots();
            waitForEnd();
        } catch (Throwable e) {
            // For want of heap. What remains is to wait, with the lifeline held; and what nobody reads must not block
            // the child.
            closeStreams();
            deaf = e;
            ready.complete(control.saidReady());
        }
    }

    /** Closed first: who has waited for the end finds all of it given back. */
    private void end(@Nullable ExitStatus status, Throwable failure) {
        try {
            closeAll();
        } finally {
            ready.complete(control.saidReady());
            if (status != null) {
                exit.complete(status);
            } else {
                exit.completeExceptionally(failure);
            }
        }
    }

    private void watchSlots() {
        polled.watch(CONTROL, control.reading().number(), Poll.POLLIN);
        watch(OUTPUT, output == null ? null : output.reading());
        watch(ERRORS, errors == null ? null : errors.reading());
        Fd pidfd = signals.pidfd();
        watch(PIDFD, pidfd);
        if (pidfd == null) {
            CompletableFuture<Void> unused = process.onExit().thenRun(polled::wakeup);
        }
    }

    private void watch(int slot, @Nullable Fd fd) {
        if (fd != null) {
            polled.watch(slot, fd.number(), Poll.POLLIN);
        }
    }

    private void waitForEnd() {
        boolean ended = false;
        while (!ended) {
            try {
                ended = hasEndedAtNextEvent();
            } catch (OsException e) {
                // Poll, read and write fail on these descriptors for want of kernel memory only. Nothing is lost
                // by that, and a watch that gave up would leave the child waiting for what it is to be handed.
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }

    private boolean hasEndedAtNextEvent() throws OsException {
        polled.await(Deadline.NEVER);
        if (polled.isReady(CONTROL)) {
            pump(CONTROL, control.reading(), control::received);
            afterControl();
        }
        if (polled.isReady(LIFELINE)) {
            handOver();
        }
        if (output != null && polled.isReady(OUTPUT)) {
            pump(OUTPUT, output.reading(), output.tail()::add);
        }
        if (errors != null && polled.isReady(ERRORS)) {
            pump(ERRORS, errors.reading(), errors.tail()::add);
        }
        return signals.pidfd() != null ? polled.isReady(PIDFD) : !process.isAlive();
    }

    private void pump(int slot, Fd fd, Consumer<ByteBuffer> taker) throws OsException {
        if (!CapturedStream.drain(fd, buffer, 1, taker)) {
            polled.clear(slot);
        }
    }

    private void afterControl() throws OsException {
        if (control.saidHello()) {
            deleteArgumentFile();
            handOver();
        }
        if (control.saidReady()) {
            release();
            ready.complete(true);
        }
    }

    private void handOver() throws OsException {
        polled.watch(LIFELINE, control.lifeline().number(), Poll.POLLOUT); // until all is out, also if this fails
        control.sendPending();
        if (!control.hasPending()) {
            polled.clear(LIFELINE);
        }
    }

    /** The child is a zombie by now, or the JDK has waited for it already. */
    private int waitFor() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Its last words are in the pipes still, also when a grandchild holds them open. */
    private void afterEnd() {
        if (ownGroup) {
            leftInGroup = ProcessTree.inGroup(process.pid());
        }
        takeLastWords(control.reading(), control::received);
        if (output != null) {
            takeLastWords(output.reading(), output.tail()::add);
        }
        if (errors != null) {
            takeLastWords(errors.reading(), errors.tail()::add);
        }
    }

    private void takeLastWords(Fd fd, Consumer<ByteBuffer> taker) {
        for (int attempt = 0; attempt < TRIES_AFTER_END; attempt++) {
            try {
                CapturedStream.drain(fd, buffer, READS_AFTER_END, taker);
                return;
            } catch (OsException e) {
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }

    private void closeAll() {
        release();
        deleteArgumentFile();
        control.close();
        closeStreams();
        polled.close();
        signals.close();
    }

    private void closeStreams() {
        if (output != null) {
            output.close();
        }
        if (errors != null) {
            errors.close();
        }
    }

    private void release() {
        if (!released) {
            released = true;
            Launch.closeQuietly(untilReady);
        }
    }

    private void deleteArgumentFile() {
        if (argumentFile != null) {
            try {
                Files.deleteIfExists(argumentFile);
            } catch (IOException e) {
                // It holds nothing secret, and lies where the system cleans up.
            }
        }
    }
}
