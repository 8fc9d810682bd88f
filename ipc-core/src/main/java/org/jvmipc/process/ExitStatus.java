package org.jvmipc.process;

import org.jvmipc.internal.SignalNames;

/**
 * How a process ended: by itself with a code, or by a signal.
 *
 * <pre>{@code
 * ExitStatus status = child.awaitExit();
 * if (!status.isSuccess()) {
 *     System.err.println("the child ended: " + status);      // exit code 3 · killed by SIGKILL (9)
 * }
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> The JDK gives 137 for a process killed by SIGKILL and for one that called {@code exit(137)}.
 * From kernel 6.15 on the two are told apart; before, {@link #isExact()} is false for codes from 129 to 192, and
 * {@link #signal()} says which signal it would have been.
 *
 * @param code what it gave to {@code exit}, 0 to 255; for one killed by a signal 128 + the signal, as shells say it
 * @param signal the signal that killed it, 0 if none did
 * @param isExact whether the kernel told; otherwise it may as well have called {@code exit} with {@code code}
 */
public record ExitStatus(int code, int signal, boolean isExact) {
    private static final int SIGNALLED = 128;

    /** Checks the values. */
    public ExitStatus {
        if (code < 0 || code > 255 || signal < 0 || signal > 127) {
            throw new IllegalArgumentException("no such exit status: code " + code + ", signal " + signal);
        }
    }

    /** It ended by itself. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, 0, true);
    }

    /** A signal ended it. */
    public static ExitStatus killed(int signal) {
        return new ExitStatus(SIGNALLED + signal, signal, true);
    }

    /** From the status that {@code wait(2)} gives. */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? exited((status >> 8) & 0xff) : killed(signal);
    }

    /** From what {@link Process#exitValue()} gives. */
    static ExitStatus ofExitValue(int value) {
        int code = value & 0xff;
        int signal = code - SIGNALLED;
        return signal > 0 && signal <= SignalNames.SIGRTMAX ? new ExitStatus(code, signal, false) : exited(code);
    }

    /** Whether it ended by itself with code 0. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** In words: {@code exit code 3}, {@code killed by SIGKILL (9)}. */
    @Override
    public String toString() {
        if (signal == 0) {
            return "exit code " + code;
        }
        if (isExact) {
            return "killed by " + SignalNames.name(signal) + " (" + signal + ")";
        }
        return code + " (killed by " + SignalNames.name(signal) + ", or exit code " + code + ")";
    }
}
