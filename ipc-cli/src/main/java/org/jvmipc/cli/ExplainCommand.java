package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Explanation;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.internal.posix.Errno;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ipc explain}: what an error code, an exit code or an errno means, and what to do about it. */
@Command(
        name = "ipc explain",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc explain [CODE] [options]",
        description = "Explains a code: what it means, what is usually behind it, what to do. All, without CODE.",
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {"  ipc explain IPC-104", "  ipc explain 141", "  ipc explain ENXIO"},
        sortOptions = false)
final class ExplainCommand implements IpcCommand {
    private static final String SCHEMA = "ipc.explain/1";
    private static final int LARGEST_ERRNO = 133;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CODE",
            description = "IPC-1xx, an exit code, or the name of an errno.")
    private @Nullable String code;

    @Override
    public int run(Console console) throws StdoutClosedException {
        List<Explanation> explanations = code == null ? Explanation.all() : of(code);
        StringBuilder text = new StringBuilder();
        for (Explanation each : explanations) {
            if (console.json()) {
                text.append(Json.line(map(each))).append('\n');
            } else {
                text.append(text.length() == 0 ? "" : "\n").append(each.toText());
            }
        }
        console.out().print(text.toString());
        return ExitCode.SUCCESS;
    }

    private static List<Explanation> of(String asked) {
        String word = asked.toUpperCase(Locale.ROOT);
        List<Explanation> found = new ArrayList<>();
        for (Explanation each : Explanation.all()) {
            if (word.equals(each.code())) {
                found.add(each);
            }
        }
        if (!found.isEmpty()) {
            return found;
        }
        if (word.matches("[0-9]{1,3}")) {
            return List.of(Explanation.ofExit(Integer.parseInt(word)));
        }
        for (int errno = 1; errno <= LARGEST_ERRNO; errno++) {
            if (Errno.name(errno).equals(word)) {
                return List.of(Explanation.ofErrno(errno));
            }
        }
        throw unknown(asked);
    }

    private static CommandException unknown(String asked) {
        List<String> known = new ArrayList<>();
        Explanation.all().forEach(each -> known.add(each.code()));
        for (int errno = 1; errno <= LARGEST_ERRNO; errno++) {
            known.add(Errno.name(errno));
        }
        return CommandException.usage(
                "explain " + Quoted.of(asked) + ": no such code",
                UsageErrors.fixes(Suggestions.nearest(asked, known), "'ipc explain' explains all"));
    }

    private static Map<String, Object> map(Explanation explanation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("code", explanation.code());
        map.put("exit", explanation.exit());
        map.put("meaning", explanation.meaning());
        map.put("usually", explanation.usually());
        map.put("fix", explanation.fixes());
        return map;
    }
}
