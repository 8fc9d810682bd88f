package org.jvmipc.cli;

import java.util.List;
import java.util.TreeSet;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.Ending;
import org.jvmipc.cli.frame.GlobalOptions;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The command line of one verb: its object with its options, and the parser for them. */
final class VerbLine {
    private static final int WIDTH = 80;

    private final IpcCommand command;
    private final CommandLine parser;

    private VerbLine(IpcCommand command, CommandLine parser) {
        this.command = command;
        this.parser = parser;
    }

    /** The line of a verb; the options of every verb are put into the given object. */
    static VerbLine of(Verb verb, GlobalOptions options) {
        return of(verb.command(), options);
    }

    /** The line of a command object. */
    static VerbLine of(IpcCommand command, GlobalOptions options) {
        CommandLine parser = new CommandLine(command);
        parser.addMixin("global", options);
        parser.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        parser.setUsageHelpWidth(WIDTH);
        parser.setUsageHelpLongOptionsMaxWidth(WIDTH / 4);
        parser.setOverwrittenOptionsAllowed(true);
        parser.setExpandAtFiles(false);
        return new VerbLine(command, parser);
    }

    /** The verb typed so, or an error that names the nearest. */
    static Verb verb(String word) {
        Verb verb = Verb.of(word);
        if (verb != null) {
            return verb;
        }
        throw CommandException.usage(
                Quoted.of(word) + ": no such verb",
                UsageErrors.fixes(Verb.meantBy(word), "'ipc help' lists the verbs"));
    }

    /** Fills in the command's options. */
    void parse(String... args) {
        try {
            parser.parseArgs(args);
        } catch (ParameterException e) {
            throw UsageErrors.of(e);
        }
    }

    /** The help of the verb, at most 80 columns wide. */
    String usage() {
        return parser.getUsageMessage();
    }

    /** The names of its options, those of every verb included, by alphabet. */
    List<String> optionNames() {
        return List.copyOf(new TreeSet<>(parser.getCommandSpec().optionsMap().keySet()));
    }

    /** Does it. */
    int run(Console console) throws Exception {
        if (command.endsInOrder()) {
            Ending.inOrder();
        }
        return command.run(console);
    }
}
