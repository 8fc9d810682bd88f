package org.jvmipc.cli.frame;

/**
 * Where a verb's output goes.
 *
 * @param options the options of every verb
 * @param out data
 * @param talk talk
 */
public record Console(GlobalOptions options, Stdout out, Talk talk) {
    private static final int STDOUT_FD = 1;
    private static final int TERMINAL_COLUMNS = 80;

    public boolean json() {
        return options.json();
    }

    public boolean quiet() {
        return options.quiet();
    }

    /** The widest line for a person; off a terminal there is no such thing. */
    public int columns() {
        return Terminal.isTerminal(STDOUT_FD) ? TERMINAL_COLUMNS : Integer.MAX_VALUE;
    }

    /** The colours for what goes to standard output. */
    public Palette palette() {
        return Palette.of(options.color(), STDOUT_FD, System.getenv());
    }
}
