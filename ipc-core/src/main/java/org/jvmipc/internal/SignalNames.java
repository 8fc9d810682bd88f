package org.jvmipc.internal;

import java.util.Locale;

/** Names of the signals of Linux, the same numbers on x86-64 and aarch64; see {@code signal(7)}. */
public final class SignalNames {
    /** The first real-time signal a program may use; glibc keeps 32 and 33. */
    public static final int SIGRTMIN = 34;
    /** The last signal. */
    public static final int SIGRTMAX = 64;

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    private static final int MOST_OFFSET = SIGRTMAX - SIGRTMIN;

    private static final String[] STANDARD = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private SignalNames() {}

    /** The name, such as {@code SIGKILL} or {@code SIGRTMIN+2}; {@code signal <number>} for a number without one. */
    public static String name(int signal) {
        if (signal > 0 && signal < STANDARD.length) {
            return "SIG" + STANDARD[signal];
        }
        if (signal < SIGRTMIN || signal > SIGRTMAX) {
            return "signal " + signal;
        }
        return signal == SIGRTMIN ? "SIGRTMIN" : "SIGRTMIN+" + (signal - SIGRTMIN);
    }

    /**
     * The number of a signal named with or without {@code SIG}, in any case, real-time ones relative to either end, or
     * by its number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static int number(String name) {
        String bare = name.toUpperCase(Locale.ROOT);
        bare = bare.startsWith("SIG") ? bare.substring(3) : bare;
        for (int signal = 1; signal < STANDARD.length; signal++) {
            if (STANDARD[signal].equals(bare)) {
                return signal;
            }
        }
        int signal = -1;
        try {
            if (bare.startsWith("RTMIN")) {
                signal = SIGRTMIN + offset(bare, "+");
            } else if (bare.startsWith("RTMAX")) {
                signal = SIGRTMAX - offset(bare, "-");
            } else {
                signal = Integer.parseInt(bare);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "no signal is called " + name + "; real-time ones are RTMIN to RTMIN+" + MOST_OFFSET + ", or RTMAX-"
                            + MOST_OFFSET + " to RTMAX",
                    e);
        }
        if (signal < 1 || signal > SIGRTMAX) {
            throw new IllegalArgumentException("no signal is called " + name + "; they go from 1 to " + SIGRTMAX);
        }
        return signal;
    }

    /** The n of RTMIN+n, RTMAX-n, up to the other end; 0 when there is none. */
    private static int offset(String bare, String sign) {
        String rest = bare.substring("RTMIN".length());
        if (rest.isEmpty()) {
            return 0;
        }
        int offset = rest.matches("\\Q" + sign + "\\E[0-9]{1,9}") ? Integer.parseInt(rest.substring(1)) : -1;
        if (offset < 0 || offset > MOST_OFFSET) {
            throw new NumberFormatException(rest);
        }
        return offset;
    }
}
