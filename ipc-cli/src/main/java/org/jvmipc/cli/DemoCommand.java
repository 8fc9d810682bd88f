package org.jvmipc.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.ExitCodes;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  ipc demo fifo -c 4                  four writers that do not know each other",
            "  ipc demo fifo --kill-after 200ms --kind reader",
            "  ipc demo ring -c 4                  four producers, a lane each, one consumer",
            "  ipc demo ring --kind broadcast --kill-after 200ms --victim consumer",
            "  ipc demo sem --broken               a bounded buffer without P and V",
            "  ipc demo mutex --kill-after 200ms   the next holder is told of the death",
            "  ipc demo dining readers-writers producers-consumers --kill-after 300ms",
            "  ipc demo tcp uds --kill-after 200ms --kind server",
            "  ipc demo posixmq --kill-after 200ms --victim consumer",
            "  ipc demo udp rudp --loss 30%% --reorder 30%% --dup 10%%",
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

    @Mixin
    private DemoSettings settings = new DemoSettings();

    @Option(names = "--show-code", description = "Print the Java source of the processes instead.")
    private boolean showCode;

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
        settings.check(demos);
        if (showCode) {
            console.out().print(DemoSources.of(demos));
            return ExitCode.SUCCESS;
        }
        if (all) {
            settings.refuseUnknown(demos);
        } else {
            demos.forEach(settings::refuseForeign);
        }
        demos.forEach(settings::refuseContradiction);
        int exit = ExitCode.SUCCESS;
        for (Demo demo : demos) {
            exit = ExitCodes.worst(exit, run(demo, settings.toOptions(demo), console, !all && demos.size() == 1));
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
}
