package org.jvmipc.cli.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc sem}: P and V on a semaphore, its value, or a command that runs between P and V. */
@Command(
        name = "ipc sem",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "ipc sem wait|post ADDR [-n PERMITS] [options]",
            "       ipc sem value ADDR",
            "       ipc sem run ADDR [-n PERMITS] [options] -- CMD..."
        },
        description = {
            "P (wait) and V (post) on a semaphore; its value; or a command that runs",
            "between P and V, whose exit code is returned."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc create sem:items --value 0         items in a buffer, none yet",
            "  ipc sem post sem:items                 V: one more",
            "  ipc sem wait sem:items -t 5s           P: takes one, waits at most 5 s",
            "  ipc create sem:gpus --value 2 --robust",
            "  ipc sem run sem:gpus -- train --fast   at most two at a time, killed or not",
            "  ipc sem wait posixsem:/turn            the semaphore of a C program"
        },
        sortOptions = false)
public final class SemCommand extends WaitingCommand {
    private static final String SCHEMA = "ipc.sem/1";
    private static final String WAIT = "wait";
    private static final String POST = "post";
    private static final String VALUE = "value";
    private static final String RUN = "run";
    private static final List<String> ACTIONS = List.of(WAIT, POST, VALUE, RUN);

    @Parameters(index = "0", paramLabel = "ACTION", description = "wait (P), post (V), value or run.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "ADDR", description = "The semaphore, as sem:items or posixsem:/turn.")
    private String address = "";

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "CMD...",
            hideParamSyntax = true,
            description = "Of run: the command and its arguments, behind --.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "-n",
            paramLabel = "PERMITS",
            converter = CountConverter.class,
            description = "How many permits at once (default 1).")
    private Long permits = 1L;

    /** The verb. */
    public SemCommand() {
        super("sem");
    }

    @Override
    Address about() {
        return Address.of(address);
    }

    @Override
    boolean runsCommand() {
        return action.equals(RUN);
    }

    @Override
    int synchronize(Console console) throws IOException, InterruptedException {
        check();
        try (Permits semaphore = Permits.open(about())) {
            int count = permits.intValue();
            return switch (action) {
                case WAIT -> awaitPermits(semaphore, count, console);
                case POST -> post(semaphore, count, console);
                case VALUE -> tell(semaphore, console);
                default -> run(semaphore, count, console);
            };
        }
    }

    private void check() {
        if (!ACTIONS.contains(action)) {
            throw CommandException.usage(
                    "sem " + Quoted.of(action) + ": no such action",
                    UsageErrors.fixes(Suggestions.nearest(action, ACTIONS), "it is one of: wait, post, value, run"));
        }
        refuse(permits < 1 || permits > Integer.MAX_VALUE, "-n " + permits + ": it is 1 to 2147483647", null);
        refuse(
                action.equals(RUN) && command.isEmpty(),
                "run what?",
                "put the command behind --, as in 'ipc sem run " + address + " -- make'");
        refuse(!action.equals(RUN) && !command.isEmpty(), action + " takes no command", "'sem run' runs one");
    }

    private int awaitPermits(Permits semaphore, int count, Console console) throws IOException, InterruptedException {
        if (semaphore.isRobust()) {
            throw new CommandException(failure(
                    ErrorKind.USAGE,
                    "it is robust: what this command took would come back as soon as it ends",
                    "run what needs it with 'ipc sem run " + about() + " -- CMD...'"));
        }
        take(semaphore, count, console);
        return told(semaphore, console);
    }

    private void take(Permits semaphore, int count, Console console) throws InterruptedException {
        String what = count == 1 ? "a permit" : count + " permits";
        console.waits().begin(what + " of " + about().withoutParameters());
        boolean taken = semaphore.take(count, patience());
        console.waits().end();
        if (!taken) {
            throw notHad(count == 1 ? "no permit is there" : semaphore.value() + " of " + what + " are there");
        }
    }

    private int post(Permits semaphore, int count, Console console) throws IOException {
        if (semaphore.isRobust()) {
            throw new CommandException(failure(
                    ErrorKind.USAGE,
                    "it is robust: only a process that holds a permit gives it back",
                    "'ipc sem run " + about() + " -- CMD...' takes and gives back"));
        }
        semaphore.give(count);
        return told(semaphore, console);
    }

    private int run(Permits semaphore, int count, Console console) throws InterruptedException {
        take(semaphore, count, console);
        try {
            return GuardedCommand.run("sem", command, console);
        } finally {
            semaphore.give(count);
        }
    }

    private int tell(Permits semaphore, Console console) throws IOException {
        if (!console.json()) {
            console.out().line(Integer.toString(semaphore.value()));
            return ExitCode.SUCCESS;
        }
        return told(semaphore, console);
    }

    private int told(Permits semaphore, Console console) throws IOException {
        if (console.json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("schema", SCHEMA);
            result.put("action", action);
            result.put("address", about().withoutParameters().toString());
            result.put("value", semaphore.value());
            result.put("robust", semaphore.isRobust());
            console.out().line(Json.line(result));
        }
        return ExitCode.SUCCESS;
    }
}
