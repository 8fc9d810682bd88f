package org.jvmipc.cli.demo.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;

/** What the demo judges, with what is wrong. */
class InboxReportTest {
    private static final Peer VICTIM = new Peer("peer-1", 4711, ExitStatus.killed(9));
    private static final long KILL = 1_000_000_000;

    private static DemoReport judge(List<InboxSeen> sent, List<InboxSeen> taken, InboxTransfer.@Nullable Death death) {
        DemoOptions options = new DemoOptions(
                100, 64, 0, 0, death == null ? null : Duration.ofMillis(1), null, false, false, Duration.ofSeconds(60));
        InboxTransfer seen = new InboxTransfer(2, sent, taken, List.of(), 1_000_000, death);
        return InboxReport.of(options, seen).report(List.of(), 1);
    }

    private static InboxSeen sent(int from, int to) {
        return InboxSeen.sent(from, to, 100, 7, 0);
    }

    private static InboxSeen taken(int from, int to, long count, long digest) {
        return taken(from, to, count, 0, digest, 0, 0, 0);
    }

    private static InboxSeen taken(
            int from, int to, long count, long gaps, long digest, long duplicated, long reordered, long corrupt) {
        return new InboxSeen(InboxSeen.TAKEN, from, to, count, gaps, digest, 0, duplicated, reordered, corrupt, "", 0);
    }

    private static DemoReport both(InboxSeen ofTheFirst) {
        return judge(List.of(sent(1, 2), sent(2, 1)), List.of(ofTheFirst, taken(2, 1, 100, 7)), null);
    }

    @Test
    void allAsItShouldBe() {
        DemoReport report = both(taken(1, 2, 100, 7));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(200, report.tally().received());
    }

    @Test
    void whatIsWrongIsTold() {
        assertFails("1 were lost", both(taken(1, 2, 99, 7)));
        assertFails("101 of 100 came", both(taken(1, 2, 101, 7)));
        assertFails("came something else, or in another order", both(taken(1, 2, 100, 8)));
        assertFails("2 doubled", both(taken(1, 2, 100, 0, 7, 2, 0, 0)));
        assertFails("3 out of order", both(taken(1, 2, 100, 0, 7, 0, 3, 0)));
        assertFails("4 corrupt", both(taken(1, 2, 100, 0, 7, 0, 0, 4)));
        assertFails("nobody knows", judge(List.of(sent(1, 2), sent(2, 1)), List.of(taken(2, 1, 100, 7)), null));
        assertFails(
                "peer 2 sent 200 messages",
                judge(
                        List.of(sent(1, 2), sent(2, 1), sent(2, 1)),
                        List.of(taken(1, 2, 100, 7), taken(2, 1, 100, 7)),
                        null));
    }

    private static DemoReport afterDeath(List<InboxSeen> told, long gaps, long takenByTheNext) {
        InboxTransfer.Death death = new InboxTransfer.Death(VICTIM, 1_000_000, KILL, told, 4712, 50_000_000);
        return judge(
                List.of(sent(2, 1), sent(2, 3), sent(3, 2)),
                List.of(taken(1, 2, 50, gaps, 9, 0, 0, 0), taken(3, 2, 100, 7), taken(2, 3, takenByTheNext, 7)),
                death);
    }

    private static InboxSeen told(String reason, long afterNanos) {
        return InboxSeen.told(2, 1, reason, KILL + afterNanos);
    }

    @Test
    void aDeathThatIsToldInTime() {
        DemoReport report = afterDeath(List.of(told("DIED", 5_000_000)), 0, 100);
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
    }

    @Test
    void whatIsWrongWithADeathIsTold() {
        assertFails("was told after", afterDeath(List.of(told("DIED", 600_000_000)), 0, 100));
        assertFails("told before the kill", afterDeath(List.of(told("DIED", -1)), 0, 100));
        assertFails("told CLOSED, not DIED", afterDeath(List.of(told("CLOSED", 1)), 0, 100));
        assertFails("0 were told", afterDeath(List.of(), 0, 100));
        assertFails("no prefix, 3 are missing", afterDeath(List.of(told("DIED", 1)), 3, 100));
        assertFails("101 of 100 came", afterDeath(List.of(told("DIED", 1)), 0, 101));
    }
}
