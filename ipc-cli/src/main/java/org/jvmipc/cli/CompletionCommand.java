package org.jvmipc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.jvmipc.Ipc;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.GlobalOptions;
import org.jvmipc.cli.frame.IpcCommand;
import picocli.CommandLine.Command;

/**
 * {@code ipc generate-completion}: a script for the shell that completes verbs, options and addresses. It starts no JVM: what
 * the verbs and options are stands in it, and addresses it reads from the registry's files.
 */
@Command(
        name = "ipc generate-completion",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc generate-completion [options]",
        description = {
            "Prints a script by which bash, or zsh, completes verbs, options and addresses.",
            "It starts no JVM when it completes. Generate it anew after an update."
        },
        optionListHeading = "%nOptions%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  source <(ipc generate-completion)                                   bash, now",
            "  ipc generate-completion > ~/.local/share/bash-completion/completions/ipc",
            "  autoload -U bashcompinit; bashcompinit; source <(ipc generate-completion)  zsh"
        },
        sortOptions = false)
final class CompletionCommand implements IpcCommand {
    private static final String TEMPLATE = "completion.bash";

    @Override
    public int run(Console console) throws IOException {
        console.out().print(script());
        return ExitCode.SUCCESS;
    }

    private static String script() throws IOException {
        StringBuilder options = new StringBuilder();
        StringBuilder verbs = new StringBuilder();
        for (Verb verb : Verb.values()) {
            verbs.append(verbs.length() == 0 ? "" : " ").append(verb.word());
            String names =
                    String.join(" ", VerbLine.of(verb, new GlobalOptions()).optionNames());
            options.append("        ")
                    .append(verb.word())
                    .append(") words='")
                    .append(names)
                    .append("' ;;\n");
        }
        StringBuilder schemes = new StringBuilder();
        for (String scheme : Ipc.schemes()) {
            schemes.append(schemes.length() == 0 ? "" : " ").append(scheme).append(':');
        }
        return template()
                .replace("@VERBS@", verbs)
                .replace("@OPTIONS@\n", options)
                .replace("@DEMOS@", String.join(" ", Demos.names()))
                .replace("@GLOBAL@", String.join(" ", new TreeSet<>(IpcMain.OPTIONS)))
                .replace("@SCHEMES@", schemes);
    }

    private static String template() throws IOException {
        try (InputStream in = CompletionCommand.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is not beside its class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
