package org.jvmipc.signals;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.JvmSignals;
import org.jvmipc.internal.SignalNames;

/**
 * A signal of Linux, by its number.
 *
 * <pre>{@code
 * PosixSignal reload = PosixSignal.of("RTMIN+1");     // SIGRTMIN+1, rtmax-29 and 35 are the same
 * if (!reload.isReceivable()) {
 *     throw new IllegalStateException(reload + ": " + reload.refusal());
 * }
 * }</pre>
 *
 * <p><b>Standard signals</b> (1 to 31) tell that something happened: of several of the same kind that are not taken
 * yet one is kept. <b>Real-time signals</b> (34 to 64) queue, each with a value and its sender.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * <p><b>Platform notes.</b> {@code signal(7)}. The numbers are those of x86-64 and aarch64. 32 and 33 exist and have no
 * name, because the C library keeps them for itself.
 *
 * @param number 1 to 64
 */
public record PosixSignal(int number) implements Comparable<PosixSignal> {
    public static final PosixSignal HUP = new PosixSignal(1);
    public static final PosixSignal INT = new PosixSignal(2);
    public static final PosixSignal QUIT = new PosixSignal(3);
    public static final PosixSignal KILL = new PosixSignal(SignalNames.SIGKILL);
    public static final PosixSignal USR1 = new PosixSignal(10);
    public static final PosixSignal USR2 = new PosixSignal(12);
    public static final PosixSignal ALRM = new PosixSignal(14);
    public static final PosixSignal TERM = new PosixSignal(SignalNames.SIGTERM);
    public static final PosixSignal CHLD = new PosixSignal(17);
    public static final PosixSignal CONT = new PosixSignal(SignalNames.SIGCONT);
    public static final PosixSignal STOP = new PosixSignal(SignalNames.SIGSTOP);
    public static final PosixSignal WINCH = new PosixSignal(28);
    /** The first real-time signal that a program may use. */
    public static final PosixSignal RTMIN = new PosixSignal(SignalNames.SIGRTMIN);
    /** The last signal. */
    public static final PosixSignal RTMAX = new PosixSignal(SignalNames.SIGRTMAX);

    /** What the system does with a signal that a process has made no other arrangements for. */
    public enum DefaultAction {
        /** The process ends. */
        TERMINATE,
        /** The process ends, and its memory is written to a file for a debugger, where that is wanted. */
        CORE,
        /** Nothing. */
        IGNORE,
        /** The process is stopped. */
        STOP,
        /** A stopped process goes on. */
        CONTINUE
    }

    /** Checks the number. */
    public PosixSignal {
        if (number < 1 || number > SignalNames.SIGRTMAX) {
            throw new IllegalArgumentException("a signal is 1 to " + SignalNames.SIGRTMAX + ", not " + number);
        }
    }

    /** The signal with this number, 1 to 64. */
    public static PosixSignal of(int number) {
        return new PosixSignal(number);
    }

    /**
     * The signal with this name, with or without {@code SIG}, in any case; real-time ones as {@code RTMIN+n} or
     * {@code RTMAX-n}; or with this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PosixSignal of(String name) {
        return new PosixSignal(SignalNames.number(name));
    }

    /**
     * {@code RTMIN+n}.
     *
     * @param n 0 to 30
     */
    public static PosixSignal realTime(int n) {
        int most = SignalNames.SIGRTMAX - SignalNames.SIGRTMIN;
        if (n < 0 || n > most) {
            throw new IllegalArgumentException("a real-time signal is RTMIN+0 to RTMIN+" + most + ", not RTMIN+" + n);
        }
        return new PosixSignal(SignalNames.SIGRTMIN + n);
    }

    /** All there are, by number. */
    public static List<PosixSignal> all() {
        return IntStream.rangeClosed(1, SignalNames.SIGRTMAX)
                .mapToObj(PosixSignal::new)
                .toList();
    }

    /** The name without {@code SIG}, such as {@code TERM} or {@code RTMIN+1}; the number if it has no name. */
    public String name() {
        String name = SignalNames.name(number);
        return name.startsWith("SIG") ? name.substring(3) : Integer.toString(number);
    }

    /** Whether it queues and carries a value. */
    public boolean isRealTime() {
        return number >= SignalNames.SIGRTMIN;
    }

    /** What the system does with it by default. */
    public DefaultAction defaultAction() {
        return switch (number) {
            case 3, 4, 5, 6, 7, 8, 11, 24, 25, 31 -> DefaultAction.CORE;
            case 17, 23, 28 -> DefaultAction.IGNORE;
            case SignalNames.SIGCONT -> DefaultAction.CONTINUE;
            case SignalNames.SIGSTOP, 20, 21, 22 -> DefaultAction.STOP;
            default -> DefaultAction.TERMINATE;
        };
    }

    /** What the JVM does with it, in a few words; {@code nothing} if it leaves it to the system. */
    public String jvmUse() {
        return JvmSignals.use(number);
    }

    /** Whether a program in a JVM can receive it, as far as the JVM goes; another library may have it still. */
    public boolean isReceivable() {
        return refusal() == null;
    }

    /** Why a program in a JVM cannot receive it; null if it can. */
    public @Nullable String refusal() {
        return JvmSignals.refusal(number);
    }

    /** By number. */
    @Override
    public int compareTo(PosixSignal other) {
        return Integer.compare(number, other.number);
    }

    /** The name with {@code SIG}, such as {@code SIGRTMIN+1}; {@code signal 32} if it has none. */
    @Override
    public String toString() {
        return SignalNames.name(number);
    }
}
