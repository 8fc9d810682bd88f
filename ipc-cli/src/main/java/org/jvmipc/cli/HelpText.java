package org.jvmipc.cli;

import java.util.Locale;
import org.jvmipc.cli.frame.GlobalOptions;

/** The help and the version of the command. The help of all verbs needs none of their classes. */
final class HelpText {
    private static final String HEADER =
            """
            Usage: ipc VERB ... [options]
            Every way two processes on a Linux machine can talk, from the shell.

            """;
    private static final String OPTIONS =
            """
            Options of every verb, before or after it
              --json               results as JSON, one object a line; errors too, on stderr
              -q, --quiet          only what was asked for
              -v, --verbose        say what is going on; errors with their stack trace;
                                   -vv: our own system calls, with errno
              --color=WHEN         auto (default), always, never
              -h, --help           print the help, of the command or of a verb
              -V, --version        print the version

            Exit codes
              0 success                1 operation failed       2 wrong command line
              3 verification failed    4 no such endpoint       5 peer gone
              6 permission denied      7 limit reached          8 busy, with --no-wait
              9 not supported here   124 timed out            125 internal error
              128+N ended by signal N (130 Ctrl-C, 141 nobody reads standard output)
            """;

    private static final String EXAMPLES =
            """

            Begin with
              ipc demo all
              ipc create fifo:/tmp/f; ipc send fifo:/tmp/f hello & ipc recv fifo:/tmp/f
            """;

    private HelpText() {}

    /** The help of the command: its verbs by group. */
    static String ofCommand() {
        StringBuilder text = new StringBuilder(HEADER);
        for (Verb.Group group : Verb.Group.values()) {
            String verbs = verbs(group);
            if (!verbs.isEmpty()) {
                text.append(group.title()).append('\n').append(verbs).append('\n');
            }
        }
        return text.append(OPTIONS).append(EXAMPLES).toString();
    }

    /** The help of one verb. */
    static String of(Verb verb) {
        return VerbLine.of(verb, new GlobalOptions()).usage();
    }

    /** Version, Java and system on one line. */
    static String version() {
        String version = HelpText.class.getPackage().getImplementationVersion();
        return String.format(
                Locale.ROOT,
                "ipc %s (Java %s, %s %s %s)",
                version == null ? "development" : version,
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
    }

    private static String verbs(Verb.Group group) {
        StringBuilder text = new StringBuilder();
        for (Verb verb : Verb.values()) {
            if (verb.group() == group) {
                text.append(String.format(Locale.ROOT, "  %-9s  %s%n", verb.word(), verb.description()));
            }
        }
        return text.toString();
    }
}
