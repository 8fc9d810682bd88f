package org.jvmipc.cli.demo.signal;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.SignalEvent;
import org.jvmipc.signals.SignalReceiver;
import org.jvmipc.signals.Signals;

/**
 * The child of the demo {@code signal}: receives a standard signal and a real-time one, and reports what has come of each part.
 * {@link SignalParent} is the other half.
 */
final class SignalChild {
    /** Standard: of several that were not taken yet one is kept. */
    static final PosixSignal MERGED = PosixSignal.USR1;

    /** Real-time: they queue, each with its value and its sender. */
    static final PosixSignal QUEUED = PosixSignal.realTime(1);

    /** The order to receive, from now on and until {@link #REPORT}. */
    static final String RECEIVE = "receive";

    /** The order to take what is there still, and to report. */
    static final String REPORT = "report";

    /** The order to end. */
    static final String END = "end";

    /** How long it waits for a signal before it looks for an order. */
    private static final Duration A_WHILE = Duration.ofMillis(20);

    private SignalChild() {}

    /**
     * Plays the child.
     *
     * @param args id of the run, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        long id = Long.parseLong(args[0]);
        boolean slow = Boolean.parseBoolean(args[1]);
        try (DemoParent<SignalReport> parent = DemoParent.open(SignalReport.class);
                SignalReceiver signals = Signals.receive(MERGED, QUEUED)) { // before anybody is told that we are there
            parent.ready();
            while (parent.order().equals(RECEIVE)) {
                SignalTaking taking = new SignalTaking(id, ParentJvm.get().pid(), slow);
                take(parent, signals, taking);
                parent.report(taking.report(signals.requeued()));
            }
        }
    }

    private static void take(DemoParent<SignalReport> parent, SignalReceiver signals, SignalTaking taking)
            throws IOException, InterruptedException {
        while (!parent.hasOrdered(REPORT)) {
            taking.take(signals.tryReceive(A_WHILE));
            takeAll(signals, taking);
        }
        takeAll(signals, taking); // all were sent before the order was
    }

    private static void takeAll(SignalReceiver signals, SignalTaking taking) throws IOException {
        for (SignalEvent event = signals.tryReceive(); event != null; event = signals.tryReceive()) {
            taking.take(event);
        }
    }
}
