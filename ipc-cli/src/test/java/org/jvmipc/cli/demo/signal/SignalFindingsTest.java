package org.jvmipc.cli.demo.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;

class SignalFindingsTest {
    private static final DemoOptions OPTIONS =
            new DemoOptions(100, 0, 0, 0, null, null, false, false, Duration.ofSeconds(60));
    private static final SignalReport ONE = new SignalReport(1, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final SignalReport ALL = new SignalReport(100, 100, 0, 0, 0, 0, 0, 1000, 0);
    private static final Peer CHILD = new Peer("child", 4711, ExitStatus.exited(0));

    private static DemoReport judge(SignalReport merged, SignalReport queued, long filled, SignalReport full) {
        SignalSeen seen = new SignalSeen(1000, merged, 100, queued, filled, true, full, 10_000, 1, CHILD);
        return SignalFindings.of(OPTIONS, seen).report(List.of(), 1);
    }

    @Test
    void allAsItShouldBe() {
        DemoReport report = judge(ONE, ALL, 100, ALL);
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(200, report.tally().received());
    }

    @Test
    void whatIsWrongIsTold() {
        assertFails(
                "2 standard signals came of 1,000", judge(new SignalReport(2, 0, 0, 0, 0, 0, 0, 0, 0), ALL, 100, ALL));
        assertFails("1 were lost", judge(ONE, new SignalReport(99, 100, 0, 0, 0, 0, 0, 0, 0), 100, ALL));
        assertFails("1 were lost", judge(ONE, ALL, 101, ALL));
        assertFails("3 out of order", judge(ONE, new SignalReport(100, 100, 0, 3, 0, 0, 0, 0, 0), 100, ALL));
        assertFails("4 corrupt", judge(ONE, new SignalReport(100, 100, 0, 0, 4, 0, 0, 0, 0), 100, ALL));
        assertFails(
                "5 signals without the parent", judge(ONE, new SignalReport(100, 100, 0, 0, 0, 5, 0, 0, 0), 100, ALL));
        assertFails(
                "6 signals with a wrong code", judge(ONE, ALL, 100, new SignalReport(100, 100, 0, 0, 0, 0, 6, 0, 0)));
    }

    @Test
    void aValueTellsItsPlaceAndWhoseItIs() {
        SignalValues values = new SignalValues(0x1234_5678_9abc_def0L);
        int others = 0;
        for (long place = 0; place < 100_000; place++) {
            assertEquals(place, values.placeOf(values.at(place)));
            others += new SignalValues(77).placeOf(values.at(place)) < 0 ? 1 : 0;
        }
        assertNotEquals(0, others);
        assertEquals(-1, values.placeOf(values.at(-1)));
    }

    @Test
    void whatCannotBeTriedIsSkippedWithTheReason() {
        DemoReport report = SignalFindings.skipped(OPTIONS, "no such call here").report(List.of(), 1);
        assertEquals(Verdict.SKIP, report.verdict());
        assertEquals("no such call here", report.why());
        report = SignalFindings.skipped(OPTIONS, "no such call here").report(List.of("a process"), 1);
        assertEquals(Verdict.FAIL, report.verdict());
    }
}
