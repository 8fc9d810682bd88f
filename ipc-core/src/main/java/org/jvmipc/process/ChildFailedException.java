package org.jvmipc.process;

import java.util.List;
import org.jvmipc.IpcException;

/**
 * A child JVM ended before it said that it was ready. The message has the exit code or the signal and the last lines of
 * its standard error, if that was captured.
 */
public final class ChildFailedException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** So many in the message; {@link #lastErrorLines()} has all that were kept. */
    private static final int LINES_SHOWN = 12;

    private final transient ExitStatus exitStatus;
    private final transient List<String> lastErrorLines;

    ChildFailedException(String child, ExitStatus exitStatus, List<String> lastErrorLines) {
        super(message(child, exitStatus, lastErrorLines));
        this.exitStatus = exitStatus;
        this.lastErrorLines = lastErrorLines;
    }

    private static String message(String child, ExitStatus status, List<String> lines) {
        StringBuilder text = new StringBuilder(child + " ended before it was ready: " + status);
        if (!lines.isEmpty()) {
            text.append("; its last words:");
        }
        for (String line : lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())) {
            text.append("\n    ").append(line);
        }
        return text.toString();
    }

    /** How it ended. */
    public ExitStatus exitStatus() {
        return exitStatus;
    }

    /** The last lines of its standard error, oldest first; empty if it printed none or they were not captured. */
    public List<String> lastErrorLines() {
        return lastErrorLines;
    }
}
