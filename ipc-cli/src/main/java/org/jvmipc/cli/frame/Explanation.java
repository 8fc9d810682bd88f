package org.jvmipc.cli.frame;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Errno;

/**
 * What a code of the command means.
 *
 * @param code {@code IPC-104}, an exit code, or the name of an errno
 * @param exit the exit code that goes with it
 * @param meaning what it says, in a sentence
 * @param usually what is usually behind it
 * @param fixes what to do about it
 */
public record Explanation(String code, int exit, String meaning, String usually, List<String> fixes) {
    private static final int SIGNAL_EXIT = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int LARGEST_EXIT = 255;

    /** Of every kind of error. */
    public static List<Explanation> all() {
        List<Explanation> all = new ArrayList<>();
        for (ErrorKind kind : ErrorKind.values()) {
            all.add(of(kind));
        }
        return all;
    }

    private static Explanation of(ErrorKind kind) {
        return switch (kind) {
            case FAILED -> explain(
                    kind,
                    "An operation failed for a reason that has no code of its own.",
                    "what the message names in brackets, an errno",
                    "'ipc explain ERRNO' tells of that one",
                    "-vv shows the system calls that were made");
            case USAGE -> explain(
                    kind,
                    "The command line is wrong; nothing was done.",
                    "a slip in a verb, an option, a scheme or a key of an address",
                    "the message names the word, and the nearest there is",
                    "'ipc VERB -h' shows what there is");
            case NO_ENDPOINT -> explain(
                    kind,
                    "There is no such endpoint: nothing is created by the way.",
                    "it was never created, was removed, no server listens there, or IPC_HOME differs between the two sides",
                    "'ipc ls' shows what there is",
                    "'ipc create ADDR' creates it; so does --create of send and recv");
            case PEER_GONE -> explain(
                    kind,
                    "The other side has closed or died before all was done.",
                    "a process was killed, or fewer messages came than -n asked for",
                    "the message tells which of the two, and how many messages there were",
                    "-F of recv goes on with the next sender");
            case LIMIT -> explain(
                    kind,
                    "A limit is reached: of the kernel, of this process, or of space.",
                    "a full disk, too few open files, a message over the largest, a second receiver where one may be",
                    "the message names the limit, its value, and what raises it");
            case PERMISSION -> explain(
                    kind,
                    "Permission is denied.",
                    "the object belongs to another user; what the toolkit makes is for its user alone (0600)",
                    "'ls -l' shows whose it is",
                    "'ipc create --mode 0660' makes one for a group");
            case UNSUPPORTED -> explain(
                    kind,
                    "This mechanism, or this use of it, is not supported here.",
                    "a one-way mechanism used both ways, an old kernel, a system other than Linux",
                    "the message names what is missing; 'ipc inspect ADDR' tells what it can do");
            case TIMED_OUT -> explain(
                    kind,
                    "What was waited for did not come in the time that -t gave.",
                    "nobody is at the other end, or it is stopped: a stopped process is not a dead one",
                    "'ipc inspect ADDR' tells who has it open",
                    "give a larger -t, or none");
            case CORRUPT -> explain(
                    kind,
                    "Verification failed: something was lost, doubled, out of order, or is not what it says it is.",
                    "two sides that mark off their messages in different ways (-f), or a foreign program between them",
                    "'ipc inspect ADDR' tells how it is framed; give both sides the same -f");
            case BUSY -> explain(
                    kind,
                    "It would have to wait, and --no-wait was given; or a live process has what rm or listen is to have.",
                    "nobody receives, the channel is full, nothing has been sent yet, or another server is there",
                    "leave --no-wait out, or give -t",
                    "'ipc inspect ADDR' tells which process has it");
            case CHILD_FAILED -> explain(
                    kind,
                    "A child process failed: it ended before it was ready, or otherwise than expected.",
                    "the last lines of its standard error, which the message has",
                    "run it alone, or with -v");
            case INTERNAL -> explain(
                    kind,
                    "An internal error: a bug of the command.",
                    "something that nobody has thought of",
                    "please report it with the file that the message names");
        };
    }

    private static Explanation explain(ErrorKind kind, String meaning, String usually, String... fixes) {
        return new Explanation(kind.code(), kind.exit(), meaning, usually, List.of(fixes));
    }

    /**
     * Of an exit code.
     *
     * @throws CommandException if no process can end with it
     */
    public static Explanation ofExit(int exit) {
        if (exit > LARGEST_EXIT) {
            throw CommandException.usage("explain " + exit + ": no exit code is larger than " + LARGEST_EXIT);
        }
        String code = Integer.toString(exit);
        return switch (exit) {
            case ExitCode.SUCCESS -> new Explanation(code, exit, "Done.", "nothing went wrong", List.of());
            case ExitCode.NOT_EXECUTABLE -> new Explanation(
                    code, exit, "The command to be run is not executable.", "a missing chmod +x", List.of());
            case ExitCode.NOT_FOUND -> new Explanation(
                    code, exit, "The command to be run was not found.", "a slip", List.of());
            case ExitCode.INTERRUPTED -> new Explanation(
                    code,
                    exit,
                    "Ended by Ctrl-C (SIGINT), in order: what was received is printed, endpoints are closed.",
                    "a person; a second Ctrl-C ends it at once",
                    List.of());
            case ExitCode.STDOUT_CLOSED -> new Explanation(
                    code,
                    exit,
                    "Nobody reads standard output any more, so it ended, as other programs do by SIGPIPE.",
                    "'| head' that has seen enough",
                    List.of());
            default -> ofOther(code, exit);
        };
    }

    private static Explanation ofOther(String code, int exit) {
        List<String> fixes = new ArrayList<>();
        String meaning = "";
        for (ErrorKind kind : ErrorKind.values()) {
            if (kind.exit() == exit) {
                Explanation of = of(kind);
                meaning = meaning.isEmpty() ? of.meaning() : meaning;
                fixes.add("'ipc explain " + of.code() + "': " + of.usually());
            }
        }
        if (!fixes.isEmpty()) {
            return new Explanation(code, exit, meaning, "what the message on standard error says", fixes);
        }
        int signal = exit - SIGNAL_EXIT;
        if (signal >= 1 && signal <= LAST_SIGNAL) {
            return new Explanation(
                    code,
                    exit,
                    "Ended by signal " + signal + ", " + SignalNames.name(signal) + ".",
                    "kill(1)",
                    List.of());
        }
        return new Explanation(
                code,
                exit,
                "The command itself never ends with it.",
                "the command that was run by it",
                List.of("look at what that one says of " + Quoted.of(code)));
    }

    /** Of an errno. */
    public static Explanation ofErrno(int errno) {
        ErrorKind kind = ErrorKind.ofErrno(errno);
        Explanation of = of(kind);
        return new Explanation(Errno.name(errno), kind.exit(), Errno.text(errno) + ".", of.usually(), of.fixes());
    }

    /** As lines for a person. */
    public String toText() {
        StringBuilder text = new StringBuilder(code);
        if (!code.equals(Integer.toString(exit))) {
            text.append(", exit code ").append(exit);
        }
        text.append('\n').append(wrapped("", meaning)).append(wrapped("usually: ", usually));
        for (String fix : fixes) {
            text.append(wrapped("fix: ", fix));
        }
        return text.toString();
    }

    private static String wrapped(String label, String sentence) {
        StringBuilder text = new StringBuilder("  ").append(label);
        int column = text.length();
        int start = column;
        for (String word : sentence.split(" ", -1)) {
            if (column > start && column + 1 + word.length() > 80) {
                text.append("\n").append(" ".repeat(start));
                column = start;
            }
            text.append(column == start ? "" : " ").append(word);
            column += word.length() + (column == start ? 0 : 1);
        }
        return text.append('\n').toString();
    }
}
