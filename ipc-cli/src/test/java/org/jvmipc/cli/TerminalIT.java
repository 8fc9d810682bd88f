package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** The command on a terminal, which script(1) lends it. */
@Timeout(240)
class TerminalIT {
    private static final String GREEN_PASS = "\u001b[32;1mPASS\u001b[0m  pipe: ";

    /** Puts the words of the command, quoted, into the one string that script(1) takes. */
    private static final String ON_A_TERMINAL =
            "for word; do line=\"$line '$word'\"; done; script -qec \"$line\" /dev/null </dev/null; exit; ";

    @BeforeEach
    void needsATerminal() {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(each -> new File(each, "script").canExecute()),
                "script(1), which makes a terminal, is not on the PATH");
    }

    private static Result run(Map<String, String> environment, String... args) throws Exception {
        Map<String, String> all = new TreeMap<>(Map.of("TERM", "xterm", "SHELL", "/bin/sh", "line", ""));
        all.putAll(environment);
        Result result = IpcProcess.with(all, ON_A_TERMINAL, "", args);
        return new Result(result.exit(), result.out().replace("\r\n", "\n"), result.err());
    }

    @Test
    void coloursTheVerdictAndTheError() throws Exception {
        Result pass = run(Map.of(), "demo", "pipe", "-n", "10", "-q").expect(0);
        assertTrue(pass.out().startsWith(GREEN_PASS), pass.out());
        Result error = run(Map.of(), "dmeo").expect(2);
        assertTrue(error.out().startsWith("\u001b[31;1mipc:\u001b[0m \"dmeo\": no such verb\n"), error.out());
    }

    @Test
    void coloursNothingWhereColourIsNotWanted() throws Exception {
        for (Map<String, String> plain : List.of(Map.of("NO_COLOR", "1"), Map.of("TERM", "dumb"))) {
            Result pass = run(plain, "demo", "pipe", "-n", "10", "-q").expect(0);
            assertTrue(pass.out().startsWith("PASS  pipe: 20 sent = received"), pass.out());
            assertFalse(pass.out().contains("\u001b"), pass.out());
            assertFalse(run(plain, "dmeo").expect(2).out().contains("\u001b"));
        }
    }

    @Test
    void fitsEightyColumns() throws Exception {
        for (String line : new String[] {
            "demo pipe", "demo pipe -n 3", "demo pipe --kill-after 50ms", "demo fifo -n 100", "demo list"
        }) {
            Result result = run(Map.of("NO_COLOR", "1"), line.split(" ", -1)).expect(0);
            result.out().lines().forEach(each -> assertTrue(each.length() <= 80, each));
        }
    }

    @Test
    void wrapsNothingElsewhere() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "-n", "3").expect(0);
        result.out().lines().skip(2).forEach(line -> assertTrue(line.matches("  [a-z].*"), line));
        assertTrue(result.out().lines().anyMatch(line -> line.length() > 80), result.out());
        assertEquals("", result.err());
    }
}
