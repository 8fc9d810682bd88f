package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;

/**
 * The door to the kernel as far as signals go that are on their way: sending them to processes, with or without a
 * value, and the descriptors that give out those that have come.
 *
 * <p>Sending answers {@code -errno} as the kernel does, since {@code EAGAIN} (the queue is full) and {@code ESRCH} are
 * expected.
 */
public final class SignalQueueCalls {
    private static final String PIDFD_SEND = "pidfd_send_signal";
    private static final String QUEUE = "rt_sigqueueinfo";

    private SignalQueueCalls() {}

    /** The real user of this process, which signals of it carry; {@code getuid(2)}. */
    public static int realUser() throws UnsupportedMechanismException {
        NativeLibraryLoader.require();
        return Calls.result("getuid", SignalCalls::getuid);
    }

    /** Memory for what comes with a signal: {@link SiginfoLayout}, of this process. */
    public static NativeBuffer info() throws UnsupportedMechanismException {
        int user = realUser();
        NativeBuffer info = new NativeBuffer(SiginfoLayout.BYTES);
        info.bytes()
                .putInt(SiginfoLayout.CODE, SiginfoLayout.SI_QUEUE)
                .putInt(SiginfoLayout.PID, (int) ProcessHandle.current().pid())
                .putInt(SiginfoLayout.UID, user);
        return info;
    }

    /** Sends a signal as {@code kill(2)} does, to the process of a pidfd; signal 0 only asks. */
    public static int send(int pidfd, int signal) {
        return pidfdSend(pidfd, signal, 0);
    }

    /** Sends a signal with a value as {@code sigqueue(3)} does, to the process of a pidfd. */
    public static int queue(int pidfd, int signal, int value, NativeBuffer info) {
        fill(info, signal, value);
        try {
            return pidfdSend(pidfd, signal, info.address());
        } finally {
            Reference.reachabilityFence(info);
        }
    }

    private static void fill(NativeBuffer info, int signal, int value) {
        info.bytes().putInt(SiginfoLayout.SIGNO, signal).putInt(SiginfoLayout.VALUE, value);
    }

    private static int pidfdSend(int pidfd, int signal, long info) {
        int refused = Seam.before(PIDFD_SEND);
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.callSix(SignalCalls.SYS_PIDFD_SEND_SIGNAL, pidfd, signal, info, 0, 0, 0)
                : Calls.result(Unistd.syscall(SignalCalls.SYS_PIDFD_SEND_SIGNAL, pidfd, signal, info, 0, 0));
        Seam.after(PIDFD_SEND, result);
        return result;
    }

    /** {@code kill(2)}, by number: for kernels without pidfds. A negative pid is a process group; signal 0 only asks. */
    public static int sendTo(int pid, int signal) {
        return Calls.result("kill", () -> SignalCalls.kill(pid, signal));
    }

    /** {@code kill(2)} to a process group. */
    public static int sendToGroup(int group, int signal) throws UnsupportedMechanismException {
        NativeLibraryLoader.require();
        return sendTo(-group, signal);
    }

    /** {@code rt_sigqueueinfo(2)}, by number: for kernels without pidfds. */
    public static int queueTo(int pid, int signal, int value, NativeBuffer info) {
        fill(info, signal, value);
        try {
            return Calls.result(
                    QUEUE, () -> Unistd.syscall(SignalCalls.SYS_RT_SIGQUEUEINFO, pid, signal, info.address(), 0, 0));
        } finally {
            Reference.reachabilityFence(info);
        }
    }

    /**
     * A descriptor that gives out signals which are blocked, as records of {@link SiginfoLayout}; {@code signalfd(2)}.
     *
     * @param mask bit n-1 for signal n
     */
    public static Fd signalfd(long mask) throws IpcException {
        NativeLibraryLoader.require();
        NativeBuffer set = new NativeBuffer(SignalCalls.SIGSET_BYTES);
        set.bytes().putLong(0, mask);
        int flags = SignalCalls.SFD_CLOEXEC | SignalCalls.SFD_NONBLOCK;
        try {
            int fd = Calls.call("signalfd", "", () -> SignalCalls.signalfd(-1, set.address(), flags));
            return new Fd(OsCalls.aboveStandard(fd));
        } finally {
            Reference.reachabilityFence(set);
        }
    }
}
