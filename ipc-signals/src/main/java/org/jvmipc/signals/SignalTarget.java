package org.jvmipc.signals;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.posix.SignalQueueCalls;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ProcessIdentity;

/**
 * One particular process that signals are sent to, held so that none ever hits a later process with the same number.
 *
 * <pre>{@code
 * try (SignalTarget worker = SignalTarget.of(pid)) {
 *     worker.send(PosixSignal.USR1);                         // kill(2)
 *     worker.queue(PosixSignal.realTime(1), 42);             // sigqueue(3): waits while the queue is full
 *     boolean sent = worker.tryQueue(PosixSignal.realTime(1), 43);
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>queue full</th><th>process gone</th><th>not allowed</th><th>this closed</th></tr>
 * <tr><td>{@link #send}</td><td>see below</td><td>{@code OsException} ESRCH</td><td>{@code OsException} EPERM</td>
 * <td>{@code ClosedChannelException}</td></tr>
 * <tr><td>{@link #queue}</td><td>waits</td><td>the same</td><td>the same</td><td>the same</td></tr>
 * <tr><td>{@link #tryQueue(PosixSignal, int)}</td><td>{@code false}, at once</td><td>the same</td><td>the same</td>
 * <td>the same</td></tr>
 * <tr><td>{@link #tryQueue(PosixSignal, int, Duration)}</td><td>{@code false}, after the time</td><td>the same</td>
 * <td>the same</td><td>the same</td></tr>
 * </table>
 *
 * <p><b>Full.</b> What the processes of one user have not taken yet is bounded, by the receiver's
 * {@code RLIMIT_SIGPENDING}. A real-time signal that was <em>queued</em> is then refused; one that was <em>sent</em>
 * is merged with others of its kind, without its sender. A standard signal needs no room. Nobody tells when there is
 * room, so waiting is trying again, every 1 to 10 ms.
 * <b>Receiver killed:</b> what it had not taken is gone with it; from
 * the moment it is dying until its parent has waited for it, the kernel accepts signals for it and drops them. <b>This
 * process killed:</b> what was sent arrives.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread. Signals of one thread to one real-time number
 * arrive in the order in which it sent them; of several numbers the lowest comes first.
 *
 * <p><b>Memory consistency effects.</b> The value, and only it, is carried over.
 *
 * <p><b>Platform notes.</b> {@code pidfd_open(2)}, {@code pidfd_send_signal(2)}. Without pidfds (kernels before 5.3,
 * some sandboxes) {@code kill(2)} and {@code rt_sigqueueinfo(2)} are used, each after a look whether the process is
 * still the same, by its start time.
 */
public final class SignalTarget implements AutoCloseable {
    private static final long FIRST_PROCESS = 1;

    private final long pid;
    private final @Nullable Fd pidfd;
    /** Whom to look for before each signal where there is no pidfd. */
    private final @Nullable ProcessIdentity identity;

    private final NativeBuffer info;
    private volatile boolean closed;

    private SignalTarget(long pid, @Nullable Fd pidfd, @Nullable ProcessIdentity identity, NativeBuffer info) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.identity = identity;
        this.info = info;
    }

    /**
     * The process that has this number now.
     *
     * @param pid 1 or more; less are groups. 1 is what is started first in a container: the kernel drops signals to it from
     *     inside that have the default action there
     * @throws OsException {@code ESRCH} if there is none, also if it is the number of a thread
     * @throws IOException if the operating system refused
     */
    public static SignalTarget of(long pid) throws IOException {
        requireProcess(pid);
        NativeBuffer info = SignalQueueCalls.info();
        try {
            return new SignalTarget(pid, ProcessCalls.pidfd(pid), null, info);
        } catch (OsException e) {
            // ENOENT, or EINVAL of older kernels: it is the number of a thread that is not its process's first.
            if (e.errno() == Errno.ESRCH || e.errno() == Errno.EINVAL || e.errno() == Errno.ENOENT) {
                throw new OsException("pidfd_open", Errno.ESRCH, "pid=" + pid);
            }
            if (e.errno() != Errno.ENOSYS && e.errno() != Errno.EPERM) {
                throw e;
            }
        }
        ProcessIdentity identity = ProcessIdentity.of(pid);
        if (identity == null || isThread(pid)) {
            throw new OsException("kill", Errno.ESRCH, "pid=" + pid);
        }
        return new SignalTarget(pid, null, identity, info);
    }

    /** By number kill(2) takes that of any thread, for its process. */
    private static boolean isThread(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            return status.contains("\nTgid:\t") && !status.contains("\nTgid:\t" + pid + "\n");
        } catch (IOException e) {
            return false; // gone meanwhile, or not to be seen
        }
    }

    /** The process of the handle. Errors are as those of {@link #of(long)}; so is that it has ended already. */
    public static SignalTarget of(ProcessHandle handle) throws IOException {
        SignalTarget target = of(handle.pid());
        return target.ifStillTheSame(handle.isAlive());
    }

    /** That very process. Errors are as those of {@link #of(long)}; so is that it has ended already. */
    public static SignalTarget of(ProcessIdentity identity) throws IOException {
        SignalTarget target = of(identity.pid());
        return target.ifStillTheSame(identity.isAlive());
    }

    /** The child. Errors are as those of {@link #of(long)}; so is that it has ended already. */
    public static SignalTarget of(ChildJvm child) throws IOException {
        return of(child.identity());
    }

    /** Looked at after the opening: if it is alive then, its number had not been given to another one. */
    private SignalTarget ifStillTheSame(boolean alive) throws IOException {
        if (!alive) {
            close();
            throw new OsException("pidfd_open", Errno.ESRCH, "pid=" + pid + " (it has ended)");
        }
        return this;
    }

    static void requireProcess(long pid) {
        if (pid == ProcessHandle.current().pid()) {
            return;
        }
        if (pid < FIRST_PROCESS) {
            throw new IllegalArgumentException("pid is " + pid
                    + "; a process has 1 or more (0 and less mean groups of processes; Signals.sendToGroup takes one)");
        }
        if (pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid is " + pid + "; it is at most " + Integer.MAX_VALUE);
        }
    }

    /** The kernel drops them, and whoever sends them to the process that all others depend on means another one. */
    private void requireTaken(PosixSignal signal) {
        if (pid == FIRST_PROCESS && (signal.equals(PosixSignal.KILL) || signal.equals(PosixSignal.STOP))) {
            throw new IllegalArgumentException(
                    "pid is 1, the process that all others depend on; the kernel drops " + signal + " to it");
        }
    }

    /** Its process number. */
    public long pid() {
        return pid;
    }

    /**
     * Whether it exists: it may have ended, and nobody has waited for it yet. Signal 0 of {@code kill(2)}.
     *
     * @throws IOException if this is closed
     */
    public boolean exists() throws IOException {
        int result = sendNow(0);
        return result == 0 || result == -Errno.EPERM;
    }

    /**
     * Sends the signal without a value, as {@code kill(2)}. Never waits.
     *
     * @throws OsException {@code ESRCH} if the process has ended, {@code EPERM} if this user may not
     * @throws IOException if this is closed
     */
    public void send(PosixSignal signal) throws IOException {
        requireTaken(signal);
        int result = sendNow(signal.number());
        if (result < 0) {
            throw failure(pidfd == null ? "kill" : "pidfd_send_signal", -result, signal);
        }
    }

    /**
     * Sends the signal with a value, as {@code sigqueue(3)}, and waits while the queue is full.
     *
     * @throws InterruptedException if interrupted before it was sent
     * @throws AsynchronousCloseException if this was closed meanwhile
     * @throws LimitException if the receiver's limit is 0, so that there never is room
     * @throws IOException as {@link #send}
     */
    public void queue(PosixSignal signal, int value) throws IOException, InterruptedException {
        queue(signal, value, Deadline.NEVER);
    }

    /**
     * Sends the signal with a value if there is room.
     *
     * @return false if the queue is full
     * @throws IOException as {@link #send}
     */
    public boolean tryQueue(PosixSignal signal, int value) throws IOException {
        requireTaken(signal);
        int result = queueNow(signal.number(), value);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        if (result < 0) {
            throw failure(pidfd == null ? "rt_sigqueueinfo" : "pidfd_send_signal", -result, signal);
        }
        return true;
    }

    /**
     * Sends the signal with a value, and waits for room at most the given time.
     *
     * @param timeout how long to wait; zero or less is {@link #tryQueue(PosixSignal, int)}
     * @return false if the time passed and it was not sent
     * @throws InterruptedException as {@link #queue}
     * @throws IOException as {@link #queue}
     */
    public boolean tryQueue(PosixSignal signal, int value, Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow() ? tryQueue(signal, value) : queue(signal, value, deadline);
    }

    private boolean queue(PosixSignal signal, int value, Deadline deadline) throws IOException, InterruptedException {
        Backoff backoff = null;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (tryQueue(signal, value)) {
                return true;
            }
            if (deadline.passed()) {
                return false;
            }
            if (backoff == null) {
                backoff = new Backoff();
                PendingSignals.requireRoomAtAll(pid, signal);
            }
            backoff.sleep(deadline);
            if (closed) {
                throw new AsynchronousCloseException();
            }
        }
    }

    private int sendNow(int signal) throws IOException {
        Fd fd = pidfd;
        if (fd != null) {
            return fd.use(number -> SignalQueueCalls.send(number, signal));
        }
        return isStillTheSame() ? SignalQueueCalls.sendTo((int) pid, signal) : -Errno.ESRCH;
    }

    private int queueNow(int signal, int value) throws IOException {
        Fd fd = pidfd;
        if (fd != null) {
            return fd.use(
                    number -> SignalQueueCalls.queue(number, signal, value, info)); // one at a time: info is shared
        }
        synchronized (info) {
            return isStillTheSame() ? SignalQueueCalls.queueTo((int) pid, signal, value, info) : -Errno.ESRCH;
        }
    }

    private boolean isStillTheSame() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return identity != null && identity.isAlive();
    }

    private OsException failure(String call, int errno, PosixSignal signal) {
        String why = errno == Errno.EPERM ? " (only its own user, and a privileged one, may signal it)" : "";
        return new OsException(call, errno, "pid=" + pid + " signal=" + signal + why);
    }

    /** Whether it was not closed yet. */
    public boolean isOpen() {
        return !closed;
    }

    /** Lets the process go; it lives on. A thread that waits for room leaves within 10 ms. */
    @Override
    public void close() {
        closed = true;
        if (pidfd != null) {
            pidfd.close();
        }
    }

    @Override
    public String toString() {
        return "SignalTarget[process " + pid + (closed ? ", closed]" : "]");
    }
}
