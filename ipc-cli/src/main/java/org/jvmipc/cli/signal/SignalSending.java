package org.jvmipc.cli.signal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Units;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.SignalTarget;
import org.jvmipc.signals.Signals;

/** {@code signal send}. */
record SignalSending(Address about, long pid, PosixSignal signal, WaitOptions options) {
    int send(@Nullable Integer value, boolean group, Console console) throws IOException, InterruptedException {
        try {
            if (group) {
                Signals.sendToGroup(pid, signal);
            } else {
                sendToProcess(value, console);
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException(failure(ErrorKind.USAGE, String.valueOf(e.getMessage())), e);
        } catch (IOException e) {
            throw new CommandException(Failure.of("signal send", about, e), e);
        }
        console.talk().detail("signal send " + about + ": " + signal + (value == null ? "" : " with " + value));
        return ExitCode.SUCCESS;
    }

    private void sendToProcess(@Nullable Integer value, Console console) throws IOException, InterruptedException {
        try (SignalTarget target = SignalTarget.of(pid)) {
            if (value == null) {
                target.send(signal);
                return;
            }
            console.waits().begin("room in the queue of " + about);
            Duration patience = Duration.ofNanos(options.deadline().remainingNanos());
            boolean sent = options.noWait() ? target.tryQueue(signal, value) : target.tryQueue(signal, value, patience);
            if (!sent) {
                throw full();
            }
        }
    }

    private CommandException full() {
        String why = "the queue of its user is full";
        Duration timeout = options.timeout();
        if (timeout == null) {
            return new CommandException(failure(
                    ErrorKind.BUSY,
                    why + ", and --no-wait was given (EAGAIN)",
                    "leave --no-wait out to wait for room; 'ipc inspect " + about + "' tells how full it is"));
        }
        return new CommandException(
                failure(ErrorKind.TIMED_OUT, why + ", and was for " + Units.formatDuration(timeout)));
    }

    private Failure failure(ErrorKind kind, String why, String... fixes) {
        return Failure.of(kind, "signal send " + about + ": " + why, fixes).withAddress(about.toString());
    }
}
