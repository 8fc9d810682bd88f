package org.jvmipc.signals;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.BlockedSignals;
import org.jvmipc.internal.JvmSignals;
import org.jvmipc.internal.posix.MaskEditor;
import org.jvmipc.internal.posix.SignalAction;
import org.jvmipc.internal.posix.SignalActionCalls;

/**
 * The signals that this JVM receives as messages, each blocked in all threads, so that it stays in the process's queue
 * until a signalfd takes it out.
 *
 * <p>A signal that every thread had blocked already, because the JVM was started so, needs nothing more. Any other
 * gets the {@link MaskEditor}'s handler, before anything else, so that an arrival does not end the process; then the
 * {@link Carrier} goes to all threads.
 *
 * <p>Giving back goes the other way round, and the order matters: an action that discards, which empties the queue;
 * then unblocking; then the action of before. Unblocked with the default action and something pending, the process
 * would end.
 *
 * <p><b>Thread safety.</b> One at a time changes anything, by the class's lock.
 */
final class ManagedSignals {
    private static long managed;
    private static @Nullable Carrier carrier;

    private final long edited;
    private final long blockedBefore;
    private final Map<Integer, SignalAction> before;
    private final Set<Long> exceptThreads = new HashSet<>();

    private ManagedSignals(long edited, long blockedBefore, Map<Integer, SignalAction> before) {
        this.edited = edited;
        this.blockedBefore = blockedBefore;
        this.before = before;
    }

    /**
     * Takes the signals, which nobody in this JVM receives yet.
     *
     * @throws SignalUnavailableException if one of them is somebody else's
     */
    static synchronized ManagedSignals take(long signals) throws IOException {
        requireFree(signals);
        List<ThreadMask> threads = ThreadMask.ofAllThreads();
        long everywhere = -1;
        for (ThreadMask thread : threads) {
            everywhere &= thread.blocked();
        }
        long edited = signals & ~everywhere;
        Map<Integer, SignalAction> before = new HashMap<>();
        for (PosixSignal signal : SignalMask.signals(signals)) {
            before.put(signal.number(), requireNoHandler(signal));
        }
        ManagedSignals taken = new ManagedSignals(edited, signals & everywhere, before);
        BlockedSignals.add(signals);
        managed |= signals;
        try {
            if (edited != 0) {
                taken.edit(threads);
            }
            return taken;
        } catch (Throwable e) {
            taken.giveBackAfter(e);
            throw e;
        }
    }

    private static void requireFree(long signals) throws SignalUnavailableException {
        for (PosixSignal signal : SignalMask.signals(signals & managed)) {
            throw alreadyReceived(signal);
        }
        Carrier present = carrier;
        if (present != null && (signals & SignalMask.of(present.signal())) != 0) {
            throw new SignalUnavailableException(
                    new PosixSignal(present.signal()),
                    SignalUnavailableException.Owner.SYSTEM,
                    String.valueOf(JvmSignals.refusal(JvmSignals.CARRIER)));
        }
    }

    static SignalUnavailableException alreadyReceived(PosixSignal signal) {
        return new SignalUnavailableException(
                signal,
                SignalUnavailableException.Owner.RECEIVER,
                "another receiver of this JVM has it; one receiver may be used by several threads");
    }

    private static SignalAction requireNoHandler(PosixSignal signal) throws IOException {
        SignalAction action = SignalActionCalls.current(signal.number());
        MaskEditor editor = MaskEditor.getIfMade();
        if (editor != null && editor.isOwn(action)) {
            return SignalAction.DEFAULT; // left by a receiver that could not be closed in order
        }
        if (action.isHandler()) {
            throw foreign(signal, action);
        }
        return action;
    }

    static SignalUnavailableException foreign(PosixSignal signal, SignalAction action) {
        String function = SignalActionCalls.function(action.handler());
        String name = function == null ? "code at 0x" + Long.toHexString(action.handler()) : function;
        return new SignalUnavailableException(
                signal,
                SignalUnavailableException.Owner.FOREIGN_HANDLER,
                "it has a handler already, " + name + ", which is not replaced");
    }

    private void edit(List<ThreadMask> threads) throws IOException {
        MaskEditor editor = MaskEditor.get(remedy(SignalMask.signals(edited)));
        Carrier present = carrier;
        if (present == null || !present.isInstalled()) {
            present = Carrier.install(editor, managed, threads);
            carrier = present;
        }
        exceptThreads.addAll(present.havingBlocked(edited, threads));
        long meanwhile = edited | SignalMask.of(present.signal());
        editor.block(edited); // from here on its handlers know of them
        for (PosixSignal signal : SignalMask.signals(edited)) {
            SignalActionCalls.set(signal.number(), editor.managedAction(meanwhile));
        }
        exceptThreads.addAll(present.block(edited));
    }

    private static String remedy(List<PosixSignal> signals) {
        StringBuilder names = new StringBuilder();
        for (PosixSignal signal : signals) {
            names.append(names.length() == 0 ? "" : ",").append(signal.name());
        }
        return "start the JVM with the signals blocked: JvmLauncher.blockSignals, or `env --block-signal=" + names
                + " java ...`";
    }

    private void giveBackAfter(Throwable failure) {
        try {
            giveBack();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** What is pending is discarded, and all is as before. Called once. */
    void giveBack() throws IOException {
        synchronized (ManagedSignals.class) {
            try {
                for (PosixSignal signal : SignalMask.signals(blockedBefore)) {
                    discardPending(signal);
                }
                if (edited != 0) {
                    giveBackEdited();
                }
            } finally {
                managed &= ~(edited | blockedBefore);
                BlockedSignals.remove(edited | blockedBefore);
            }
        }
    }

    /** It stays blocked, as it was. */
    private void discardPending(PosixSignal signal) throws IOException {
        SignalAction present = SignalActionCalls.current(signal.number());
        if (!present.isHandler()) {
            SignalActionCalls.set(signal.number(), discarding(signal));
            SignalActionCalls.set(signal.number(), present);
        }
    }

    private void giveBackEdited() throws IOException {
        MaskEditor editor = MaskEditor.getIfMade();
        Carrier present = carrier;
        if (editor == null || present == null) {
            return; // it failed before anything was changed
        }
        long own = 0;
        for (PosixSignal signal : SignalMask.signals(edited)) {
            if (editor.isOwn(SignalActionCalls.current(signal.number()))) {
                SignalActionCalls.set(signal.number(), discarding(signal));
                own |= SignalMask.of(signal.number());
            }
        }
        try {
            present.unblock(edited, exceptThreads);
        } finally {
            for (PosixSignal signal : SignalMask.signals(own)) {
                SignalAction old = before.get(signal.number());
                SignalActionCalls.set(signal.number(), old == null ? SignalAction.DEFAULT : old);
            }
        }
    }

    /** What is ignored by default is discarded by the default action; to ignore SIGCHLD would lose exit statuses. */
    private static SignalAction discarding(PosixSignal signal) {
        return switch (signal.defaultAction()) {
            case IGNORE, CONTINUE -> SignalAction.DEFAULT;
            default -> SignalAction.IGNORE;
        };
    }
}
