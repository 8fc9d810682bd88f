package org.jvmipc.internal;

import org.jspecify.annotations.Nullable;

/** What HotSpot does with the signals of Linux, and which of them nobody else can have in a JVM. */
public final class JvmSignals {
    /**
     * The signal that is kept for changing the masks of threads, unless somebody else has a handler for it: SIGSTKFLT, which
     * nothing on Linux raises. A standard one, since a real-time one is refused while the user's queue of signals is full.
     */
    public static final int CARRIER = 16;

    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int ILL = 4;
    private static final int TRAP = 5;
    private static final int ABRT = 6;
    private static final int BUS = 7;
    private static final int FPE = 8;
    private static final int SEGV = 11;
    private static final int USR2 = 12;
    private static final int PIPE = 13;
    private static final int XFSZ = 25;
    private static final int WAKE_UP = SignalNames.SIGRTMAX - 2;

    private JvmSignals() {}

    /** What the JVM does with the signal, in a few words; {@code nothing} if it leaves it to the system. */
    public static String use(int signal) {
        return switch (signal) {
            case HUP, INT, SignalNames.SIGTERM -> "ends in order, with shutdown hooks";
            case QUIT -> "prints the stacks of all threads";
            case ILL, BUS, FPE, SEGV -> "turns it into exceptions and safepoints";
            case TRAP -> "handles traps of its own code";
            case ABRT -> "crashes with it";
            case USR2 -> "suspends and resumes threads with it";
            case PIPE, XFSZ -> "catches it, so that the write fails instead";
            case SignalNames.SIGRTMIN - 2, SignalNames.SIGRTMIN - 1 -> "nothing; the C library uses it";
            case WAKE_UP -> "wakes threads out of blocking I/O with it";
            default -> "nothing";
        };
    }

    /** Whether it ends a JVM in order: the three that {@code sun.misc.Signal} can hand over. */
    public static boolean endsInOrder(int signal) {
        return signal == HUP || signal == INT || signal == SignalNames.SIGTERM;
    }

    /** Why a program in a JVM cannot receive the signal; null if it can. */
    public static @Nullable String refusal(int signal) {
        return switch (signal) {
            case SignalNames.SIGKILL, SignalNames.SIGSTOP -> "no process can catch it";
            case QUIT -> "the JVM prints the stacks of all threads on it, and has a handler that cannot be shared";
            case ILL, BUS, FPE, SEGV -> "the JVM raises it with its own instructions and could not run without";
            case TRAP -> "the JVM and debuggers raise it with instructions";
            case ABRT -> "the JVM, and abort(3) in any library, ends the process with it";
            case USR2 -> "the JVM suspends and resumes its threads with it";
            case PIPE, XFSZ -> "the JVM catches it, so that a write fails instead of ending the process";
            case SignalNames.SIGRTMIN - 2, SignalNames.SIGRTMIN - 1 -> "the C library uses it between threads";
            case WAKE_UP -> "the JDK wakes threads out of blocking I/O with it";
            case CARRIER -> "this toolkit changes the signal masks of threads with it";
            default -> null;
        };
    }

    /** Why a JVM cannot be started with the signal blocked; null if it can. */
    public static @Nullable String blockingRefusal(int signal) {
        return endsInOrder(signal) ? "the JVM unblocks it in all its threads" : refusal(signal);
    }
}
