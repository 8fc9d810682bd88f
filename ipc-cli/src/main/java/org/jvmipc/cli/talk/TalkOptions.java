package org.jvmipc.cli.talk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.DurationConverter;
import org.jvmipc.internal.Deadline;
import picocli.CommandLine.Option;

/** The options of the verbs that wait for another process. */
final class TalkOptions {
    @Option(
            names = "--no-wait",
            description = "Never wait for the other side: exit 8 where it would have to be waited for.")
    private boolean noWait;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "DUR",
            converter = DurationConverter.class,
            description = "Wait at most so long in all, as 300ms, 5s, 1m: exit 124 then.")
    private @Nullable Duration timeout;

    private Deadline deadline = Deadline.NEVER;

    /** Checks them, and lets the time begin. */
    void begin(String verb) {
        if (noWait && timeout != null) {
            throw CommandException.usage(verb + ": --no-wait and -t: which?", "leave one of them out");
        }
        if (timeout != null) {
            if (timeout.isZero()) {
                throw CommandException.usage(verb + ": -t 0: it must be more", "--no-wait never waits");
            }
            deadline = Deadline.after(timeout);
        }
    }

    boolean noWait() {
        return noWait;
    }

    /** Whether waits are bounded at all. */
    boolean isBounded() {
        return noWait || timeout != null;
    }

    /** Until when the other side is waited for. */
    Deadline deadline() {
        return noWait ? Deadline.NOW : deadline;
    }

    /** Until when anything else is, such as standard input. */
    Deadline ownDeadline() {
        return deadline;
    }

    /** What {@code -t} says. */
    @Nullable
    Duration timeout() {
        return timeout;
    }
}
