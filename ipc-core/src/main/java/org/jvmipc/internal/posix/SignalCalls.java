package org.jvmipc.internal.posix;

/** {@code signal.h} and the pidfd calls of {@code sys/pidfd.h}, by number where the C library may lack a function. */
final class SignalCalls {
    /** {@code pidfd_send_signal(2)}, the same number on all architectures. */
    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    /** {@code pidfd_open(2)}. */
    static final long SYS_PIDFD_OPEN = 434;

    private static final int SA_FLAGS = 136;
    private static final int SA_RESTART = 0x1000_0000;

    /** {@code struct sigaction}: the handler is at 0. */
    private static final int SIGACTION_BYTES = 152;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    static {
        NativeLibraryLoader.bind(SignalCalls.class);
    }

    private SignalCalls() {}

    /** {@code sigaction(2)}; action 0: only asks. */
    static native int sigaction(int signal, long action, long old);

    /** Whether a function handles the signal and system calls end by it: no default action, not ignored, not restarted. */
    static boolean hasInterruptingHandler(int signal) {
        NativeBuffer old = new NativeBuffer(SIGACTION_BYTES);
        boolean asked = Calls.result("sigaction", () -> sigaction(signal, 0, old.address())) == 0;
        long handler = old.bytes().getLong(0);
        boolean restarts = (old.bytes().getInt(SA_FLAGS) & SA_RESTART) != 0;
        return asked && handler != SIG_DFL && handler != SIG_IGN && !restarts;
    }

    /** {@code kill(2)}; a negative pid is a process group. */
    static native int kill(int pid, int signal);
}
