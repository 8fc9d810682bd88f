package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.cli.IpcProcess.Result;

/** What every verb has in common, from outside. */
@Timeout(240)
class CommandIT {
    @Test
    void aMistypedVerbIsAUsageErrorWithASuggestion() throws Exception {
        Result result = IpcProcess.run("dmeo").expect(2);
        assertEquals(
                """
                ipc: "dmeo": no such verb
                  fix: did you mean demo?
                  fix: 'ipc help' lists the verbs
                """,
                result.err());
        assertEquals("", result.out());
    }

    @Test
    void aMistypedOptionIsAUsageErrorWithASuggestion() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "--capcity", "4k").expect(2);
        assertTrue(result.err().startsWith("ipc: demo: unknown option \"--capcity\"\n"), result.err());
        assertTrue(result.err().contains("  fix: did you mean --capacity?\n"), result.err());
    }

    @Test
    void anErrorIsJsonWhenAskedFor() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "-n", "x", "--json").expect(2);
        JsonObject error = JsonParser.parseString(result.err()).getAsJsonObject();
        assertEquals("ipc.error/1", error.get("schema").getAsString());
        assertEquals("IPC-101", error.get("code").getAsString());
        assertEquals(2, error.get("exit").getAsInt());
        assertTrue(error.get("fix").getAsJsonArray().size() > 0);
    }

    @Test
    void noVerbIsAUsageError() throws Exception {
        assertTrue(IpcProcess.run().expect(2).err().startsWith("ipc: no verb\n  fix: "));
    }

    @Test
    void whatStandsInFrontOfTheVerbIsNamed() throws Exception {
        assertEquals(
                """
                ipc: "--" stands in front of the verb
                  fix: leave it out: the verb comes first, as in 'ipc demo list'
                """,
                IpcProcess.run("--", "demo", "list").expect(2).err());
        assertEquals(
                """
                ipc: unknown option "-n" in "-qn5", in front of the verb
                  fix: the options of a verb stand behind it, as in 'ipc demo pipe -n 5'
                """,
                IpcProcess.run("-qn5", "demo").expect(2).err());
        assertTrue(IpcProcess.run("--jsno", "demo").expect(2).err().contains("  fix: did you mean --json?\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 13, 14, 16, 20, 24})
    void tooFewDescriptorsAreALimitAndNoBug(int descriptors) throws Exception {
        String place = IpcMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        assumeTrue(
                place.endsWith(".jar"),
                "the command is not in a jar, each of its classes needs a descriptor: " + place);
        Result result = IpcProcess.withoutScript("ulimit -n " + descriptors + "; ", "demo", "pipe", "-n", "10");
        if (result.exit() != 0) {
            assertTrue(result.expect(7).err().contains("  fix: "), result.err());
            assertFalse(result.err().contains("bug"), result.err());
        }
    }

    @Test
    void optionsOfEveryVerbStandBeforeOrAfterIt() throws Exception {
        String before = IpcProcess.run("--json", "--color", "never", "demo", "list")
                .expect(0)
                .out();
        String after = IpcProcess.run("demo", "list", "--color=never", "--json")
                .expect(0)
                .out();
        assertEquals(before, after);
        List<String> lines = before.lines().toList();
        assertEquals(Demos.names().size(), lines.size(), before);
        JsonObject row = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        assertEquals("pipe", row.get("mechanism").getAsString());
        assertEquals(2, row.get("processes").getAsJsonArray().size());
    }

    @Test
    void helpIsDataAndStderrIsEmpty() throws Exception {
        for (List<String> line :
                List.of(List.of("-h"), List.of("help"), List.of("demo", "-h"), List.of("-h", "demo"))) {
            Result result = IpcProcess.run(line.toArray(new String[0])).expect(0);
            assertEquals("", result.err());
            assertTrue(result.out().startsWith("Usage: ipc "), result.out());
        }
    }

    @Test
    void tellsItsVersion() throws Exception {
        Result result = IpcProcess.run("-V").expect(0);
        assertTrue(result.out().matches("ipc \\S+ \\(Java .*\\)\n"), result.out());
        assertEquals(result.out(), IpcProcess.run("demo", "--version").expect(0).out());
    }

    @Test
    void aTableHasAHeaderAndNoEscapes() throws Exception {
        Result result =
                IpcProcess.with(Map.of("TERM", "xterm"), "", "", "demo", "list").expect(0);
        assertTrue(result.out().matches("(?s)NAME +PROCESSES .*"), result.out());
        assertFalse(result.out().contains("\u001b"), result.out());
    }

    @Test
    void aClosedReaderEndsItQuietly() throws Exception {
        // The reader is gone before the first byte is written: the fifo's only reader ends when the writer has opened
        // it.
        Result result = IpcProcess.shell(
                "d=$(mktemp -d); mkfifo $d/f; (: < $d/f) & exec 3> $d/f; wait; rm -r $d; ", ">&3", "demo", "pipe");
        assertEquals("", result.expect(141).err());
    }

    @Test
    void aFullDiskIsALimitThatIsNamed() throws Exception {
        Result result = IpcProcess.shell("", ">/dev/full", "demo", "list").expect(7);
        assertTrue(
                result.err().startsWith("ipc: write stdout: No space left on device (ENOSPC)\n  fix: "), result.err());
    }

    @Test
    void aClosedStandardOutputIsNamed() throws Exception {
        Result result = IpcProcess.shell("", ">&-", "demo", "list").expect(1);
        assertEquals("ipc: standard output is closed\n  fix: redirect it, for example >/dev/null\n", result.err());
    }

    @Test
    void aStackTraceIsShownOnlyWhenAskedFor() throws Exception {
        assertFalse(IpcProcess.run("demo", "pipe", "-n", "x").err().contains("\tat "));
        assertTrue(IpcProcess.run("demo", "pipe", "-n", "x", "-v").err().contains("\tat "));
    }

    @Test
    void saysWhatItIsAboutWhenAskedFor() throws Exception {
        Result result = IpcProcess.run("-v", "demo", "pipe", "-n", "10").expect(0);
        assertTrue(result.err().contains("ipc: demo pipe: sending to the child\n"), result.err());
    }

    @Test
    void quietSaysTheVerdictAlone() throws Exception {
        assertEquals(
                1,
                IpcProcess.run("-q", "demo", "pipe", "-n", "10")
                        .expect(0)
                        .out()
                        .lines()
                        .count());
    }
}
