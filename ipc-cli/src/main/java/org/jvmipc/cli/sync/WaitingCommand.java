package org.jvmipc.cli.sync;

import java.time.Duration;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Units;
import picocli.CommandLine.Mixin;

/** What those have in common that wait: how long, and the words for not having got it. */
abstract class WaitingCommand extends SynchronizeCommand {
    @Mixin
    final WaitOptions options = new WaitOptions();

    WaitingCommand(String verb) {
        super(verb);
    }

    @Override
    final void begin() {
        options.begin(verb());
    }

    /** How long to wait at most. */
    final Duration patience() {
        return Duration.ofNanos(options.deadline().remainingNanos());
    }

    /** It was not to be had in time. */
    final CommandException notHad(String why) {
        return notHad(why, "");
    }

    /** The same, with what is to be said after how long it was waited. */
    final CommandException notHad(String why, String afterwards) {
        if (options.noWait()) {
            return new CommandException(failure(
                    ErrorKind.BUSY,
                    why + ", and --no-wait was given (EAGAIN)",
                    "leave --no-wait out to wait for it; -t DUR waits so long"));
        }
        Duration timeout = options.timeout();
        String within = timeout == null ? "" : " within " + Units.formatDuration(timeout);
        return new CommandException(failure(ErrorKind.TIMED_OUT, why + within + afterwards));
    }
}
