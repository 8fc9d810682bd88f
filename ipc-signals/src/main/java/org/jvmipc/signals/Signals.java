package org.jvmipc.signals;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.SignalQueueCalls;
import org.jvmipc.process.ChildJvm;

/**
 * POSIX signals: {@code kill(2)}, {@code sigqueue(3)}, and receiving them as messages.
 *
 * <pre>{@code
 * // one process
 * try (SignalReceiver signals = Signals.receive(PosixSignal.realTime(1))) {
 *     SignalEvent event = signals.receive();                       // 42, from whom
 * }
 *
 * // another
 * Signals.queue(pid, PosixSignal.realTime(1), 42);
 * Signals.send(pid, PosixSignal.TERM);
 * }</pre>
 *
 * <p>Who sends more than a few to one process holds it, with {@link SignalTarget}, which also says what each form does
 * when the queue is full and when the process is gone. {@link SignalReceiver} says which signals can be received, and
 * how.
 *
 * <p><b>Not before the receiver is there.</b> By default a signal ends a process that does not expect it. So a process
 * first opens its receiver, then tells its number; or it is started with the signals blocked ({@link
 * org.jvmipc.process.JvmLauncher#blockSignals}), and what comes early waits.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code signal(7)}. A process may signal those of its own user; a privileged one all.
 */
public final class Signals {
    private Signals() {}

    // ---- sending

    /** Sends the signal to the process that has this number now; as {@link SignalTarget#send}. */
    public static void send(long pid, PosixSignal signal) throws IOException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            target.send(signal);
        }
    }

    /** Sends the signal to that very process; as {@link SignalTarget#send}. */
    public static void send(ProcessHandle process, PosixSignal signal) throws IOException {
        try (SignalTarget target = SignalTarget.of(process)) {
            target.send(signal);
        }
    }

    /** Sends the signal to the child; as {@link SignalTarget#send}. */
    public static void send(ChildJvm child, PosixSignal signal) throws IOException {
        try (SignalTarget target = SignalTarget.of(child)) {
            target.send(signal);
        }
    }

    /** Sends the signal with a value, and waits while the queue is full; as {@link SignalTarget#queue}. */
    public static void queue(long pid, PosixSignal signal, int value) throws IOException, InterruptedException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            target.queue(signal, value);
        }
    }

    /** The same to that very process. */
    public static void queue(ProcessHandle process, PosixSignal signal, int value)
            throws IOException, InterruptedException {
        try (SignalTarget target = SignalTarget.of(process)) {
            target.queue(signal, value);
        }
    }

    /** The same to the child. */
    public static void queue(ChildJvm child, PosixSignal signal, int value) throws IOException, InterruptedException {
        try (SignalTarget target = SignalTarget.of(child)) {
            target.queue(signal, value);
        }
    }

    /**
     * Sends the signal with a value if there is room; as {@link SignalTarget#tryQueue(PosixSignal, int)}.
     *
     * @return false if the queue is full
     */
    public static boolean tryQueue(long pid, PosixSignal signal, int value) throws IOException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            return target.tryQueue(signal, value);
        }
    }

    /**
     * Sends the signal with a value, and waits for room at most the given time; as {@link
     * SignalTarget#tryQueue(PosixSignal, int, Duration)}.
     *
     * @return false if the time passed and it was not sent
     */
    public static boolean tryQueue(long pid, PosixSignal signal, int value, Duration timeout)
            throws IOException, InterruptedException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            return target.tryQueue(signal, value, timeout);
        }
    }

    /**
     * Sends the signal to all processes of a group; {@code kill(2)}. The number may be another group's by now, so be
     * sure that a member of it lives, such as a child that leads it and was not waited for.
     *
     * @param group 2 or more
     * @throws OsException {@code ESRCH} if there is no such group, {@code EPERM} if this user may signal none of it
     */
    public static void sendToGroup(long group, PosixSignal signal) throws IOException {
        if (group < 2 || group > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "process group is " + group + "; it is 2 to " + Integer.MAX_VALUE + " (1 would be all processes)");
        }
        int result = SignalQueueCalls.sendToGroup((int) group, signal.number());
        if (result < 0) {
            throw new OsException("kill", -result, "group=" + group + " signal=" + signal);
        }
    }

    /**
     * Whether a process has this number: one that has ended, and that nobody has waited for yet, too. Signal 0 of
     * {@code kill(2)}.
     *
     * @param pid 1 or more; that of a thread is no process
     */
    public static boolean exists(long pid) throws IOException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            return target.exists();
        } catch (OsException e) {
            if (e.errno() == Errno.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    // ---- receiving

    /**
     * Receives these signals from now on. It takes some ten milliseconds.
     *
     * @throws SignalUnavailableException if one of them is somebody else's: the system's, another library's, another
     *     receiver's
     * @throws org.jvmipc.UnsupportedMechanismException if memory cannot be made executable, and the JVM was not
     *     started with the signals blocked; says how to do that
     * @throws IOException if a thread cannot be reached, or the operating system refused; all is as before then
     */
    public static SignalReceiver receive(PosixSignal... signals) throws IOException {
        return SignalReceiver.open(SignalOptions.defaults(), signals);
    }

    /** The same with options. */
    public static SignalReceiver receive(SignalOptions options, PosixSignal... signals) throws IOException {
        return SignalReceiver.open(options, signals);
    }

    /**
     * Calls the handler for each of these signals, in a thread of ours, one after the other, until it is closed.
     * Errors are as those of {@link #receive(PosixSignal...)}.
     */
    public static SignalSubscription on(Consumer<? super SignalEvent> handler, PosixSignal... signals)
            throws IOException {
        return new SignalSubscription(receive(signals), handler);
    }

    /** The same for one signal. */
    public static SignalSubscription on(PosixSignal signal, Consumer<? super SignalEvent> handler) throws IOException {
        return on(handler, signal);
    }
}
