package org.jvmipc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.cli.frame.CallTrace;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.Ending;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.GlobalOptions;
import org.jvmipc.cli.frame.OpenFiles;
import org.jvmipc.cli.frame.Stdout;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.Talk;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;

/** The command {@code ipc}. */
public final class IpcMain {
    static final List<String> OPTIONS = List.of("--json", "--quiet", "--verbose", "--color", "--help", "--version");

    private static final String BEHIND = "the options of a verb stand behind it, as in 'ipc demo pipe -n 5'";

    private IpcMain() {}

    /**
     * Runs one verb and ends the JVM with its exit code, see {@link ExitCode}.
     *
     * @param args the command line: options of every verb, the verb, its arguments
     */
    public static void main(String[] args) {
        Ending.prepare();
        int exit = run(Arguments.exact(args));
        Ending.done();
        if (!Ending
                .hasBegun()) { // else the JVM is about to end, and one that is told so twice may complain, from 21 on
            System.exit(exit);
        }
    }

    /** Runs one verb, and tells its failure. */
    static int run(String... args) {
        try {
            int index = verbIndex(args);
            if (index == args.length) {
                return withoutVerb(GlobalOptions.guess(args));
            }
            GlobalOptions options = new GlobalOptions();
            Verb verb = VerbLine.verb(args[index]);
            Preload.begin(verb, args);
            VerbLine line = VerbLine.of(verb, options);
            line.parse(rest(args, index));
            Preload.await();
            if (options.tracesCalls()) {
                CallTrace.begin();
            }
            Console console = Console.of(options);
            return options.help() || options.version() ? printed(options, line, console) : line.run(console);
        } catch (InterruptedException e) {
            return Ending.hasBegun() ? ExitCode.INTERRUPTED : failed(e, GlobalOptions.guess(args));
        } catch (StdoutClosedException e) {
            return ExitCode.STDOUT_CLOSED;
        } catch (Throwable e) {
            return failed(e, GlobalOptions.guess(args));
        }
    }

    private static int printed(GlobalOptions options, VerbLine line, Console console) throws StdoutClosedException {
        console.out().print(options.help() ? line.usage() : HelpText.version() + "\n");
        return ExitCode.SUCCESS;
    }

    private static int withoutVerb(GlobalOptions options) throws StdoutClosedException {
        if (options.help()) {
            new Stdout().print(HelpText.ofCommand());
        } else if (options.version()) {
            new Stdout().line(HelpText.version());
        } else {
            throw CommandException.usage("no verb", "begin with 'ipc demo pipe'; 'ipc help' lists the verbs");
        }
        return ExitCode.SUCCESS;
    }

    /** Where the verb stands: behind the options of every verb, of which {@code --color} alone may take the next word. */
    private static int verbIndex(String[] args) {
        int index = 0;
        while (index < args.length && args[index].startsWith("-")) {
            String word = args[index].contains("=") ? args[index].substring(0, args[index].indexOf('=')) : args[index];
            boolean known = word.startsWith("--") ? OPTIONS.contains(word) : word.matches("-[qvhV]+");
            if (!known) {
                throw notBeforeTheVerb(word);
            }
            index += args[index].equals("--color") ? 2 : 1;
        }
        return Math.min(index, args.length);
    }

    private static CommandException notBeforeTheVerb(String word) {
        if (word.equals("--")) {
            return CommandException.usage(
                    "\"--\" stands in front of the verb", "leave it out: the verb comes first, as in 'ipc demo list'");
        }
        if (word.startsWith("--")) {
            return CommandException.usage(
                    "unknown option " + Quoted.of(word) + " in front of the verb",
                    UsageErrors.fixes(Suggestions.nearest(word, OPTIONS), BEHIND));
        }
        String letters = word.replaceFirst("^-[qvhV]*", "");
        String option = letters.isEmpty() ? "-" : "-" + letters.substring(0, letters.offsetByCodePoints(0, 1));
        String within = option.equals(word) ? "" : " in " + Quoted.of(word);
        return CommandException.usage(
                "unknown option " + Quoted.of(option) + within + ", in front of the verb", BEHIND);
    }

    /** All but the verb itself. */
    private static String[] rest(String[] args, int verb) {
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        rest.remove(verb);
        return rest.toArray(new String[0]);
    }

    private static int failed(Throwable error, GlobalOptions options) {
        try {
            return told(error, options);
        } catch (LinkageError e) {
            if (!OpenFiles.areShort(e)) {
                throw e;
            }
            // Not even the words for it can be loaded.
            new Talk(options).write("ipc: " + OpenFiles.TOO_FEW + "\n  fix: " + OpenFiles.FIX + "\n");
            return ExitCode.LIMIT;
        }
    }

    private static int told(Throwable error, GlobalOptions options) {
        Failure failure = Failure.of(error);
        if (failure.kind() == ErrorKind.INTERNAL) {
            failure = withReport(failure, error);
        }
        return new Talk(options).failure(failure, error);
    }

    /** An internal error is a bug: what is needed to find it is put into a file. */
    private static Failure withReport(Failure failure, Throwable error) {
        String please = "a bug: please report it";
        try {
            Path report = Files.createTempFile("ipc-bug-", ".txt");
            Files.writeString(report, HelpText.version() + "\n" + Talk.trace(error));
            return Failure.of(ErrorKind.INTERNAL, failure.message(), please + " with " + report);
        } catch (IOException | RuntimeException | Error e) {
            // Whatever broke may have broken this too.
            return Failure.of(ErrorKind.INTERNAL, failure.message(), please + " with what 'ipc -v ...' prints");
        }
    }
}
