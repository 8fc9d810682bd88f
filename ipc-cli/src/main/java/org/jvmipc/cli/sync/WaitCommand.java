package org.jvmipc.cli.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.sync.Awaited.Outcome;
import org.jvmipc.shm.sync.SharedMutex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc wait}: waits for a synchroniser. */
@Command(
        name = "ipc wait",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc wait ADDR [--mutex ADDR] [--shared] [options]",
        description = {
            "Waits until an event is set, a latch is open, all have come to a barrier, a",
            "condition is signalled, or nobody has a read-write lock."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc wait event:stop -t 5s        until it is set; an automatic one is reset",
            "  ipc wait latch:ready             until it was counted down to 0",
            "  ipc wait barrier:step            one of those who meet; exit 5 if one died",
            "  ipc wait cond:filled --mutex mutex:buffer    until a signal comes",
            "  ipc wait rwlock:prices           until nobody has it; --shared: nobody writes"
        },
        sortOptions = false)
public final class WaitCommand extends WaitingCommand {
    private static final String SCHEMA = "ipc.wait/1";

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "What to wait for: event:, latch:, barrier:, cond: or rwlock:.")
    private String address = "";

    @Option(
            names = "--mutex",
            paramLabel = "ADDR",
            description = "Of cond:, which needs it: the mutex that goes with it.")
    private @Nullable String mutex;

    @Option(names = "--shared", description = "Of rwlock:: until it could be read, though others may read.")
    private boolean shared;

    /** The verb. */
    public WaitCommand() {
        super("wait");
    }

    @Override
    Address about() {
        return Address.of(address);
    }

    @Override
    int synchronize(Console console) throws IOException, InterruptedException {
        check();
        try (Awaited awaited = open()) {
            Outcome outcome = awaited.await(options.deadline(), console.waits());
            console.waits().end();
            if (outcome == null) {
                throw notHad(awaited.missing(), awaited.afterwards());
            }
            if (outcome.dead() != null) {
                console.talk().warn(Locks.diedWith(verb(), outcome.dead()));
            }
            tell(outcome, console);
        }
        return ExitCode.SUCCESS;
    }

    private void check() {
        String scheme = about().scheme();
        refuse(shared && !scheme.equals("rwlock"), "--shared is of rwlock: only", "leave it out");
        refuse(mutex != null && !scheme.equals("cond"), "--mutex is of cond: only", "leave it out");
        refuse(
                mutex == null && scheme.equals("cond"),
                about().withoutParameters() + ": with which mutex?",
                "--mutex mutex:NAME, the one that those hold who change what is waited for");
        refuse(
                options.noWait() && scheme.equals("cond"),
                "--no-wait is not of cond:, which keeps no signal: there is nothing to have without waiting",
                "-t DUR waits so long");
    }

    private Awaited open() throws IOException {
        return switch (about().scheme()) {
            case "event" -> new AwaitedEvent(about());
            case "latch" -> new AwaitedLatch(about());
            case "barrier" -> new AwaitedBarrier(about());
            case "cond" -> new AwaitedCondition(about(), openMutex(Address.of(String.valueOf(mutex))));
            case "rwlock" -> new AwaitedLock(about(), shared);
            default -> throw OtherVerbs.toAwait(about());
        };
    }

    /** It is not the object that other errors are about. */
    private SharedMutex openMutex(Address place) {
        try {
            return SharedMutex.open(place);
        } catch (IOException e) {
            throw new CommandException(Failure.of(verb(), place, e, fixes(place, e)), e);
        }
    }

    private void tell(Outcome outcome, Console console) throws IOException {
        if (console.json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("schema", SCHEMA);
            result.put("address", about().withoutParameters().toString());
            result.putAll(outcome.facts());
            console.out().line(Json.line(result));
        }
    }
}
