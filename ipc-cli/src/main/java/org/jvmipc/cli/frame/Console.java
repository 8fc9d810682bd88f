package org.jvmipc.cli.frame;

import org.jspecify.annotations.Nullable;

/**
 * Where a verb's output goes.
 *
 * @param options the options of every verb
 * @param out data
 * @param talk talk
 * @param waits what is waited for, told to a person
 */
public record Console(GlobalOptions options, Stdout out, Talk talk, Waits waits) {
    private static final int STDOUT_FD = 1;
    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 40;

    /** The console of a command line with these options. */
    public static Console of(GlobalOptions options) {
        Talk talk = new Talk(options);
        return new Console(options, new Stdout(), talk, new Waits(talk, options));
    }

    public boolean json() {
        return options.json();
    }

    public boolean quiet() {
        return options.quiet();
    }

    /** The widest line for a person, as wide as the terminal; off a terminal there is no such thing. */
    public int columns() {
        return Terminal.isTerminal(STDOUT_FD) ? columns(System.getenv("COLUMNS")) : Integer.MAX_VALUE;
    }

    /** The width that the launcher has found out, or that the shell tells. */
    static int columns(@Nullable String told) {
        return told == null || !told.matches("[1-9][0-9]{0,4}")
                ? USUAL_COLUMNS
                : Math.max(FEWEST_COLUMNS, Integer.parseInt(told));
    }

    /** The colours for what goes to standard output. */
    public Palette palette() {
        return Palette.of(options.color(), STDOUT_FD, System.getenv());
    }
}
