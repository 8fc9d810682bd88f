package org.jvmipc.cli.sync;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.internal.Quoted;

/**
 * The command that runs while a lock or permits are held: with this one's standard input, output and error. When this one is
 * told to end, that one is told too, and waited for, as long as {@link org.jvmipc.cli.frame.Ending} has patience.
 */
final class GuardedCommand {
    /** The JDK tells ENOENT in its text only, 17 as {@code error=2,} and 25 as {@code error: 2 }. */
    private static final Pattern NOT_FOUND = Pattern.compile("error(=|: )2\\b");

    private static final long TO_END_SECONDS = 2;

    private GuardedCommand() {}

    /** Runs it; its exit code, 128 + N if it was killed by signal N. */
    static int run(String verb, List<String> command, Console console) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            return notStarted(verb, command, e, console);
        }
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy(); // a Ctrl-C of the terminal has reached it already, another signal has not
            process.waitFor(TO_END_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
    }

    private static int notStarted(String verb, List<String> command, IOException error, Console console) {
        boolean missing = NOT_FOUND.matcher(String.valueOf(error.getMessage())).find();
        String name = verb + ": " + Quoted.of(command.get(0));
        Failure failure = missing
                ? Failure.of(ErrorKind.NO_ENDPOINT, name + ": no such command (ENOENT)")
                : Failure.of(ErrorKind.PERMISSION, name + " cannot be run: " + error.getMessage());
        console.talk().failure(failure, error);
        return missing ? ExitCode.NOT_FOUND : ExitCode.NOT_EXECUTABLE;
    }
}
