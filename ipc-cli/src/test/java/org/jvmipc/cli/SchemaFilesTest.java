package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each kind of object that the command prints has a schema, and each schema is of one. */
@Timeout(240)
class SchemaFilesTest {
    private static final Path SOURCES = Path.of("src/main/java/org/jvmipc/cli");
    private static final Path FILES = Path.of("src/main/resources" + JsonSchema.FOLDER);
    private static final Pattern NAME = Pattern.compile("\"(ipc\\.[a-z-]+/[0-9]+)\"");

    private static Set<String> printed() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher name = NAME.matcher(Files.readString(source));
                while (name.find()) {
                    names.add(name.group(1));
                }
            }
        }
        return names;
    }

    @Test
    void eachHasAFileAndEachFileIsOfOne() throws Exception {
        Set<String> files = new TreeSet<>();
        for (String name : printed()) {
            files.add(JsonSchema.file(name));
        }
        try (Stream<Path> there = Files.list(FILES)) {
            assertEquals(
                    files,
                    new TreeSet<>(there.map(path -> String.valueOf(path.getFileName()))
                            .toList()));
        }
    }

    @Test
    void eachNamesItselfAndIsClosed() throws Exception {
        for (String name : printed()) {
            JsonObject schema = JsonSchema.load(name);
            assertEquals(
                    "https://json-schema.org/draft/2020-12/schema",
                    schema.get("$schema").getAsString());
            assertFalse(schema.get("additionalProperties").getAsBoolean(), name);
            JsonObject itself = schema.getAsJsonObject("properties").getAsJsonObject("schema");
            assertEquals(name, itself.get("const").getAsString());
            assertTrue(schema.getAsJsonArray("required").toString().contains("\"schema\""), name);
        }
    }

    @Test
    void theCheckFindsWhatIsWrong() throws Exception {
        JsonObject schema = JsonSchema.load("ipc.message/1");
        String right = "{'schema':'ipc.message/1','address':'fifo:/f','data':'x'}";
        assertEquals(List.of(), JsonSchema.faults(schema, JsonParser.parseString(right)));
        for (String wrong : List.of(
                right.replace("'data':'x'", "'data':1"),
                right.replace("'data':'x'", "'data':'x','more':1"),
                right.replace("'data':'x'", "'data':'x','b64':''"),
                right.replace(",'data':'x'", ""),
                right.replace("fifo:/f", "nothing"),
                right.replace("message/1", "message/2"))) {
            assertEquals(
                    1, JsonSchema.faults(schema, JsonParser.parseString(wrong)).size(), wrong);
        }
    }
}
