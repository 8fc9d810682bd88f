package org.jvmipc.cli.manage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jvmipc.Ipc;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.ExitCodes;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.Terminal;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Removal.Outcome;

/** {@code ipc rm --stale}: looks at every scheme, asks, and removes what the dead have left. */
final class StaleRemoval {
    private static final int STDIN_FD = 0;
    private static final int STDERR_FD = 2;
    private static final int LONGEST_ANSWER = 100;

    private final Console console;
    private final boolean dryRun;
    private final boolean yes;
    private int exit = ExitCode.SUCCESS;

    StaleRemoval(Console console, boolean dryRun, boolean yes) {
        this.console = console;
        this.dryRun = dryRun;
        this.yes = yes;
    }

    int run() throws IOException {
        boolean asks = !dryRun && !yes;
        if (asks && !(Terminal.isTerminal(STDIN_FD) && Terminal.isTerminal(STDERR_FD))) {
            throw CommandException.usage(
                    "rm: --stale asks before it removes anything, and there is no terminal to ask on",
                    "-y removes without asking",
                    "--dry-run tells what would be removed");
        }
        if (asks) {
            List<Removal> found = all(true);
            if (found.stream().noneMatch(each -> each.outcome() != Outcome.SKIPPED)) {
                return nothing(found);
            }
            if (!agreed(found)) {
                console.talk().write("ipc: nothing was removed\n");
                return exit;
            }
        }
        List<Removal> done = all(dryRun);
        if (done.isEmpty()) {
            return nothing(done);
        }
        for (Removal removal : done) {
            RemovalPrinter.print(removal, dryRun, console);
        }
        return exit;
    }

    private int nothing(List<Removal> skipped) throws IOException {
        for (Removal removal : skipped) {
            RemovalPrinter.print(removal, dryRun, console);
        }
        if (!console.quiet() && !console.json()) {
            console.talk().write("ipc: nothing is stale\n");
        }
        return exit;
    }

    /** Of every scheme; that one cannot be cleaned keeps nobody from the others. */
    private List<Removal> all(boolean dry) {
        List<Removal> removals = new ArrayList<>();
        for (String name : Ipc.schemes()) {
            try {
                removals.addAll(Ipc.scheme(name).removeStale(dry));
            } catch (IOException e) {
                exit = ExitCodes.worst(
                        exit, console.talk().failure(Failure.of(e).in("rm --stale, " + name), e));
            }
        }
        return removals;
    }

    private boolean agreed(List<Removal> found) throws IOException {
        StringBuilder question = new StringBuilder();
        int count = 0;
        for (Removal removal : found) {
            question.append(RemovalPrinter.text(removal, true)).append('\n');
            count += removal.outcome() == Outcome.SKIPPED ? 0 : 1;
        }
        console.talk().write(question + "Remove " + (count == 1 ? "it" : "these " + count) + "? [y/N] ");
        String answer = answer().strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private static String answer() throws IOException {
        byte[] line = new byte[LONGEST_ANSWER];
        int length = 0;
        int b;
        while (length < line.length && (b = System.in.read()) >= 0 && b != '\n') {
            line[length++] = (byte) b;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }
}
