package org.jvmipc.cli.manage;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Ipc;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.ExitCodes;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.Table;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Survey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc ls}: the objects that this user has made, of all schemes. */
@Command(
        name = "ipc ls",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc ls [PATTERN] [--stale] [options]",
        description = {
            "Lists the objects that this user has made. Their state: in-use by a process,",
            "idle, stale (its owner is dead), unfinished (its creator was killed), gone.",
            "Of what another program made (posixmq: where /dev/mqueue is mounted) the owner",
            "and the age are not known."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc ls",
            "  ipc ls 'fifo:*orders*'",
            "  ipc ls --stale            what 'ipc rm --stale' would look at",
            "  ipc ls --no-header -o address,users"
        },
        sortOptions = false)
public final class LsCommand implements IpcCommand {
    private static final String SCHEMA = "ipc.ls/1";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "Only these: a scheme, or a pattern of addresses or names with * and ?.")
    private @Nullable String pattern;

    @Option(names = "--stale", description = "Only what is left over from the dead.")
    private boolean stale;

    @Option(
            names = {"-o", "--columns"},
            paramLabel = "COLS",
            description = "These columns: address,scheme,state,lifetime,owner,age,created,size,bytes,users.")
    private @Nullable String columns;

    @Option(names = "--no-header", description = "Without the line of headings.")
    private boolean noHeader;

    @Option(names = "--bytes", description = "Sizes in bytes.")
    private boolean bytes;

    /** The verb. */
    public LsCommand() {}

    @Override
    public int run(Console console) throws StdoutClosedException {
        List<Column> shown = new ArrayList<>(columns == null ? Column.USUAL : Column.of(columns));
        if (bytes) {
            shown.replaceAll(column -> column == Column.SIZE ? Column.BYTES : column);
        }
        List<ObjectInfo> objects = new ArrayList<>();
        int exit = collect(objects, console);
        if (console.json()) {
            printJson(objects, console);
        } else if (!objects.isEmpty()) {
            printTable(objects, shown, console);
        }
        return exit;
    }

    /** Of every scheme; that one cannot be looked through keeps nobody from the others. */
    private int collect(List<ObjectInfo> objects, Console console) {
        AddressPattern wanted = pattern == null ? null : new AddressPattern(pattern);
        int exit = ExitCode.SUCCESS;
        for (String name : Ipc.schemes()) {
            try {
                Survey survey = Ipc.scheme(name).survey();
                for (ObjectInfo object : survey.objects()) {
                    if ((wanted == null || wanted.matches(object.address()))
                            && (!stale || object.state().isLeftOver())) {
                        objects.add(object);
                    }
                }
                survey.problems().forEach(console.talk()::warn);
                if (wanted != null && wanted.isOf(name)) {
                    survey.notes().forEach(console.talk()::warn);
                }
            } catch (IOException e) {
                int code = console.talk().failure(Failure.of(e).in("ls " + name + ":"), e);
                exit = ExitCodes.worst(exit, code);
            }
        }
        return exit;
    }

    private static void printJson(List<ObjectInfo> objects, Console console) throws StdoutClosedException {
        StringBuilder text = new StringBuilder();
        for (ObjectInfo object : objects) {
            text.append(Json.line(map(object))).append('\n');
        }
        console.out().print(text.toString());
    }

    private static Map<String, Object> map(ObjectInfo object) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("address", object.address().toString());
        map.put("scheme", object.address().scheme());
        map.put("state", Column.state(object));
        map.put("lifetime", object.lifetime().name().toLowerCase(Locale.ROOT));
        ProcessIdentity known = object.owner();
        if (known != null) {
            Map<String, Object> owner = new LinkedHashMap<>();
            owner.put("pid", known.pid());
            owner.put("alive", object.ownerAlive());
            map.put("owner", owner);
        }
        Instant created = object.created();
        if (created != null) {
            map.put("created", created.toString());
        }
        map.put("bytes", object.sizeBytes());
        map.put("users", object.users());
        return map;
    }

    private void printTable(List<ObjectInfo> objects, List<Column> shown, Console console)
            throws StdoutClosedException {
        Instant now = Instant.now();
        List<String[]> rows = new ArrayList<>();
        if (!noHeader) {
            rows.add(shown.stream().map(Column::name).toArray(String[]::new));
        }
        for (ObjectInfo object : objects) {
            rows.add(shown.stream().map(column -> column.value(object, now)).toArray(String[]::new));
        }
        boolean[] numbers = new boolean[shown.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = shown.get(i).isNumber();
        }
        console.out().print(Table.of(rows, numbers, console.columns()));
    }
}
