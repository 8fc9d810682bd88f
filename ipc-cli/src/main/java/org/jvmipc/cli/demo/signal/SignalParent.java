package org.jvmipc.cli.demo.signal;

import java.io.IOException;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.signals.SignalTarget;

/**
 * The parent of the demo {@code signal}: sends standard signals while the child takes none, then real-time ones with values
 * while it does, then so many while it does not that there is no more room. {@link SignalChild} is the other half.
 */
final class SignalParent {
    /** Standard ones in a row: of so many one is left. */
    private static final int MERGED = 1_000;

    /** How many more than there are now may pend for the child: the limit counts all of the user's, who has use for the rest. */
    private static final int ROOM = 10_000;

    /** Of a user with very many it is not known how many others will take theirs meanwhile. */
    private static final int MOST_TO_FILL = 1_000_000;

    private final DemoOptions options;
    private final DemoRun run;
    private final SignalValues values;

    SignalParent(DemoOptions options, DemoRun run) {
        this.options = options;
        this.run = run;
        this.values = new SignalValues(run.id());
    }

    /** Sends all, and waits for the child's end. */
    SignalSeen send() throws IOException, InterruptedException {
        if (options.messages() > SignalValues.MOST) {
            throw new LimitException(
                    "demo signal -n " + options.messages(),
                    "places that a value tells",
                    SignalValues.MOST,
                    "give less");
        }
        long startNanos = System.nanoTime();
        var launcher = DemoRun.launcher(SignalChild.class, Long.toString(run.id()), Boolean.toString(options.slow()));
        // So nothing can come too early, no thread of the JVM ever unblocks them, and no machine code is needed.
        launcher.blockSignals(SignalChild.MERGED.number(), SignalChild.QUEUED.number());
        try (DemoChild<SignalReport> child = DemoChild.launch(run, "child", launcher, SignalReport.class)) {
            child.awaitReady();
            long readyNanos = System.nanoTime() - startNanos;
            Address address = Address.of("signal", Long.toString(child.pid()));
            long limit = limit(address, child.pid());
            try (SignalTarget target = SignalTarget.of(child.pid())) {
                SignalReport merged = merged(child, target);
                SignalReport queued = queued(child, target);
                run.phase("filling the queue of the child, which takes none");
                int filled = fill(target);
                SignalReport full = report(child);
                child.order(SignalChild.END);
                Peer ended = child.end();
                return new SignalSeen(
                        MERGED,
                        merged,
                        options.messages(),
                        queued,
                        filled,
                        filled < MOST_TO_FILL,
                        full,
                        limit,
                        readyNanos,
                        ended);
            }
        }
    }

    /** Lets few pend, so that it does not take the user's other processes their room; how many. */
    private static long limit(Address address, long pid) throws IOException {
        Map<String, Object> facts = Ipc.scheme(address).inspect(address);
        long limit = facts.get("limit") instanceof Number number ? number.longValue() : Long.MAX_VALUE; // "none"
        long pending = facts.get("pending of its user") instanceof Number number ? number.longValue() : -1;
        if (limit < 0 || pending < 0) {
            return limit; // it is not to be seen, and stays as it is
        }
        long room = Math.min(limit, pending + ROOM);
        ProcessCalls.limitPendingSignals(pid, room);
        return room;
    }

    private SignalReport merged(DemoChild<SignalReport> child, SignalTarget target)
            throws IOException, InterruptedException {
        run.phase("sending standard signals to the child, which takes none");
        for (int i = 0; i < MERGED; i++) {
            target.send(SignalChild.MERGED);
        }
        return report(child);
    }

    private SignalReport queued(DemoChild<SignalReport> child, SignalTarget target)
            throws IOException, InterruptedException {
        run.phase("sending real-time signals to the child");
        child.order(SignalChild.RECEIVE);
        for (long place = 0; place < options.messages(); place++) {
            target.queue(SignalChild.QUEUED, values.at(place));
        }
        child.order(SignalChild.REPORT);
        return child.report();
    }

    /** How many were accepted before one was refused. */
    private int fill(SignalTarget target) throws IOException {
        int accepted = 0;
        while (accepted < MOST_TO_FILL && target.tryQueue(SignalChild.QUEUED, values.at(accepted))) {
            accepted++;
        }
        return accepted;
    }

    private static SignalReport report(DemoChild<SignalReport> child) throws IOException, InterruptedException {
        child.order(SignalChild.RECEIVE);
        child.order(SignalChild.REPORT);
        return child.report();
    }
}
