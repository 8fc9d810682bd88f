package org.jvmipc.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Demos;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.internal.Units;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc demo}: launches parent and child JVMs for a mechanism and verifies the data. */
@Command(
        name = "ipc demo",
        synopsisHeading = "Usage: ",
        customSynopsis = {"ipc demo list", "       ipc demo all [options]", "       ipc demo MECH... [options]"},
        description = {
            "Launches parent and child JVMs for a mechanism and verifies every byte.",
            "Each demo declares its law; PASS means that it held."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc demo pipe                       10k messages each way",
            "  ipc demo pipe --capacity 4k         a pipe as small as the textbook's",
            "  ipc demo pipe --kill-after 200ms    what the parent learns of the death",
            "  ipc demo pipe --json | jq .facts"
        },
        sortOptions = false)
final class DemoCommand implements IpcCommand {
    private static final String LIST = "list";
    private static final String ALL = "all";

    private final List<String> names;
    private final Function<String, Demo> byName;

    @Parameters(
            arity = "0..*",
            paramLabel = "MECH...",
            hideParamSyntax = true,
            description = "A mechanism, as 'ipc demo list' has it; all: each of them.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "-n",
            paramLabel = "COUNT",
            converter = CountConverter.class,
            description = "Messages each way, as 500, 10k (default), 1m.")
    private Long messages = DemoOptions.DEFAULT_MESSAGES;

    @Option(
            names = "-s",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Payload of a message, 0 to 16m bytes (default 64).")
    private Long payloadBytes = (long) DemoOptions.DEFAULT_PAYLOAD_BYTES;

    @Option(
            names = "--capacity",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "How much the mechanism holds when it is full, as 4k.")
    private @Nullable Long capacityBytes;

    @Option(
            names = "--kill-after",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stream without end and kill the child so long after the first data; -n plays no part.")
    private @Nullable Duration killAfter;

    @Option(names = "--slow", description = "Readers pause for 50 us after each message.")
    private boolean slow;

    @Option(names = "--show-code", description = "Print the Java source of the processes instead.")
    private boolean showCode;

    @Option(
            names = "-t",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each demo may take (default 60s).")
    private Duration timeout = DemoOptions.DEFAULT_TIMEOUT;

    DemoCommand() {
        this(Demos.names(), Demos::of);
    }

    /** The command for the demos of these names. */
    DemoCommand(List<String> names, Function<String, Demo> byName) {
        this.names = names;
        this.byName = byName;
    }

    @Override
    public int run(Console console) throws IOException, InterruptedException {
        if (words.contains(LIST)) {
            return list(console);
        }
        boolean all = words.contains(ALL);
        List<Demo> demos = demos(all ? names : words);
        DemoOptions options = options();
        if (showCode) {
            console.out().print(DemoSources.of(demos));
            return ExitCode.SUCCESS;
        }
        if (!all) {
            demos.forEach(this::refuseForeignOptions);
        }
        int exit = ExitCode.SUCCESS;
        for (Demo demo : demos) {
            exit = ExitCodes.worst(exit, run(demo, options, console, !all && demos.size() == 1));
        }
        return exit;
    }

    /** One demo; that it could not be carried out is no reason not to try the next. */
    private static int run(Demo demo, DemoOptions options, Console console, boolean alone)
            throws InterruptedException, IOException {
        DemoReport report;
        try {
            report = demo.run(options, phase -> console.talk().detail("demo " + demo.mechanism() + ": " + phase));
        } catch (IOException e) {
            return console.talk().failure(Failure.of(e).in("demo " + demo.mechanism()), e);
        }
        console.out().print(DemoPrinter.print(report, console));
        return switch (report.verdict()) {
            case PASS -> ExitCode.SUCCESS;
            case FAIL -> ExitCode.UNVERIFIED;
            case SKIP -> alone ? ExitCode.UNSUPPORTED : ExitCode.SUCCESS;
        };
    }

    private int list(Console console) throws StdoutClosedException {
        if (words.size() > 1) {
            throw CommandException.usage("demo: list stands alone", "'ipc demo list' shows all there is");
        }
        console.out().print(DemoPrinter.list(demos(names), console));
        return ExitCode.SUCCESS;
    }

    private List<Demo> demos(List<String> wanted) {
        if (wanted.isEmpty()) {
            throw CommandException.usage(
                    "demo: which one?",
                    "begin with 'ipc demo pipe' or 'ipc demo all'",
                    "'ipc demo list' shows what there is");
        }
        List<Demo> demos = new ArrayList<>();
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw unknown(name);
            }
            demos.add(byName.apply(name));
        }
        return demos;
    }

    private CommandException unknown(String name) {
        List<String> known = new ArrayList<>(names);
        known.add(LIST);
        known.add(ALL);
        return CommandException.usage(
                "demo " + Quoted.of(name) + ": no such demo",
                UsageErrors.fixes(Suggestions.nearest(name, known), "'ipc demo list' shows what there is"));
    }

    private DemoOptions options() {
        if (payloadBytes > DemoOptions.MAX_PAYLOAD_BYTES) {
            String largest = Units.formatSize(DemoOptions.MAX_PAYLOAD_BYTES);
            throw CommandException.usage(
                    "demo: -s " + Units.formatSize(payloadBytes) + ": the largest payload is " + largest,
                    "give -s " + largest + " or less; -n makes it more messages");
        }
        long capacity = capacityBytes == null ? 0 : capacityBytes;
        if (capacityBytes != null && (capacity < 1 || capacity > Integer.MAX_VALUE)) {
            throw CommandException.usage(
                    "demo: --capacity " + Units.formatSize(capacity) + ": it must be at least 1 byte and less than 2g",
                    "give a size such as 4k or 1m, or leave it out");
        }
        if (timeout.isZero()) {
            throw CommandException.usage("demo: -t 0: it must be more", "leave it out for 60s");
        }
        if (killAfter != null && killAfter.compareTo(timeout) >= 0) {
            throw CommandException.usage(
                    "demo: --kill-after " + Units.formatDuration(killAfter) + " is not within the time limit of "
                            + Units.formatDuration(timeout),
                    "give a larger -t");
        }
        return new DemoOptions(messages, payloadBytes.intValue(), (int) capacity, killAfter, slow, timeout);
    }

    private void refuseForeignOptions(Demo demo) {
        refuse(demo, DemoOption.CAPACITY, capacityBytes != null);
        refuse(demo, DemoOption.KILL_AFTER, killAfter != null);
        refuse(demo, DemoOption.SLOW, slow);
    }

    private static void refuse(Demo demo, DemoOption option, boolean given) {
        if (given && !demo.options().contains(option)) {
            throw CommandException.usage("demo: " + demo.mechanism() + " takes no " + option.word());
        }
    }
}
