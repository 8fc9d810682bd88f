package org.jvmipc.signals;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Giving back goes the other way round, and the order matters: an action that discards, which empties the queue; at
 * once the {@link MaskEditor}'s handler that does nothing; unblocking; discarding once more what came meanwhile; and at
 * once the action of before. Unblocked with the default action and something pending, the process would end; and while a
 * signal is ignored no time may pass, since a process that is started then would ignore it for good.
 *
 * <p>If that fails midway, the signals keep a handler of the editor's, so that nothing ends the process; and what they
 * were before is owed, until they have been taken again and given back.
 *
 * <p>An action is looked at and replaced in one system call, so that none of others is lost.
 *
 * <p><b>Thread safety.</b> One at a time changes anything, by the class's lock.
 */
final class ManagedSignals {
    private static long managed;
    private static @Nullable Carrier carrier;

    /** By signal, who could not give it back. */
    private static final Map<Integer, ManagedSignals> OWED = new HashMap<>();

    private final long edited;
    private final long blockedBefore;
    private final Map<Integer, SignalAction> before = new HashMap<>();
    private final Map<Long, Long> exceptThreads = new HashMap<>();
    private boolean masking;

    private ManagedSignals(long edited, long blockedBefore) {
        this.edited = edited;
        this.blockedBefore = blockedBefore;
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
        long edited = 0;
        for (PosixSignal signal : SignalMask.signals(signals)) {
            requireNoHandler(signal);
            if (!SignalMask.has(everywhere, signal) || OWED.containsKey(signal.number())) {
                edited |= SignalMask.of(signal.number());
            }
        }
        ManagedSignals taken = new ManagedSignals(edited, signals & ~edited);
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

    private static void requireNoHandler(PosixSignal signal) throws IOException {
        SignalAction action = SignalActionCalls.current(signal.number());
        if (isForeign(action)) {
            throw foreign(signal, action);
        }
    }

    private static boolean isForeign(SignalAction action) {
        MaskEditor editor = MaskEditor.getIfMade();
        return action.isHandler() && (editor == null || !editor.isOwn(action));
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
        Carrier present = carrier(editor, threads);
        exceptThreads.putAll(present.havingBlocked(edited & ~owed(), threads));
        masking = true;
        editor.block(edited); // from here on its handlers know of them
        SignalAction action = editor.managedAction(managed | SignalMask.of(present.signal()));
        for (PosixSignal signal : SignalMask.signals(edited)) {
            // What a receiver before could not discard is not this one's.
            SignalAction old = OWED.containsKey(signal.number())
                    ? SignalActionCalls.swapTwice(signal.number(), discarding(signal), action)
                    : SignalActionCalls.swap(signal.number(), action);
            if (isForeign(old)) {
                SignalActionCalls.set(signal.number(), old);
                throw foreign(signal, old); // it came between the look and now
            }
            remember(signal, old);
        }
        present.block(edited, exceptThreads);
    }

    private void remember(PosixSignal signal, SignalAction old) {
        ManagedSignals debtor = OWED.remove(signal.number());
        SignalAction action = old;
        if (debtor != null) {
            action = debtor.before.getOrDefault(signal.number(), SignalAction.DEFAULT);
            exceptThreads.putAll(debtor.exceptThreads);
        }
        before.put(signal.number(), action);
        if (action.isDefault()) {
            BlockedSignals.defaultInChildren(SignalMask.of(signal.number()));
        }
    }

    private static long owed() {
        long owed = 0;
        for (int signal : OWED.keySet()) {
            owed |= SignalMask.of(signal);
        }
        return owed;
    }

    /** The present one, or another if somebody has replaced its handler: without it the signal would end the process. */
    private static Carrier carrier(MaskEditor editor, List<ThreadMask> threads) throws IOException {
        Carrier present = carrier;
        if (present == null || !present.isInstalled()) {
            present = Carrier.install(editor, managed, threads);
            carrier = present;
        }
        return present;
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
            giveBack(0);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** What is pending is discarded, and all is as before. Called once. */
    void giveBack() throws IOException {
        giveBack(blockedBefore);
    }

    private void giveBack(long discarded) throws IOException {
        synchronized (ManagedSignals.class) {
            try {
                for (PosixSignal signal : SignalMask.signals(discarded)) {
                    discardPending(signal);
                }
            } finally {
                try {
                    giveBackEdited();
                } finally {
                    managed &= ~(edited | blockedBefore);
                    BlockedSignals.remove((edited | blockedBefore) & ~owed());
                }
            }
        }
    }

    /** It stays blocked, as it was. */
    private static void discardPending(PosixSignal signal) throws IOException {
        SignalAction present = SignalActionCalls.current(signal.number());
        if (!present.isHandler()) {
            swapTwice(signal, discarding(signal), present);
        }
    }

    private void giveBackEdited() throws IOException {
        MaskEditor editor = MaskEditor.getIfMade();
        if (editor == null || !masking) {
            return; // it failed before anything was changed
        }
        List<PosixSignal> signals = SignalMask.signals(edited);
        signals.removeIf(signal -> !before.containsKey(signal.number()));
        signals.forEach(signal -> OWED.put(signal.number(), this));
        try {
            for (PosixSignal signal : signals) {
                if (!isOurs(signal) || isForeign(swapTwice(signal, discarding(signal), editor.discardingAction()))) {
                    OWED.remove(signal.number()); // somebody has it now
                }
            }
            carrier(editor, ThreadMask.ofAllThreads()).unblock(edited, exceptThreads);
            for (PosixSignal signal : signals) {
                if (OWED.containsKey(signal.number()) && isOurs(signal)) {
                    SignalAction old = before.getOrDefault(signal.number(), SignalAction.DEFAULT);
                    swapTwice(signal, discarding(signal), old);
                }
                OWED.remove(signal.number());
            }
        } catch (Throwable e) {
            keepFromHarm(editor, e);
            throw e;
        }
    }

    private static boolean isOurs(PosixSignal signal) throws IOException {
        SignalAction action = SignalActionCalls.current(signal.number());
        return action.isHandler() && !isForeign(action);
    }

    /** Sets both, and puts back at once what somebody has set between the look and now. */
    private static SignalAction swapTwice(PosixSignal signal, SignalAction first, SignalAction second)
            throws IOException {
        SignalAction old = SignalActionCalls.swapTwice(signal.number(), first, second);
        if (isForeign(old)) {
            SignalActionCalls.set(signal.number(), old);
        }
        return old;
    }

    /** What could not be given back neither ends the process, nor is it ignored by processes that it starts. */
    private static void keepFromHarm(MaskEditor editor, Throwable failure) {
        for (PosixSignal signal : SignalMask.signals(owed())) {
            try {
                SignalAction old = SignalActionCalls.swap(signal.number(), editor.discardingAction());
                if (isForeign(old)) {
                    SignalActionCalls.set(signal.number(), old);
                }
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
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
