package org.jvmipc.signals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.LimitException;

/** How full a process's queue of signals is: {@code SigQ} of {@code /proc/PID/status}; see {@code proc_pid_status(5)}. */
record PendingSignals(long pending, long limit) {
    private static final Pattern SIG_Q = Pattern.compile("(?m)^SigQ:\\s*(\\d{1,18})/(\\d{1,18})$");

    private static final PendingSignals UNKNOWN = new PendingSignals(-1, -1);

    static PendingSignals of(long pid) {
        try {
            Matcher line = SIG_Q.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return line.find()
                    ? new PendingSignals(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)))
                    : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN; // gone meanwhile, or not to be seen: the next send tells
        }
    }

    /** Nobody can wait for room where there never is any. */
    static void requireRoomAtAll(long pid, PosixSignal signal) throws LimitException {
        if (of(pid).limit == 0) {
            throw full(pid, signal);
        }
    }

    static LimitException full(long pid, PosixSignal signal) {
        PendingSignals now = of(pid);
        return new LimitException(
                signal + " to process " + pid + ": its queue is full, " + now.pending
                        + " signals of its user are pending",
                "RLIMIT_SIGPENDING",
                now.limit,
                "let the receivers take theirs, or start the receiver after `ulimit -i MORE`");
    }
}
