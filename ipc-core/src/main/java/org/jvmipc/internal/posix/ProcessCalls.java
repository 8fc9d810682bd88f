package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import org.jvmipc.IpcException;

/** The door to the kernel as far as processes go: who we are, signals without races, process groups. */
public final class ProcessCalls {
    private ProcessCalls() {}

    /** {@code geteuid(2)}. */
    public static int effectiveUser() {
        return Unistd.geteuid();
    }

    /** {@code pidfd_open(2)}: a handle on that very process, immune to reuse of its number. */
    public static Fd pidfd(long pid) throws IpcException {
        int fd = OsCalls.result(Unistd.syscall(SignalCalls.SYS_PIDFD_OPEN, pid, 0, 0, 0, 0));
        return new Fd(OsCalls.aboveStandard(OsCalls.check("pidfd_open", fd, "pid=" + pid)));
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
        int result =
                OsCalls.result(Unistd.syscall(SignalCalls.SYS_PIDFD_SEND_SIGNAL, pidfd.ensureOpen(), signal, 0, 0, 0));
        OsCalls.check("pidfd_send_signal", result, "signal=" + signal);
    }

    /** {@code kill(2)} to a process group. */
    public static void signalGroup(int group, int signal) throws IpcException {
        if (group < 2) {
            throw new IllegalArgumentException("process group " + group + "; it must be at least 2");
        }
        OsCalls.check("kill", OsCalls.result(SignalCalls.kill(-group, signal)), "group=" + group + " signal=" + signal);
    }

    /** {@code setpgid(0, 0)}: makes this process the leader of a process group of its own. */
    public static void leadOwnGroup() throws IpcException {
        OsCalls.check("setpgid", OsCalls.result(Unistd.setpgid(0, 0)), "");
    }

    /** {@code getpgid(2)}. */
    public static int processGroup(long pid) throws IpcException {
        return OsCalls.check("getpgid", OsCalls.result(Unistd.getpgid((int) pid)), "pid=" + pid);
    }
}
