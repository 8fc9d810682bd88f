package org.jvmipc.cli.demo.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;

class MqReportTest {
    private static final DemoOptions OPTIONS =
            new DemoOptions(100, 64, 0, 0, null, null, false, false, Duration.ofSeconds(60));
    private static final MqSent SENT = new MqSent(100, 7, 1000, 0, 0);
    private static final Peer PRODUCER = new Peer("producer-1", 4711, ExitStatus.exited(0));
    private static final Peer VICTIM = new Peer("consumer-1", 4712, ExitStatus.killed(9));

    private static MqTaken taken(long received, long first, long sum, long duplicated, long reordered, long corrupt) {
        return new MqTaken(MqTaken.TAKEN, 1, received, first, first, 7, sum, duplicated, reordered, corrupt, 0, 0, 0);
    }

    private static DemoReport judge(
            MqTaken first, MqTaken second, List<MqTaken> audit, long redeliveries, @Nullable MqDeath death) {
        MqTransfer seen = new MqTransfer(
                Map.of(1, SENT),
                Map.of("consumer-1", Map.of(1, first), "consumer-2", Map.of(1, second)),
                audit.stream().map(each -> Map.of(1, each)).toList(),
                List.of(PRODUCER),
                redeliveries,
                4096,
                1_000_000,
                death);
        return MqReport.of(OPTIONS, seen).report(List.of(), 1);
    }

    private static final MqTaken SIXTY = taken(60, 0, 600, 0, 0, 0);
    private static final MqTaken FORTY = taken(40, 0, 400, 0, 0, 0);
    private static final List<MqTaken> AUDIT = List.of(taken(50, 0, 500, 0, 0, 0), taken(50, 50, 500, 0, 0, 0));

    @Test
    void allAsItShouldBe() {
        DemoReport report = judge(SIXTY, FORTY, AUDIT, 0, null);
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(100, report.tally().received());
    }

    @Test
    void whatIsWrongIsTold() {
        assertFails("1 were lost", judge(taken(59, 0, 590, 0, 0, 0), FORTY, AUDIT, 0, null));
        assertFails("1 doubled", judge(taken(61, 0, 600, 0, 0, 0), FORTY, AUDIT, 0, null));
        assertFails("2 doubled", judge(taken(60, 0, 600, 2, 0, 0), FORTY, AUDIT, 0, null));
        assertFails("3 corrupt", judge(taken(60, 0, 600, 0, 0, 3), FORTY, AUDIT, 0, null));
        assertFails("is not what it sent", judge(taken(60, 0, 601, 0, 0, 0), FORTY, AUDIT, 0, null));
        assertFails("4 were handed out again", judge(SIXTY, FORTY, AUDIT, 4, null));
        assertFails("5 out of order", judge(SIXTY, FORTY, List.of(AUDIT.get(0), taken(50, 50, 500, 0, 5, 0)), 0, null));
        assertFails(
                "went on with message 49",
                judge(SIXTY, FORTY, List.of(AUDIT.get(0), taken(50, 49, 500, 0, 0, 0)), 0, null));
        assertFails("the other group has 50 of 100", judge(SIXTY, FORTY, List.of(AUDIT.get(0)), 0, null));
    }

    private static MqDeath death(long afterNanos, long redelivered, long index) {
        MqTaken held = new MqTaken(MqTaken.HOLDING, 0, 0, 0, 0, 0, 0, 0, 0, 0, index, 0, 0);
        MqTaken repeated = new MqTaken(MqTaken.REPEATED, 0, 0, 0, 0, 0, 0, 0, 0, 0, index, redelivered, afterNanos);
        return new MqDeath(VICTIM, 1, 0, held, repeated);
    }

    @Test
    void aDeathIsJudged() {
        List<MqTaken> audit = List.of(taken(100, 0, 1000, 0, 0, 0));
        assertEquals(
                Verdict.PASS, judge(SIXTY, FORTY, audit, 1, death(1000, 1, 5)).verdict());
        assertFails("was told after", judge(SIXTY, FORTY, audit, 1, death(600_000_000, 1, 5)));
        assertFails("before the kill", judge(SIXTY, FORTY, audit, 1, death(-1, 1, 5)));
        assertFails("handed out 2 times before", judge(SIXTY, FORTY, audit, 1, death(1000, 2, 5)));
        assertFails("2 messages were handed out again", judge(SIXTY, FORTY, audit, 2, death(1000, 1, 5)));
    }
}
