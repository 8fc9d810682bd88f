package org.jvmipc.signals;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.LimitException;

/**
 * How full a process's queue of signals is: {@code SigQ} of {@code /proc/PID/status}; see {@code proc_pid_status(5)}.
 *
 * @param pending of its user, -1 if that is not known
 * @param limit {@link #NO_LIMIT} if there is none, -1 if that is not known
 */
record PendingSignals(long pending, long limit) {
    /** {@code ulimit -i unlimited}. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private static final Pattern SIG_Q = Pattern.compile("(?m)^SigQ:\\s*(\\d{1,18})/(\\d{1,20})$");

    private static final PendingSignals UNKNOWN = new PendingSignals(-1, -1);

    static PendingSignals of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            return UNKNOWN; // gone meanwhile, or not to be seen: the next send tells
        }
    }

    static PendingSignals parse(String status) {
        Matcher line = SIG_Q.matcher(status);
        if (!line.find()) {
            return UNKNOWN;
        }
        // No limit is the largest number of 64 bits without a sign; what is above half of that is none either.
        BigInteger limit = new BigInteger(line.group(2)).min(BigInteger.valueOf(NO_LIMIT));
        return new PendingSignals(Long.parseLong(line.group(1)), limit.longValueExact());
    }

    boolean isLimited() {
        return limit != NO_LIMIT;
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
