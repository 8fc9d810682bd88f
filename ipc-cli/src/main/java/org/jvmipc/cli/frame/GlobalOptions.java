package org.jvmipc.cli.frame;

import picocli.CommandLine.Option;

/** The options of every verb, before or after it. */
public final class GlobalOptions {
    @Option(names = "--json", description = "Results as JSON, one object a line; errors too, on stderr.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only what was asked for.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say what is going on, errors with their stack trace; -vv: our system calls, too.")
    private boolean[] verbose = {};

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            converter = ColorConverter.class,
            description = "auto (default), always, never.")
    private Palette.Mode color = Palette.Mode.AUTO;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    private boolean version;

    /**
     * What the command line asks for as far as it can be told without parsing it: for the errors of a wrong one, and
     * before the verb is known.
     */
    public static GlobalOptions guess(String[] args) {
        GlobalOptions options = new GlobalOptions();
        String before = "";
        for (String arg : args) {
            switch (before.equals("--color") ? "--color=" + arg : arg) {
                case "--json" -> options.json = true;
                case "-v", "--verbose" -> options.verbose = new boolean[] {true};
                case "-vv" -> options.verbose = new boolean[] {true, true};
                case "-q", "--quiet" -> options.quiet = true;
                case "--color=never" -> options.color = Palette.Mode.NEVER;
                case "--color=always" -> options.color = Palette.Mode.ALWAYS;
                case "-h", "--help" -> options.help = true;
                case "-V", "--version" -> options.version = true;
                case "--" -> {
                    return options;
                }
                default -> {}
            }
            before = arg;
        }
        return options;
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet;
    }

    public boolean verbose() {
        return verbose.length > 0;
    }

    /** Whether our own system calls are to be shown. */
    public boolean tracesCalls() {
        return verbose.length > 1;
    }

    public Palette.Mode color() {
        return color;
    }

    public boolean help() {
        return help;
    }

    public boolean version() {
        return version;
    }
}
