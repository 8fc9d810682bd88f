package org.jvmipc.signals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.JvmSignals;
import org.jvmipc.internal.Watchers;

/**
 * All that a receiver holds of the process: signals blocked in all threads and read by signalfd, and those that the
 * JVM hands over, of which several of a kind are one, as in the kernel.
 *
 * <p>It knows nothing of the receiver, so that it can be given back when that was forgotten.
 */
final class SignalIntake implements Runnable {
    /** Those of this JVM that {@code sun.misc.Signal} hands over to a receiver. */
    private static final AtomicLong HANDED_OVER = new AtomicLong();

    final SignalBatch batch;
    final Watchers watchers = new Watchers();
    private final AtomicLong arrived = new AtomicLong();
    private final List<JvmHandler> handlers = new ArrayList<>();
    private final AtomicBoolean released = new AtomicBoolean();
    private long byJvm;
    private @Nullable ManagedSignals managed;

    private SignalIntake(SignalBatch batch) {
        this.batch = batch;
    }

    /** The signals if a program in a JVM can have them, each once. */
    static List<PosixSignal> checked(PosixSignal... wanted) throws SignalUnavailableException {
        if (wanted.length == 0) {
            throw new IllegalArgumentException("no signal to receive was named");
        }
        List<PosixSignal> signals = new ArrayList<>();
        for (PosixSignal signal : wanted) {
            if (signals.contains(signal)) {
                throw new IllegalArgumentException(signal + " is named twice");
            }
            signals.add(signal);
            String refusal = JvmSignals.refusal(signal.number());
            if (refusal != null) {
                throw new SignalUnavailableException(signal, SignalUnavailableException.Owner.SYSTEM, refusal);
            }
        }
        return List.copyOf(signals);
    }

    /** Takes the signals, all or none. */
    static SignalIntake open(List<PosixSignal> signals) throws IOException {
        long blocked = 0;
        List<PosixSignal> handed = new ArrayList<>();
        for (PosixSignal signal : signals) {
            if (JvmSignals.endsInOrder(signal.number()) && JvmHandler.isNeeded(signal)) {
                handed.add(signal);
            } else {
                blocked |= SignalMask.of(signal.number());
            }
        }
        SignalIntake intake = new SignalIntake(SignalBatch.open(blocked));
        try {
            for (PosixSignal signal : handed) {
                intake.takeFromJvm(signal);
            }
            if (blocked != 0) {
                intake.managed = ManagedSignals.take(blocked);
            }
            return intake;
        } catch (Throwable e) {
            intake.releaseAfter(e);
            throw e;
        }
    }

    private void takeFromJvm(PosixSignal signal) throws IOException {
        long bit = SignalMask.of(signal.number());
        if ((HANDED_OVER.getAndUpdate(taken -> taken | bit) & bit) != 0) {
            throw ManagedSignals.alreadyReceived(signal);
        }
        byJvm |= bit;
        handlers.add(JvmHandler.install(signal, this::arrived));
    }

    /** Called by the JVM's thread for signals. */
    private void arrived(int number) {
        arrived.getAndUpdate(signals -> signals | SignalMask.of(number));
        batch.polled().nudge(); // after the bit: who is woken sees it
        watchers.wakeup();
    }

    /** The next that the JVM has handed over, the lowest first; null if there is none. */
    @Nullable
    SignalEvent takeArrived() {
        long before = arrived.getAndUpdate(signals -> signals & (signals - 1));
        return before == 0
                ? null
                : SignalEvent.bare(new PosixSignal(Long.numberOfTrailingZeros(before) + 1), SignalCode.UNKNOWN);
    }

    boolean hasArrived() {
        return arrived.get() != 0;
    }

    private void releaseAfter(Throwable failure) {
        try {
            release();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Gives all of it back; the second time nothing. No read may be under way. */
    void release() throws IOException {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        try {
            ManagedSignals taken = managed;
            if (taken != null) {
                taken.giveBack();
            }
        } finally {
            try {
                removeHandlers();
            } finally {
                batch.close();
            }
        }
    }

    private void removeHandlers() throws IOException {
        IOException failure = null;
        for (JvmHandler handler : handlers) {
            try {
                handler.remove();
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e; // the others are to be removed all the same
            }
        }
        HANDED_OVER.getAndUpdate(taken -> taken & ~byJvm);
        if (failure != null) {
            throw failure;
        }
    }

    /** For a receiver that was forgotten. */
    @Override
    public void run() {
        try {
            release();
        } catch (IOException | RuntimeException e) {
            // nobody is there to be told
        }
    }
}
