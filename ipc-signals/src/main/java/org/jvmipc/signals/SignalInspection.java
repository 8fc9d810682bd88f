package org.jvmipc.signals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;

/** What {@code /proc/PID/status} tells of a process and signals. */
final class SignalInspection {
    private static final Pattern MASK = Pattern.compile("(?m)^(\\w+):\\s*([0-9a-f]{16})$");

    private SignalInspection() {}

    static Map<String, Object> of(long pid) throws IOException {
        SignalTarget.requireProcess(pid);
        String status;
        try {
            status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        } catch (NoSuchFileException e) {
            throw new OsException("open", Errno.ESRCH, "pid=" + pid);
        }
        PendingSignals queue = PendingSignals.of(pid);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pending of its user", queue.pending());
        facts.put("limit", queue.isLimited() ? queue.limit() : "none");
        facts.put("pending", names(status, "ShdPnd"));
        facts.put("blocked", names(status, "SigBlk"));
        facts.put("ignored", names(status, "SigIgn"));
        facts.put("caught", names(status, "SigCgt"));
        return facts;
    }

    private static String names(String status, String field) {
        Matcher line = MASK.matcher(status);
        while (line.find()) {
            if (line.group(1).equals(field)) {
                long mask = Long.parseUnsignedLong(line.group(2), 16);
                return PosixSignal.all().stream()
                        .filter(signal -> (mask & 1L << (signal.number() - 1)) != 0)
                        .map(PosixSignal::name)
                        .collect(Collectors.joining(" "));
            }
        }
        return "";
    }
}
