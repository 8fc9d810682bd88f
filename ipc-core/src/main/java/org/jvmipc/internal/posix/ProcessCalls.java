package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;

/** The door to the kernel as far as processes go: who we are, signals without races, process groups. */
public final class ProcessCalls {
    private ProcessCalls() {}

    /** {@code geteuid(2)}. */
    public static int effectiveUser() throws UnsupportedMechanismException {
        NativeLibraryLoader.require();
        return Calls.result("geteuid", Unistd::geteuid);
    }

    /** {@code pidfd_open(2)}: a handle on that very process, immune to reuse of its number. */
    public static Fd pidfd(long pid) throws IpcException {
        int fd = Calls.call(
                "pidfd_open", "pid=" + pid, () -> Unistd.syscall(SignalCalls.SYS_PIDFD_OPEN, pid, 0, 0, 0, 0));
        return new Fd(OsCalls.aboveStandard(fd));
    }

    /** Whether the process of a pidfd has ended; a zombie has. */
    public static boolean hasEnded(Fd pidfd) {
        NativeBuffer one = new NativeBuffer(Poll.POLLFD_BYTES);
        one.bytes().putInt(0, pidfd.number());
        one.bytes().putShort(Poll.POLLFD_EVENTS, (short) Poll.POLLIN);
        try {
            return OsCalls.poll(one.address(), 1, 0) > 0;
        } finally {
            Reference.reachabilityFence(one);
        }
    }

    /** {@code pidfd_send_signal(2)}; signal 0 asks only. */
    public static void signal(Fd pidfd, int signal) throws IOException {
        int fd = pidfd.ensureOpen();
        Calls.call(
                "pidfd_send_signal",
                "signal=" + signal,
                () -> Unistd.syscall(SignalCalls.SYS_PIDFD_SEND_SIGNAL, fd, signal, 0, 0, 0));
    }

    /** {@code kill(2)} to a process group. */
    public static void signalGroup(int group, int signal) throws IpcException {
        if (group < 2) {
            throw new IllegalArgumentException("process group " + group + "; it must be at least 2");
        }
        Calls.call("kill", "group=" + group + " signal=" + signal, () -> SignalCalls.kill(-group, signal));
    }

    /** {@code setpgid(0, 0)}: makes this process the leader of a process group of its own. */
    public static void leadOwnGroup() throws IpcException {
        Calls.call("setpgid", "", () -> Unistd.setpgid(0, 0));
    }

    /** {@code getpgid(2)}. */
    public static int processGroup(long pid) throws IpcException {
        return Calls.call("getpgid", "pid=" + pid, () -> Unistd.getpgid((int) pid));
    }

    /**
     * Has at most so many signals pend for the process, counting all of its user's: more are refused to who sends them
     * ({@code RLIMIT_SIGPENDING}). Other processes keep theirs.
     *
     * @throws IpcException {@code EPERM} if that is above the hard limit and this user is not privileged
     */
    public static void limitPendingSignals(long pid, long limit) throws IpcException {
        NativeLibraryLoader.require();
        Resource.limitPendingSignals(pid, limit);
    }
}
