package org.jvmipc.internal.posix;

/** {@code signal.h}, {@code sys/signalfd.h} and {@code sys/pidfd.h}, by number where the C library may lack a function. */
final class SignalCalls {
    /** {@code pidfd_send_signal(2)}, the same number on all architectures. */
    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    /** {@code pidfd_open(2)}. */
    static final long SYS_PIDFD_OPEN = 434;
    /** {@code rt_sigqueueinfo(2)}. */
    static final long SYS_RT_SIGQUEUEINFO = Platform.pick(129, 138);
    /** {@code tgkill(2)}. */
    static final long SYS_TGKILL = Platform.pick(234, 131);

    static final int SFD_CLOEXEC = Fcntl.O_CLOEXEC;
    static final int SFD_NONBLOCK = Fcntl.O_NONBLOCK;

    /** Bytes of the C library's {@code sigset_t}; the kernel looks at the first 8, bit n-1 for signal n. */
    static final int SIGSET_BYTES = 128;

    private static final int SA_RESTART = 0x1000_0000;

    static {
        NativeLibraryLoader.bind(SignalCalls.class);
    }

    private SignalCalls() {}

    /** {@code sigaction(2)}; action 0: only asks. */
    static native int sigaction(int signal, long action, long old);

    /** {@code signalfd(2)}; set: {@code sigset_t}. */
    static native int signalfd(int fd, long set, int flags);

    /** {@code getuid(2)}. */
    static native int getuid();

    /** Whether a function handles the signal and system calls end by it: no default action, not ignored, not restarted. */
    static boolean hasInterruptingHandler(int signal) {
        NativeBuffer old = new NativeBuffer(SignalAction.BYTES);
        boolean asked = Calls.result("sigaction", () -> sigaction(signal, 0, old.address())) == 0;
        SignalAction action = SignalAction.read(old);
        return asked && action.isHandler() && (action.flags() & SA_RESTART) == 0;
    }

    /** {@code kill(2)}; a negative pid is a process group. */
    static native int kill(int pid, int signal);
}
