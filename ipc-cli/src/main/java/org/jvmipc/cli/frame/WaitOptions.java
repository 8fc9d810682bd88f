package org.jvmipc.cli.frame;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import picocli.CommandLine.Option;

/** The options of the verbs that wait for another process. */
public final class WaitOptions {
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
    public void begin(String verb) {
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

    /** Whether {@code --no-wait} was given. */
    public boolean noWait() {
        return noWait;
    }

    /** Whether waits are bounded at all. */
    public boolean isBounded() {
        return noWait || timeout != null;
    }

    /** Until when the other side is waited for. */
    public Deadline deadline() {
        return noWait ? Deadline.NOW : deadline;
    }

    /** Until when anything else is, such as standard input. */
    public Deadline ownDeadline() {
        return deadline;
    }

    /** What {@code -t} says. */
    public @Nullable Duration timeout() {
        return timeout;
    }
}
