package org.jvmipc.cli.demo.signal;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Arrivals;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.signals.SignalCode;
import org.jvmipc.signals.SignalEvent;

/** The signals of one part, each looked at as it comes. */
final class SignalTaking {
    private final SignalValues values;
    private final long sender;
    private final boolean slow;
    private final Arrivals arrivals = new Arrivals();
    private long merged;
    private long corrupt;
    private long strangers;
    private long wrongCode;
    private long firstNanos;
    private long lastNanos;

    /**
     * None has come yet.
     *
     * @param id the run's number
     * @param sender whose they must be
     * @param slow whether to pause after each
     */
    SignalTaking(long id, long sender, boolean slow) {
        this.values = new SignalValues(id);
        this.sender = sender;
        this.slow = slow;
    }

    /** Looks at one, if there is one. */
    void take(@Nullable SignalEvent event) {
        if (event == null) {
            return;
        }
        lastNanos = System.nanoTime();
        if (arrivals.received() + merged + corrupt == 0) {
            firstNanos = lastNanos;
        }
        strangers += event.pid().orElse(-1) == sender ? 0 : 1;
        boolean queued = event.signal().equals(SignalChild.QUEUED);
        wrongCode += event.code() == (queued ? SignalCode.QUEUE : SignalCode.USER) ? 0 : 1;
        if (!queued) {
            merged++;
        } else {
            long place =
                    event.value().isPresent() ? values.placeOf(event.value().getAsInt()) : -1;
            if (place < 0) {
                corrupt++;
            } else {
                arrivals.add(place, 0);
            }
        }
        if (slow) {
            Pause.afterMessage();
        }
    }

    /** All that there is to say. */
    SignalReport report(long requeued) {
        return new SignalReport(
                arrivals.received() + merged,
                arrivals.next(),
                arrivals.duplicated(),
                arrivals.reordered(),
                corrupt,
                strangers,
                wrongCode,
                lastNanos - firstNanos,
                requeued);
    }
}
