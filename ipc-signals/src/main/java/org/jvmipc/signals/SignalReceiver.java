package org.jvmipc.signals;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Receiver;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.MaskEditor;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.spi.Pollable;

/**
 * Receives signals as messages: {@code sigwaitinfo(2)} and {@code signalfd(2)}, in a JVM. {@link Signals#receive}
 * opens it.
 *
 * <pre>{@code
 * PosixSignal reload = PosixSignal.realTime(1);
 * try (SignalReceiver signals = Signals.receive(reload, PosixSignal.USR1)) {
 *     SignalEvent event = signals.receive();                    // waits
 *     System.out.println(event.value() + " from " + event.pid());
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>none has come</th><th>closed</th></tr>
 * <tr><td>{@link #receive()}</td><td>waits</td><td>{@code ClosedChannelException}</td></tr>
 * <tr><td>{@link #tryReceive()}</td><td>{@code null}, at once</td><td>the same</td></tr>
 * <tr><td>{@link #tryReceive(Duration)}</td><td>{@code null}, after the time</td><td>the same</td></tr>
 * </table>
 *
 * <p><b>Which signals come how.</b>
 *
 * <table>
 * <caption>Ways</caption>
 * <tr><th>signals</th><th>way</th><th>known of each</th></tr>
 * <tr><td>RTMIN to RTMAX, but 62</td><td>blocked in all threads; queue in the kernel</td><td>all; for what can cost one
 * its place see below</td></tr>
 * <tr><td>USR1, ALRM, CHLD, CONT, WINCH and other standard ones</td><td>the same; several of a kind are one</td>
 * <td>code, sender</td></tr>
 * <tr><td>HUP, INT, TERM</td><td>handed over by the JVM, which otherwise would end; several of a kind are one</td>
 * <td>that it came</td></tr>
 * <tr><td>QUIT, USR2, SEGV, STKFLT, 62 and what else {@link PosixSignal#refusal()} names</td><td>not at
 * all</td><td></td></tr>
 * </table>
 *
 * <p><b>Order</b> is kept within one real-time number, as far as no thread unblocks it (below). Of several numbers each gets
 * its turn.
 *
 * <p><b>Full.</b> The sender is told ({@link SignalTarget}); what was accepted is not lost, unless a thread unblocks the
 * signal while the queue is full (below). <b>Closed here:</b>
 * what has come and was not received is discarded, and the process does with the signals what it did before, by
 * default ends: so tell senders first. <b>Forgotten:</b> a receiver that is unreachable is closed some time. There is
 * no other side whose end could be told.
 *
 * <p><b>Threads that unblock a signal</b> are hit by it: then it goes to the back of the queue ({@link #requeued()}), or is
 * lost if that is full ({@link #lost()}). Besides threads of other libraries those of the JVM do so that were there before
 * the opening, when they end: HotSpot puts back the mask that a thread had at its start. In a JVM that was started with the
 * signals blocked that mask has them blocked, too, and nothing loses its place.
 *
 * <p><b>Thread safety.</b> Any thread may call any method; receives serialise and each signal goes to one caller.
 *
 * <p><b>Memory consistency effects.</b> As {@link Receiver}.
 *
 * <p><b>Platform notes.</b> {@code signal(7)}, {@code signalfd(2)}. Opening and closing send one signal,
 * usually STKFLT, to every thread that does not have the signals blocked yet; system calls in other libraries that are
 * never restarted, such as {@code poll(2)}, may end with {@code EINTR} then. A JVM that was started with the signals
 * blocked ({@link org.jvmipc.process.JvmLauncher#blockSignals}) needs none of that. Processes started by
 * {@code ProcessBuilder} on a JDK before 25 inherit blocked signals; those of {@link org.jvmipc.process.JvmLauncher}
 * do not.
 */
public final class SignalReceiver implements Receiver<SignalEvent>, Pollable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final List<PosixSignal> signals;
    private final SignalOptions options;
    private final SignalIntake intake;
    private final SignalBatch batch;
    private final PolledFd polled;
    private final Cleaner.Cleanable safetyNet;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private final long requeuedBefore;
    private final long lostBefore;

    /** How many reads there had been when the watchers knew of all that is here. */
    private long known;

    private SignalReceiver(List<PosixSignal> signals, SignalOptions options, SignalIntake intake) {
        this.signals = signals;
        this.options = options;
        this.intake = intake;
        this.batch = intake.batch;
        this.polled = batch.polled();
        this.requeuedBefore = sum(MaskEditor::requeued);
        this.lostBefore = sum(MaskEditor::lost);
        this.safetyNet = CLEANER.register(this, intake);
    }

    static SignalReceiver open(SignalOptions options, PosixSignal... wanted) throws IOException {
        List<PosixSignal> signals = SignalIntake.checked(wanted);
        return new SignalReceiver(signals, options, SignalIntake.open(signals));
    }

    /** Those it receives, in the order asked for. */
    public List<PosixSignal> signals() {
        return signals;
    }

    @Override
    public SignalEvent receive() throws IOException, InterruptedException {
        ensureOpen();
        lock.lockInterruptibly();
        try {
            SignalEvent event = take(Deadline.NEVER);
            if (event == null) {
                throw new IllegalStateException("a receive without deadline ran out of time");
            }
            return event;
        } finally {
            leave();
        }
    }

    @Override
    public @Nullable SignalEvent tryReceive() throws IOException {
        ensureOpen();
        if (!lock.tryLock()) {
            return null;
        }
        try {
            return take(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a receive that never waits was interrupted", e);
        } finally {
            leave();
        }
    }

    @Override
    public @Nullable SignalEvent tryReceive(Duration timeout) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isNow()) {
            return tryReceive();
        }
        ensureOpen();
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            return take(deadline);
        } finally {
            leave();
        }
    }

    /** The next one that the options accept; null if the deadline passed first. */
    private @Nullable SignalEvent take(Deadline deadline) throws IOException, InterruptedException {
        for (int refused = 0; ; ) {
            if (closed.get()) {
                throw new AsynchronousCloseException(); // it was open when the call began
            }
            SignalEvent event = next();
            if (event == null) {
                if (deadline.isNow() || !batch.await(deadline)) {
                    return null;
                }
            } else if (options.accepts(event)) {
                return event;
            } else {
                dropped.incrementAndGet();
                if (isEnough(++refused, deadline)) {
                    return null;
                }
            }
        }
    }

    /** Who goes on sending what is not wanted keeps nobody in here. */
    private static boolean isEnough(int refused, Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            return refused == SignalBatch.RECORDS;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return deadline.passed();
    }

    private @Nullable SignalEvent next() throws IOException {
        polled.takeNudge();
        SignalEvent event = intake.takeArrived();
        if (event == null) {
            event = batch.next();
        }
        if (event == null && batch.fill()) {
            event = batch.next();
        }
        return event;
    }

    /** Gives the lock back; what was read and not taken shows on the descriptor no more, so who watches that is told. */
    private void leave() {
        boolean more = false;
        if (known != batch.reads()) {
            known = batch.reads();
            more = intake.watchers.isAny() && !batch.isEmpty();
        }
        lock.unlock();
        if (more) {
            intake.watchers.wakeup();
        }
    }

    /** How many were dropped because the options did not accept them. */
    public long dropped() {
        return dropped.get();
    }

    /** How many, since the opening, have hit a thread that did not have them blocked, and lost their place in the queue. */
    public long requeued() {
        return sum(MaskEditor::requeued) - requeuedBefore;
    }

    /** How many of those were lost, because the queue was full. */
    public long lost() {
        return sum(MaskEditor::lost) - lostBefore;
    }

    private long sum(ToLongBiFunction<MaskEditor, Integer> counter) {
        MaskEditor editor = MaskEditor.getIfMade();
        return editor == null
                ? 0
                : signals.stream()
                        .mapToLong(signal -> counter.applyAsLong(editor, signal.number()))
                        .sum();
    }

    // ---- waiting together with other receivers

    @Override
    public int fd() throws IOException {
        return polled.number();
    }

    @Override
    public void arm() {
        // A descriptor with a signal pending is always readable; of what the JVM hands over watchers are told.
    }

    @Override
    public boolean ready() throws IOException {
        ensureOpen();
        if (intake.hasArrived()) {
            return true;
        }
        if (!lock.tryLock()) {
            return polled.isReady(Poll.POLLIN); // somebody is receiving
        }
        try {
            return !batch.isEmpty() || polled.isReadyHere(Poll.POLLIN);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void watch(Watcher watcher) throws IOException {
        intake.watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        intake.watchers.remove(watcher);
    }

    private void ensureOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    /** {@code signal:PID} of this process. */
    @Override
    public Address address() {
        return Address.of(
                SignalTransport.SCHEME, Long.toString(ProcessHandle.current().pid()));
    }

    @Override
    public Set<Capability> capabilities() {
        return SignalTransport.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    /**
     * Gives the signals back, in some ten milliseconds: what is pending is discarded, and the process does with them
     * what it did before.
     *
     * @throws IOException if a thread cannot be reached to unblock them; the receiver counts as closed all the same
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        intake.watchers.closing(); // from here on nobody polls the number but this receiver
        polled.startClosing();
        lock.lock(); // the one inside is leaving
        try {
            intake.release();
        } finally {
            lock.unlock();
            safetyNet.clean(); // released already, so it only forgets
        }
    }

    @Override
    public String toString() {
        return "SignalReceiver" + signals + (isOpen() ? "" : " (closed)");
    }
}
