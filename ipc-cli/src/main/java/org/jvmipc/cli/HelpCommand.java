package org.jvmipc.cli;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.StdoutClosedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ipc help}: the help of the command, or of a verb. */
@Command(
        name = "ipc help",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc help [VERB] [options]",
        description = "Prints the help of the command, or of a verb.",
        sortOptions = false)
final class HelpCommand implements IpcCommand {
    @Parameters(arity = "0..1", paramLabel = "VERB", description = "A verb, as in 'ipc help demo'.")
    private @Nullable String word;

    @Override
    public int run(Console console) throws StdoutClosedException {
        console.out().print(word == null ? HelpText.ofCommand() : HelpText.of(VerbLine.verb(word)));
        return ExitCode.SUCCESS;
    }
}
