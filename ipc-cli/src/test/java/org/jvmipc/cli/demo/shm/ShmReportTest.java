package org.jvmipc.cli.demo.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.process.ExitStatus;

/** What the children tell and what is in the memory decides on the verdict. */
@Timeout(20)
class ShmReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final DemoOptions options = new DemoOptions(10, 8, 0, 2, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WorkReport> writers = new TreeMap<>(Map.of(1, writer(10, 71), 2, writer(10, 72)));
    private final Map<Integer, TakenReport> received =
            new TreeMap<>(Map.of(1, received(1, 10, 0, 71), 2, received(2, 10, 0, 72)));
    private final Map<Integer, Long> done = new TreeMap<>(Map.of(1, 10L, 2, 10L, 3, 0L));
    private final Map<Integer, Long> perWriter = new TreeMap<>(Map.of(1, 10L, 2, 10L));
    private final List<Peer> processes = new ArrayList<>(List.of(new Peer("reader", 43, ExitStatus.exited(0))));
    private long total = 20;
    private long atomic = 20;
    private long counter = 20;
    private long intruders;
    private int taker;
    private long takenAt;
    private long takings;
    private @Nullable HolderDeath death;

    private static WorkReport writer(long sent, long digest) {
        return new WorkReport(WorkReport.DONE, sent, digest, 1, 2_000, 0, 0, 0);
    }

    private static TakenReport received(int sender, long count, long gaps, long digest) {
        return new TakenReport("", sender, count, gaps, digest, 0, 20, 0, 0, 0, 3, 4_000);
    }

    private DemoReport report() {
        Map<Integer, Long> holds = Map.of(1, 20L, 2, 20L, 3, 5L);
        BoardState board = new BoardState(20, done, 0, holds, 0, intruders, 0, taker, takenAt, takings);
        ShmTransfer seen = new ShmTransfer(
                writers,
                received,
                board,
                new ShmTransfer.Variables(total, perWriter, atomic, counter),
                10,
                4096,
                processes,
                5_000,
                6_000,
                death);
        return ShmReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals(40L, report.facts().get("file_lock_holds"));
        assertEquals(5L, report.facts().get("file_mutex_holds"));
        assertEquals(20L, report.facts().get("counted_with_lock"));
    }

    @Test
    void failsWhenAMessageIsLost() {
        received.put(2, received(2, 9, 1, 72));
        assertFails("1 were lost", report());
        assertFails("writer 2 sent 10, and 9 came", report());
    }

    @Test
    void failsWhenTheDigestIsNotTheWriters() {
        received.put(2, received(2, 10, 0, 73));
        assertFails("digest of writer 2 is not its own", report());
    }

    @Test
    void failsWhenACountIsMissing() {
        total = 19;
        assertFails("the total is 19, not 20", report());
        total = 20;
        atomic = 19;
        assertFails("the atomic total is 19, not 20", report());
        atomic = 20;
        counter = 21;
        assertFails("the counter is 21, not 20", report());
        perWriter.put(1, 9L);
        assertFails("writer 1 counted 9, not 10", report());
    }

    @Test
    void failsWhenTwoWereInside() {
        intruders = 1;
        assertFails("two were inside at once", report());
    }

    @Test
    void failsWhenTheLockWasLeftHeldAndNobodyHasDied() {
        takings = 1;
        assertFails("nobody has died", report());
    }

    // ---- a writer killed

    private void kill() {
        writers.remove(1);
        received.put(1, received(1, 7, 0, 0));
        done.put(1, 7L);
        perWriter.put(1, 0L);
        total = 10;
        atomic = 10;
        counter = 10;
        death = new HolderDeath(1, new Peer("writer-1", 41, ExitStatus.killed(9)), 7, 200_000, KILLED_AT);
        taker = 3;
        takenAt = KILLED_AT + 4_000;
        takings = 1;
    }

    @Test
    void passesWhenTheOthersWentOn() {
        kill();
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(17, 17, 0, 0, 0, 0), report.tally());
        assertEquals(4_000L, report.facts().get("recovery_nanos"));
        assertEquals("reader", report.facts().get("next_holder"));
    }

    @Test
    void failsWhenAWholeMessageOfTheDeadIsMissingOrTheHalfOneCame() {
        kill();
        received.put(1, received(1, 6, 0, 0));
        assertFails("writer 1 sent 7, and 6 came", report());
        received.put(1, received(1, 8, 0, 0));
        assertFails("writer 1 sent 7, and 8 came", report());
    }

    @Test
    void failsWhenOneIsMissingInBetween() {
        kill();
        received.put(1, received(1, 7, 1, 0));
        assertFails("1 are missing in between", report());
    }

    @Test
    void failsWhenNobodyHadTheLockOrTooLate() {
        kill();
        takings = 0;
        assertFails("taken over 0 times", report());
        takings = 1;
        takenAt = KILLED_AT + 700_000_000;
        assertFails("after 700 ms", report());
    }
}
