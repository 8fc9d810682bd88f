package org.jvmipc.cli.demo.shared;

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
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;

/** What is on the board and what the children tell decides on the verdict. */
@Timeout(20)
class CountReportTest {
    private static final long KILLED_AT = 1_000_000;
    private static final long TAKEN_AT = KILLED_AT + 5_000;

    private final DemoOptions options = new DemoOptions(10, 0, 0, 2, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WorkReport> workers = new TreeMap<>(Map.of(1, worker(10, 0), 2, worker(10, 0)));
    private final Map<Integer, Long> done = new TreeMap<>(Map.of(1, 10L, 2, 10L, 3, 0L));
    private final List<Peer> processes =
            new ArrayList<>(List.of(peer(1, ExitStatus.exited(0)), peer(2, ExitStatus.exited(0))));
    private long counter = 20;
    private int unfinished;
    private long badFences;
    private long intruders;
    private long torn;
    private int taker;
    private long takenAt;
    private long takings;
    private int toldOthers;
    private @Nullable HolderDeath death;

    private static WorkReport worker(long counted, int told) {
        return new WorkReport(WorkReport.DONE, counted, 0, 3, 4_000, told, 0, 0);
    }

    private static Peer peer(int number, ExitStatus status) {
        return new Peer("child-" + number, 40 + number, status);
    }

    private DemoReport report() {
        BoardState board = new BoardState(
                counter,
                done,
                unfinished,
                Map.of(1, 10L, 2, 10L, 3, 1L),
                badFences,
                intruders,
                torn,
                taker,
                takenAt,
                takings);
        Findings findings = new Findings("mutex", "a law", options);
        CountReport.add(findings, options, new Counted(workers, board, toldOthers, processes, 21_000, death));
        return findings.report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals("20 counted by 2 children, none lost, in 1.00 us", report.headline());
        assertEquals(21L, report.facts().get("holds"));
        assertEquals(1_000_000L, report.facts().get("holds_per_second"));
        assertEquals(6L, report.facts().get("children_waits"));
    }

    @Test
    void failsWhenACountIsLostOrDoubled() {
        counter = 19;
        assertFails("1 were lost", report());
        counter = 22;
        assertFails("2 doubled", report());
    }

    @Test
    void failsWhenTwoWereInside() {
        intruders = 1;
        assertFails("two were inside at once", report());
    }

    @Test
    void failsWhenAFenceDidNotRise() {
        badFences = 1;
        assertFails("fencing numbers did not rise", report());
    }

    @Test
    void failsWhenAReaderSawATurnHalfDone() {
        torn = 1;
        assertFails("half done", report());
    }

    @Test
    void failsWhenATurnIsLeftHalfDone() {
        unfinished = 1;
        assertFails("left half done", report());
    }

    @Test
    void failsWhenAChildsTallyIsNotItsOwn() {
        workers.put(2, worker(9, 0));
        assertFails("child 2 counted 9, and its tally is 10", report());
    }

    @Test
    void failsWhenADeathWasToldAndNobodyHasDied() {
        toldOthers = 1;
        assertFails("nobody has died", report());
    }

    @Test
    void failsWhenTheLockWasLeftHeldAndNobodyHasDied() {
        takings = 1;
        assertFails("left held", report());
    }

    @Test
    void failsWhenAChildFailed() {
        processes.set(1, peer(2, ExitStatus.exited(1)));
        assertFails("child-2 42: exit code 1", report());
    }

    // ---- a holder killed

    private void kill() {
        workers.remove(1);
        workers.put(2, worker(10, 1));
        processes.remove(0);
        death = new HolderDeath(1, peer(1, ExitStatus.killed(9)), 9, 200_000, KILLED_AT);
        taker = 2;
        takenAt = TAKEN_AT;
        takings = 1;
    }

    @Test
    void passesWhenTheNextOneWasToldOnce() {
        kill();
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(5_000L, report.facts().get("hand_over_nanos"));
        assertEquals(2, report.facts().get("next_holder"));
        assertEquals(1, report.facts().get("previous_owner_died_told"));
        assertEquals("SIGKILL", report.peers().get(0).toMap().get("signal"));
    }

    @Test
    void failsWhenTheDeathWasToldTwiceOrNever() {
        kill();
        toldOthers = 1;
        assertFails("told 2 times, not once", report());
        toldOthers = 0;
        workers.put(2, worker(10, 0));
        assertFails("told 0 times, not once", report());
    }

    @Test
    void failsWhenTheLockWasHadBeforeTheKill() {
        kill();
        takenAt = KILLED_AT - 1;
        assertFails("before its holder was killed", report());
    }

    @Test
    void failsWhenTheHandOverTookTooLong() {
        kill();
        takenAt = KILLED_AT + 600_000_000;
        assertFails("the next holder was told after 600 ms", report());
    }

    @Test
    void failsWhenTheTallyOfTheDeadIsNotFinished() {
        kill();
        done.put(1, 9L);
        counter = 19;
        assertFails("had counted 9 and one half, and its tally is 9", report());
    }

    @Test
    void failsWhenItEndedByItself() {
        kill();
        death = new HolderDeath(1, peer(1, ExitStatus.exited(0)), 9, 200_000, KILLED_AT);
        assertFails("it was not SIGKILL", report());
    }
}
