package org.jvmipc.cli.demo.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.Counted;
import org.jvmipc.cli.demo.shared.WorkReport;

/** What readers and the one with a {@code FileLock} add to the verdict. */
@Timeout(20)
class LockReportTest {
    private final DemoOptions options = new DemoOptions(10, 0, 0, 1, null, null, false, false, Duration.ofSeconds(60));

    private static WorkReport done(long turns) {
        return new WorkReport(WorkReport.DONE, turns, 0, 0, 0, 0, 0, 0);
    }

    private DemoReport report(long byFileLock, long reads, boolean refused, boolean shared) {
        Map<Integer, Long> tallies = Map.of(1, 10L, 2, byFileLock, 3, 0L);
        BoardState board = new BoardState(10 + byFileLock, tallies, 0, tallies, 0, 0, 0, 0, 0, 0);
        Counted counted = new Counted(Map.of(1, done(10), 2, done(byFileLock)), board, 0, List.of(), 1_000, null);
        LockCounted seen = new LockCounted(counted, Map.of(1, done(reads), 2, done(0)), refused, shared);
        return LockReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report(10, 3, true, true);
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(10L, report.facts().get("counted_by_file_lock"));
        assertEquals(3L, report.facts().get("reads"));
        assertEquals(2, report.facts().get("readers_together"));
    }

    @Test
    void failsWhenAWriterGotInAmongTheReaders() {
        assertFails("to be had alone while readers shared it", report(10, 3, false, true));
    }

    @Test
    void failsWhenAReaderWasKeptOut() {
        assertFails("not to be had shared", report(10, 3, true, false));
    }

    @Test
    void failsWhenNobodyReadOrTheFileLockDidNothing() {
        assertFails("no reader", report(10, 0, true, true));
        assertFails("nothing was counted by FileLock", report(0, 3, true, true));
    }
}
