package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.GlobalOptions;

/** {@code docs/cli.md} has all there is: verbs, options, exit codes, schemas. */
@Timeout(20)
class CommandPageTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Pattern SCHEMA = Pattern.compile("\"(ipc\\.[a-z-]+)/([0-9]+)\"");
    private static final Set<String> OF_EVERY_VERB = Set.of("-q", "-v", "-h", "-V");

    private static String document() throws IOException {
        return Files.readString(MODULE.resolveSibling("docs").resolve("cli.md"));
    }

    /** From a heading to the next one. */
    private static String section(String title) throws IOException {
        String text = document();
        int start = text.indexOf("\n## " + title + "\n");
        assertTrue(start >= 0, "docs/cli.md has no section '" + title + "'");
        int end = text.indexOf("\n## ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyOptionOfAVerbIsOnItsPage(Verb verb) throws Exception {
        String page = section("ipc " + verb.word());
        List<String> missing = new ArrayList<>();
        for (String option : VerbLine.of(verb, new GlobalOptions()).optionNames()) {
            boolean named = Pattern.compile("`" + option + "\\b").matcher(page).find();
            if (!named && !IpcMain.OPTIONS.contains(option) && !OF_EVERY_VERB.contains(option)) {
                missing.add(option);
            }
        }
        assertEquals(List.of(), missing);
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyPageSaysHowTheVerbEnds(Verb verb) throws Exception {
        assertTrue(section("ipc " + verb.word()).contains("*Exit:* 0") || verb == Verb.BRIDGE);
    }

    @Test
    void everyOptionOfEveryVerbIsNamed() throws Exception {
        List<String> names = new ArrayList<>(IpcMain.OPTIONS);
        names.addAll(OF_EVERY_VERB);
        for (String option : names) {
            assertTrue(document().contains("`" + option), option);
        }
    }

    @Test
    void everyExitCodeIsInTheTable() throws Exception {
        String table = section("Exit codes");
        for (Field field : ExitCode.class.getFields()) {
            int code = field.getInt(null);
            assertTrue(Pattern.compile("\\b" + code + "\\b").matcher(table).find(), field.getName() + " = " + code);
        }
    }

    @Test
    void everySchemaIsInTheTable() throws Exception {
        String table = section("JSON");
        Set<String> rows = new TreeSet<>();
        for (String line : table.lines().toList()) {
            Matcher row = Pattern.compile("\\| `(ipc\\.[a-z-]+)/([0-9]+)` \\| `\\1-\\2\\.json` \\| .*")
                    .matcher(line);
            if (row.matches()) {
                rows.add(row.group(1) + "/" + row.group(2));
            }
        }
        assertEquals(schemas(), rows);
    }

    /** Those that the sources of the command name. */
    private static Set<String> schemas() throws IOException {
        Set<String> schemas = new TreeSet<>();
        try (Stream<Path> files = Files.walk(MODULE.resolve("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher schema = SCHEMA.matcher(Files.readString(file));
                while (schema.find()) {
                    schemas.add(schema.group(1) + "/" + schema.group(2));
                }
            }
        }
        return schemas;
    }
}
