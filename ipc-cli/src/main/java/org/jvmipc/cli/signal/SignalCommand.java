package org.jvmipc.cli.signal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.SignalOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc signal}: sends signals, with a value or without, prints those that come, lists what there are. */
@Command(
        name = "ipc signal",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "ipc signal send PID SIG [--value INT] [--group] [options]",
            "       ipc signal watch SIG... [-n N] [--user UID] [options]",
            "       ipc signal list"
        },
        description = {
            "Sends a signal to a process, with a value if one is given; prints the signals",
            "that come to this command; or lists the signals there are.",
            "",
            "SIG is a name or a number: TERM, SIGUSR1, RTMIN+1, 35. Real-time signals",
            "(RTMIN to RTMAX) queue; of standard ones that are not taken yet one is kept.",
            "watch tells its process number, and 'ready' once it can be sent to."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc signal send 4711 TERM                       as kill(1)",
            "  ipc signal send 4711 RTMIN+1 --value 42         as sigqueue(3)",
            "  ipc signal watch RTMIN+1 USR1 -n 3 --json       the next three, a line each",
            "  seq 5 | ipc send signal:4711                    each line is a value of RTMIN+1",
            "  ipc signal list                                 which a JVM can receive"
        },
        sortOptions = false)
public final class SignalCommand implements IpcCommand {
    private static final String SEND = "send";
    private static final String WATCH = "watch";
    private static final String LIST = "list";
    private static final List<String> ACTIONS = List.of(SEND, WATCH, LIST);
    private static final int OF_SEND = 2;

    @Parameters(index = "0", paramLabel = "ACTION", description = "send, watch or list.")
    private String action = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WORD...",
            hideParamSyntax = true,
            description = "Of send: PID and SIG. Of watch: one or more SIG.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--value", paramLabel = "INT", description = "Of send: what goes along, -2147483648 to 2147483647.")
    private @Nullable Integer value;

    @Option(names = "--group", description = "Of send: PID is a process group, all of which get it.")
    private boolean group;

    @Option(
            names = "-n",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Of watch: end after N signals; without it, or with 0, go on for ever.")
    private Long count = 0L;

    @Option(names = "--user", paramLabel = "UID", description = "Of watch: only signals of this user.")
    private @Nullable Long user;

    @Mixin
    private final WaitOptions options = new WaitOptions();

    /** The verb. */
    public SignalCommand() {}

    @Override
    public boolean endsInOrder() {
        return true;
    }

    @Override
    public int run(Console console) throws IOException, InterruptedException {
        check();
        options.begin("signal");
        try {
            return switch (action) {
                case SEND -> send(console);
                case WATCH -> watch(console);
                default -> SignalTable.print(console);
            };
        } finally {
            console.waits().end();
        }
    }

    private void check() {
        if (!ACTIONS.contains(action)) {
            throw CommandException.usage(
                    "signal " + Quoted.of(action) + ": no such action",
                    UsageErrors.fixes(Suggestions.nearest(action, ACTIONS), "it is one of: send, watch, list"));
        }
        boolean sends = action.equals(SEND);
        refuse(sends && words.size() != OF_SEND, "takes PID and SIG", "as in 'ipc signal send 4711 TERM'");
        refuse(
                action.equals(WATCH) && words.isEmpty(),
                "watch which signals?",
                "name them, as in 'ipc signal watch RTMIN+1'; 'ipc signal list' has all");
        refuse(action.equals(LIST) && !words.isEmpty(), "takes no more words: " + words, null);
        refuse(!sends && value != null, "takes no --value", "'signal send' sends one");
        refuse(!sends && group, "takes no --group", "'signal send' sends to one");
        refuse(sends && group && value != null, "--group and --value: a value goes to one process", null);
        refuse(!action.equals(WATCH) && count != 0, "takes no -n", "'signal watch' counts");
        refuse(!action.equals(WATCH) && user != null, "takes no --user", "'signal watch' chooses by it");
        refuse(count < 0, "-n " + count + ": it is 0 or more", null);
    }

    private String first() {
        return words.get(0);
    }

    private int send(Console console) throws IOException, InterruptedException {
        PosixSignal signal = signal(words.get(1));
        long pid = pid(first());
        return new SignalSending(Address.of("signal", Long.toString(pid)), pid, signal, options)
                .send(value, group, console);
    }

    private int watch(Console console) throws IOException, InterruptedException {
        List<PosixSignal> signals = new ArrayList<>();
        for (String word : words) {
            PosixSignal signal = signal(word);
            refuse(signals.contains(signal), signal.name() + " is named twice", null);
            signals.add(signal);
        }
        return new SignalWatch(signals, chosen(), count == 0 ? Long.MAX_VALUE : count, options).run(console);
    }

    private SignalOptions chosen() {
        if (user == null) {
            return SignalOptions.defaults();
        }
        try {
            return SignalOptions.defaults().withUser(user);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("signal watch --user: " + e.getMessage());
        }
    }

    private long pid(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw CommandException.usage(
                    "signal send " + Quoted.of(word) + ": no process number",
                    "PID comes first, then SIG: 'ipc signal send 4711 TERM'");
        }
    }

    private PosixSignal signal(String word) {
        try {
            return PosixSignal.of(word);
        } catch (IllegalArgumentException e) {
            List<String> names =
                    PosixSignal.all().stream().map(PosixSignal::name).toList();
            throw CommandException.usage(
                    "signal " + action + " " + Quoted.of(word) + ": no such signal",
                    UsageErrors.fixes(
                            Suggestions.nearest(word, names), "'ipc signal list' has all, by number and name"));
        }
    }

    private void refuse(boolean given, String what, @Nullable String fix) {
        if (given) {
            String text = "signal " + action + ": " + what;
            throw fix == null ? CommandException.usage(text) : CommandException.usage(text, fix);
        }
    }
}
