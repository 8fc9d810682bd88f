package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.IpcException;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.GlobalOptions;
import org.jvmipc.cli.frame.Stdout;
import org.jvmipc.cli.frame.Talk;
import org.jvmipc.cli.frame.Waits;

/** The verdicts of demos, whatever the demos are, make the exit code and the first word. */
@Timeout(20)
class DemoCommandTest {
    private static final List<String> NAMES = List.of("pass", "skip", "fail", "broken");

    @TempDir
    private Path directory;

    /** A demo that comes to the verdict it is named after. */
    private record Decided(String mechanism) implements Demo {
        @Override
        public List<String> processes() {
            return List.of("parent", "child");
        }

        @Override
        public String shows() {
            return "nothing";
        }

        @Override
        public Set<DemoOption> options() {
            return Set.of();
        }

        @Override
        public List<Class<?>> sources() {
            return List.of();
        }

        @Override
        public DemoReport run(DemoOptions options, Consumer<String> progress) throws IpcException {
            return switch (mechanism) {
                case "pass" -> report(Verdict.PASS, new Tally(2, 2, 0, 0, 0, 0));
                case "skip" -> report(Verdict.SKIP, new Tally(0, 0, 0, 0, 0, 0));
                case "fail" -> report(Verdict.FAIL, new Tally(20_000, 19_999, 1, 3, 4, 5));
                default -> throw new IpcException("out of order");
            };
        }

        private DemoReport report(Verdict verdict, Tally tally) {
            String why = verdict == Verdict.PASS ? null : "because";
            return new DemoReport(
                    mechanism, verdict, why, "all well", "a law", 2, tally, 0, 1_000, List.of(), Map.of(), Map.of());
        }
    }

    private record Result(int exit, String out) {}

    private Result run(List<String> names, String line) throws Exception {
        Path file = directory.resolve("out");
        GlobalOptions options = new GlobalOptions();
        VerbLine verb = VerbLine.of(new DemoCommand(names, Decided::new), options);
        verb.parse(line.split(" ", -1));
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            Talk talk = new Talk(options);
            int exit = verb.run(new Console(options, new Stdout(out), talk, new Waits(talk, options)));
            return new Result(exit, Files.readString(file));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pass, 0",
        "fail, 3",
        "skip, 9",
        "broken, 1",
        "pass skip, 0",
        "pass fail, 3",
        "fail pass, 3",
        "skip fail pass, 3",
        "broken fail, 3",
        "pass broken, 1",
        "all, 3"
    })
    void theVerdictsMakeTheExitCode(String line, int exit) throws Exception {
        assertEquals(exit, run(NAMES, line).exit());
        assertEquals(exit, run(NAMES, line + " --json").exit());
    }

    @Test
    void aSkipDoesNotChangeTheCodeOfAll() throws Exception {
        assertEquals(0, run(List.of("skip"), "all").exit());
        assertEquals(0, run(List.of("pass", "skip"), "all").exit());
        assertEquals(1, run(List.of("skip", "broken"), "all").exit());
    }

    @Test
    void aPassSaysItsHeadlineAndAFailureAllCounters() throws Exception {
        assertEquals("PASS  pass: all well\n", run(NAMES, "pass -q").out());
        assertEquals(
                "FAIL  fail: 20,000 sent, 19,999 received, 1 lost, 3 doubled, 4 out of order, 5 corrupt, in 1.00 us\n",
                run(NAMES, "fail -q").out());
        assertTrue(run(NAMES, "fail").out().contains("\n  why          because\n"));
        assertTrue(run(NAMES, "skip").out().startsWith("SKIP  skip: "));
    }

    @Test
    void theListFitsATerminal() throws Exception {
        List<Demo> all = Demos.names().stream().map(Demos::of).toList();
        GlobalOptions options = new GlobalOptions();
        String list = DemoPrinter.list(all, Console.of(options));
        list.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }
}
