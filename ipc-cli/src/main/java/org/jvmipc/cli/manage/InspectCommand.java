package org.jvmipc.cli.manage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Ipc;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.shm.sync.Deadlock;
import org.jvmipc.shm.sync.DeadlockSearch;
import org.jvmipc.shm.sync.Deadlocks;
import org.jvmipc.spi.Check;
import org.jvmipc.spi.Scheme;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc inspect}: all that can be said of an object without disturbing those who use it. */
@Command(
        name = "ipc inspect",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "ipc inspect ADDR [--check] [options]",
            "       ipc inspect --deadlocks [--no-stacks] [options]"
        },
        description = {
            "Tells all that can be said of an object without disturbing those who use it;",
            "or which threads wait for each other's locks, in a circle, for ever."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc inspect fifo:/tmp/f",
            "  ipc inspect --json fifo:/tmp/f | jq .facts.waiting",
            "  ipc inspect --deadlocks"
        },
        sortOptions = false)
public final class InspectCommand implements IpcCommand {
    private static final String SCHEMA = "ipc.inspect/1";
    private static final String GUTTER = "  ";

    @Parameters(index = "0", arity = "0..1", paramLabel = "ADDR", description = "The object, as fifo:/tmp/f.")
    private @Nullable String address;

    @Option(names = "--check", description = "Look at all that is in it, too; exit 3 if something is damaged.")
    private boolean check;

    @Option(
            names = "--deadlocks",
            description = "In place of an object: the deadlocks among mutexes, read-write locks and file locks.")
    private boolean deadlocks;

    @Option(
            names = "--no-stacks",
            description =
                    "With --deadlocks: do not ask the JVMs where the threads are (they are sent SIGQUIT; who answers too"
                            + " late prints a thread dump on its stdout).")
    private boolean noStacks;

    /** The verb. */
    public InspectCommand() {}

    @Override
    public int run(Console console) throws IOException {
        if (deadlocks) {
            if (address != null || check) {
                throw CommandException.usage(
                        "inspect: --deadlocks takes no " + (check ? "--check" : "ADDR"),
                        "it looks at all locks of this user; 'ipc inspect mutex:NAME' tells who holds one");
            }
            return tellDeadlocks(console);
        }
        if (noStacks) {
            throw CommandException.usage("inspect: --no-stacks goes with --deadlocks");
        }
        if (address == null) {
            throw CommandException.usage("inspect: ADDR is missing", "'ipc ls' shows what there is");
        }
        return tell(Address.of(address), console);
    }

    private int tellDeadlocks(Console console) throws IOException {
        DeadlockSearch search = Deadlocks.search();
        search.problems().forEach(console.talk()::warn);
        ThreadStacks stacks = noStacks ? null : new ThreadStacks();
        for (Deadlock each : search.deadlocks()) {
            DeadlockReport report = new DeadlockReport(each, stacks);
            console.out().print(console.json() ? report.json() : report.text());
        }
        if (search.deadlocks().isEmpty() && !console.json()) {
            int count = search.locks();
            console.out().print("no deadlock among " + count + (count == 1 ? " lock" : " locks") + "\n");
        }
        return ExitCode.SUCCESS;
    }

    private int tell(Address asked, Console console) throws IOException {
        Scheme scheme = Ipc.scheme(asked);
        Map<String, Object> facts;
        List<String> can;
        List<String> damages = List.of();
        try {
            facts = Ipc.inspect(asked);
            can = words(scheme.capabilities(asked));
            if (check) {
                Check checked = scheme.check(asked);
                damages = checked.damages();
                facts = new LinkedHashMap<>(facts);
                facts.putAll(checked.facts());
                facts.put("damages", damages);
            }
        } catch (IOException e) {
            throw new CommandException(Failure.of("inspect", asked, e), e);
        }
        String name = asked.withoutParameters().toString();
        console.out().print(console.json() ? json(name, scheme, can, facts) + "\n" : text(name, can, facts));
        return damages.isEmpty() ? ExitCode.SUCCESS : ExitCode.UNVERIFIED;
    }

    private static String json(String name, Scheme scheme, List<String> can, Map<String, Object> facts) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("schema", SCHEMA);
        result.put("address", name);
        result.put("scheme", scheme.name());
        result.put("capabilities", can);
        Map<String, Object> named = new LinkedHashMap<>();
        facts.forEach((key, value) -> named.put(camelCase(key), named(value)));
        result.put("facts", named);
        return Json.line(result);
    }

    /** A map that belongs to names has facts; others are keyed by facts' names themselves. */
    private static Object named(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, each) ->
                named.put(each instanceof Map ? key.toString() : camelCase(key.toString()), named(each)));
        return named;
    }

    private static String text(String name, List<String> can, Map<String, Object> facts) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("address", name);
        facts.forEach((key, value) -> lines.put(key, value(value)));
        lines.put("can", String.join(", ", can));
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (key, value) -> text.append((key + " ".repeat(width - key.length()) + GUTTER + value).stripTrailing())
                        .append('\n'));
        return text.toString();
    }

    private static List<String> words(Set<Capability> capabilities) {
        return capabilities.stream()
                .sorted()
                .map(Capability::name)
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static String value(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "none" : list.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "none" : facts(map);
        }
        if (value instanceof Boolean truth) {
            return truth ? "yes" : "no";
        }
        return String.valueOf(value);
    }

    /** {@code billing: lag 3, leased 1; audit: lag 0, leased 0}. */
    private static String facts(Map<?, ?> map) {
        boolean ofMaps = map.values().stream().allMatch(Map.class::isInstance);
        return map.entrySet().stream()
                .map(each -> each.getKey() + (ofMaps ? ": " : " ") + value(each.getValue()))
                .collect(Collectors.joining(ofMaps ? "; " : ", "));
    }

    /** {@code owner alive} is {@code ownerAlive}: no key of JSON has a space in it. */
    private static String camelCase(String key) {
        StringBuilder result = new StringBuilder();
        for (String word : key.split(" ", -1)) {
            result.append(
                    result.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return result.toString();
    }
}
