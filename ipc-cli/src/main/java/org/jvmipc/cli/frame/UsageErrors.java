package org.jvmipc.cli.frame;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the parser's complaints into the command's own words. */
public final class UsageErrors {
    private UsageErrors() {}

    /** What is advised: the nearest word, if there is one, and something else. */
    public static String[] fixes(@Nullable String near, String other) {
        return near == null ? new String[] {other} : new String[] {"did you mean " + near + "?", other};
    }

    public static CommandException of(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String verb = spec.name().substring(spec.name().indexOf(' ') + 1);
        String help = "'" + spec.name() + " -h' shows what there is";
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(verb, unmatched.getUnmatched().get(0), spec, help);
        }
        return CommandException.usage(verb + ": " + why(e), help);
    }

    private static CommandException unmatched(String verb, String argument, CommandSpec spec, String help) {
        if (!argument.startsWith("-")) {
            return CommandException.usage(verb + ": unexpected argument " + Quoted.of(argument), help);
        }
        String option = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        List<String> fixes = new ArrayList<>(List.of(fixes(nearest(option, spec), help)));
        if (spec.positionalParameters().size() > 1) {
            fixes.add("put -- in front of what begins with a hyphen and is no option");
        }
        return CommandException.usage(verb + ": unknown option " + Quoted.of(option), fixes.toArray(new String[0]));
    }

    private static String why(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            argument = missing.getMissing().get(0);
            return argument instanceof OptionSpec
                    ? name(argument) + " needs a value: " + argument.paramLabel()
                    : argument.paramLabel() + " is missing";
        }
        Throwable cause = e.getCause();
        if (argument != null && cause != null && cause.getMessage() != null) {
            return name(argument) + ": " + cause.getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    /** One dash or two is part of the slip: both are compared without. */
    private static @Nullable String nearest(String option, CommandSpec spec) {
        List<String> words = new ArrayList<>();
        for (String name : spec.optionsMap().keySet()) {
            if (name.startsWith("--")) {
                words.add(name.substring(2));
            }
        }
        String near = Suggestions.nearest(option.replaceFirst("^-+", ""), words);
        return near == null ? null : "--" + near;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
