package org.jvmipc.cli.signal;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Units;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.SignalEvent;
import org.jvmipc.signals.SignalOptions;
import org.jvmipc.signals.SignalReceiver;
import org.jvmipc.signals.SignalUnavailableException;
import org.jvmipc.signals.Signals;

/** {@code signal watch}: prints the signals that come, a line each, at once. */
final class SignalWatch {
    private static final String SCHEMA = "ipc.signal/1";

    /**
     * Never closed, and never forgotten: who sends does not know that this command is about to end, and a signal that was
     * given back would end it otherwise than it should.
     */
    @SuppressWarnings("UnusedVariable") // it is there to be reachable
    private static volatile @Nullable SignalReceiver kept;

    private final List<PosixSignal> signals;
    private final SignalOptions chosen;
    private final long limit;
    private final WaitOptions options;
    private long printed;

    /** @param limit after how many it ends */
    SignalWatch(List<PosixSignal> signals, SignalOptions chosen, long limit, WaitOptions options) {
        this.signals = signals;
        this.chosen = chosen;
        this.limit = limit;
        this.options = options;
    }

    @SuppressWarnings("resource") // see kept
    int run(Console console) throws IOException, InterruptedException {
        SignalReceiver receiver = open();
        kept = receiver;
        tellReady(console);
        while (printed < limit) {
            SignalEvent event = receiver.tryReceive();
            if (event == null) {
                event = await(receiver, console);
            }
            if (event == null) {
                return stopped();
            }
            print(event, console);
            printed++;
        }
        return ExitCode.SUCCESS;
    }

    private SignalReceiver open() throws IOException {
        try {
            return Signals.receive(chosen, signals.toArray(PosixSignal[]::new));
        } catch (SignalUnavailableException e) {
            throw failed(ErrorKind.UNSUPPORTED, e, "'ipc signal list' tells which can be received");
        } catch (UnsupportedMechanismException e) {
            throw failed(ErrorKind.UNSUPPORTED, e);
        }
    }

    private static CommandException failed(ErrorKind kind, Exception e, String... fixes) {
        return new CommandException(Failure.of(kind, "signal watch: " + e.getMessage(), fixes), e);
    }

    /** On standard error, as the signals are what goes to standard output; in quiet, too, since nobody could send otherwise. */
    private static void tellReady(Console console) {
        long pid = ProcessHandle.current().pid();
        if (console.json()) {
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("schema", "ipc.signal-ready/1");
            ready.put("pid", pid);
            console.talk().write(Json.line(ready) + "\n");
        } else {
            console.talk().write(pid + " ready\n");
        }
    }

    private @Nullable SignalEvent await(SignalReceiver receiver, Console console)
            throws IOException, InterruptedException {
        if (options.noWait()) {
            return null;
        }
        console.waits().begin("a signal");
        SignalEvent event =
                receiver.tryReceive(Duration.ofNanos(options.deadline().remainingNanos()));
        console.waits().end();
        return event;
    }

    private int stopped() {
        boolean all = limit == Long.MAX_VALUE;
        if (options.noWait()) {
            if (all || printed > 0) {
                return ExitCode.SUCCESS;
            }
            throw new CommandException(Failure.of(
                    ErrorKind.BUSY,
                    "signal watch: no signal is there, and --no-wait was given (EAGAIN)",
                    "leave --no-wait out to wait for one; -t DUR waits so long"));
        }
        Duration timeout = options.timeout();
        String within = timeout == null ? "" : " within " + Units.formatDuration(timeout);
        String got = all ? printed + " came before" : printed + " of " + limit + " came";
        throw new CommandException(
                Failure.of(ErrorKind.TIMED_OUT, "signal watch: no more signals" + within + "; " + got));
    }

    private static void print(SignalEvent event, Console console) throws StdoutClosedException {
        console.out().line(console.json() ? json(event) : text(event));
    }

    /** Such as {@code RTMIN+1 42 SI_QUEUE pid=4711 uid=0}; {@code -} is an unknown value. */
    private static String text(SignalEvent event) {
        StringBuilder text = new StringBuilder(event.signal().name());
        text.append(' ')
                .append(
                        event.value().isPresent()
                                ? Integer.toString(event.value().getAsInt())
                                : "-");
        text.append(' ').append(event.code().constant());
        event.pid().ifPresent(pid -> text.append(" pid=").append(pid));
        event.uid().ifPresent(uid -> text.append(" uid=").append(uid));
        return text.toString();
    }

    private static String json(SignalEvent event) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("signal", event.signal().name());
        map.put("number", event.signal().number());
        event.value().ifPresent(value -> map.put("value", value));
        map.put("code", event.code().constant());
        event.pid().ifPresent(pid -> map.put("pid", pid));
        event.uid().ifPresent(uid -> map.put("uid", uid));
        return Json.line(map);
    }
}
