package org.jvmipc.process;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.BlockedSignals;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.SignalQueueCalls;
import org.jvmipc.internal.posix.SpawnCalls;

/**
 * A process that was started with a signal mask of its own, by {@code posix_spawn(3)}. What {@link ProcessBuilder}
 * starts inherits this thread's mask on some JDKs and has an empty one on others.
 *
 * <p>Nobody else waits for it, so its number stays its own until this object has waited.
 */
final class SpawnedProcess extends Process {
    private static final int FILE_MODE = 0666;
    private static final int SIGNALLED = 128;

    private final int pid;
    private int status = -1;
    private @Nullable IOException lost;

    private SpawnedProcess(int pid) {
        this.pid = pid;
    }

    /**
     * Starts what the builder describes.
     *
     * @param changes variables of the environment; null takes one away
     * @param mask the signals it has blocked, bit n-1 for signal n
     */
    static SpawnedProcess start(ProcessBuilder builder, Map<String, @Nullable String> changes, long mask)
            throws IOException {
        List<Closeable> opened = new ArrayList<>();
        try {
            List<@Nullable Fd> standard = new ArrayList<>();
            for (ProcessBuilder.Redirect each :
                    List.of(builder.redirectInput(), builder.redirectOutput(), builder.redirectError())) {
                Fd fd = open(each);
                standard.add(fd);
                if (fd != null) {
                    opened.add(fd::close);
                }
            }
            Charset charset = CommandLine.nativeCharset();
            List<byte[]> words = new ArrayList<>();
            builder.command().forEach(word -> words.add(word.getBytes(charset)));
            String directory =
                    builder.directory() == null ? null : builder.directory().getPath();
            return new SpawnedProcess(SpawnCalls.spawn(
                    builder.command().get(0),
                    words,
                    environment(changes, charset),
                    directory,
                    standard,
                    mask,
                    BlockedSignals.defaultsInChildren()));
        } finally {
            Launch.closeQuietly(opened);
        }
    }

    private static @Nullable Fd open(ProcessBuilder.Redirect redirect) throws IOException {
        if (redirect.file() == null) {
            return null; // this process's own
        }
        int flags =
                switch (redirect.type()) {
                    case READ -> Fcntl.O_RDONLY;
                    case APPEND -> Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_APPEND;
                    default -> Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_TRUNC;
                };
        return OsCalls.open(redirect.file().getPath(), flags, FILE_MODE);
    }

    private static List<byte[]> environment(Map<String, @Nullable String> changes, Charset charset) {
        Set<String> changed = new LinkedHashSet<>();
        List<byte[]> entries = new ArrayList<>();
        changes.forEach((name, value) -> {
            // Byte for byte as in the entries, whatever their encoding.
            changed.add(new String(name.getBytes(charset), StandardCharsets.ISO_8859_1));
            if (value != null) {
                entries.add((name + "=" + value).getBytes(charset));
            }
        });
        for (byte[] entry : SpawnCalls.environment()) {
            String text = new String(entry, StandardCharsets.ISO_8859_1);
            int end = text.indexOf('=', 1);
            if (!changed.contains(end < 0 ? text : text.substring(0, end))) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public ProcessHandle toHandle() {
        return ProcessHandle.of(pid)
                .orElseThrow(
                        () -> new IllegalStateException("process " + pid + " is not to be seen; is /proc mounted?"));
    }

    /** How it ended, as {@code wait(2)} says; -1 if it has not. */
    synchronized int waitStatus() {
        if (status < 0 && lost == null) {
            try {
                status = SpawnCalls.tryWait(pid);
            } catch (IOException e) {
                lost = e; // somebody in this process waits for children that are not its own
            }
        }
        return status;
    }

    private synchronized boolean hasEnded() {
        return waitStatus() >= 0 || lost != null;
    }

    /** Every 1 to 10 ms it is looked whether it has ended: who wants to know at once waits for its pidfd first. */
    @Override
    public int waitFor() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (!hasEnded()) {
            backoff.sleep(Deadline.NEVER);
        }
        return exitValue();
    }

    @Override
    public int exitValue() {
        if (!hasEnded()) {
            throw new IllegalThreadStateException("process " + pid + " has not ended");
        }
        int ended = waitStatus();
        if (ended < 0) {
            throw new IllegalStateException("how process " + pid + " ended is lost", lost);
        }
        int signal = ended & 0x7f;
        return signal == 0 ? (ended >> 8) & 0xff : SIGNALLED + signal;
    }

    @Override
    public boolean isAlive() {
        return !hasEnded();
    }

    @Override
    public void destroy() {
        send(SignalNames.SIGTERM);
    }

    @Override
    public Process destroyForcibly() {
        send(SignalNames.SIGKILL);
        return this;
    }

    /** Holding the lock: as long as nobody has waited for it, the number is its own. */
    private synchronized void send(int signal) {
        if (!hasEnded()) {
            SignalQueueCalls.sendTo(pid, signal);
        }
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public InputStream getErrorStream() {
        return new ByteArrayInputStream(new byte[0]);
    }
}
