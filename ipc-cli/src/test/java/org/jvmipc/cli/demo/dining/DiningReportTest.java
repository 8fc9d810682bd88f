package org.jvmipc.cli.demo.dining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import org.jvmipc.cli.demo.dining.TableState.Eater;
import org.jvmipc.cli.demo.dining.TableState.ForkState;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.process.ExitStatus;

/** What is on the table and what the philosophers tell decides on the verdict. */
@Timeout(20)
class DiningReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final DemoOptions options = new DemoOptions(10, 0, 0, 3, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WorkReport> philosophers =
            new TreeMap<>(Map.of(1, told(10, 0), 2, told(10, 0), 3, told(10, 0)));
    private final List<ForkState> forks = new ArrayList<>(List.of(fork(20), fork(20), fork(20)));
    private final List<Eater> eaters = new ArrayList<>(List.of(eater(10, 10), eater(10, 10), eater(10, 10)));
    private final List<Peer> processes = new ArrayList<>(List.of(new Peer("philosopher-2", 42, ExitStatus.exited(0))));
    private long twoUsers;
    private long together;
    private @Nullable HolderDeath death;
    private int forksOfDead;

    private static WorkReport told(long meals, int deaths) {
        return new WorkReport(WorkReport.DONE, meals, 0, 3, 4_000, deaths, 0, 0);
    }

    private static ForkState fork(long uses) {
        return new ForkState(0, uses, 0, 0, 0, 0);
    }

    private static Eater eater(long begun, long eaten) {
        return new Eater(begun, eaten, 2, 900 + eaten);
    }

    private DemoReport report() {
        TableState table = new TableState(twoUsers, together, forks, eaters);
        Dined seen = new Dined(5, philosophers, table, processes, 30_000, death, forksOfDead);
        return DiningReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(30, 30, 0, 0, 0, 0), report.tally());
        assertEquals("30 meals eaten by 3 philosophers, neighbours never together, in 1.00 us", report.headline());
        assertEquals(6L, report.facts().get("both_forks_contended"));
        assertEquals(910L, report.facts().get("longest_wait_nanos"));
        assertEquals(9L, report.facts().get("philosophers_waits"));
        assertTrue(report.law().contains("in the order of their numbers"), report.law());
    }

    @Test
    void failsWhenAForkHadTwoUsers() {
        twoUsers = 1;
        assertFails("a fork had two users, 1 time", report());
    }

    @Test
    void failsWhenNeighboursAteTogether() {
        together = 2;
        assertFails("neighbours ate together, 2 times", report());
    }

    @Test
    void failsWhenAMealIsLostOrHadWithOneFork() {
        forks.set(0, fork(18));
        DemoReport report = report();
        assertFails("1 were lost", report);
        assertFails("with fork 0 18 meals were eaten, and its two users ate 20", report);
    }

    @Test
    void failsWhenOneDidNotEatAllHisMeals() {
        philosophers.put(2, told(9, 0));
        DemoReport report = report();
        assertFails("philosopher 2 has eaten 9 meals of 10", report);
        assertFails("and 10 are on the table's account", report);
    }

    @Test
    void failsWhenAMealIsLeftHalfEatenOrAForkHeld() {
        eaters.set(0, eater(11, 10));
        forks.set(2, new ForkState(3, 20, 0, 0, 0, 0));
        DemoReport report = report();
        assertFails("philosopher 1 has left a meal half eaten", report);
        assertFails("fork 2 is in the hand of philosopher 3", report);
    }

    @Test
    void failsWhenADeathWasToldAndNobodyHasDied() {
        philosophers.put(2, told(10, 1));
        assertFails("nobody has died", report());
    }

    @Test
    void failsWhenAChildFailed() {
        processes.set(0, new Peer("philosopher-2", 42, ExitStatus.exited(1)));
        assertFails("philosopher-2 42: exit code 1", report());
    }

    // ---- one of them killed, with two forks

    private void kill(long afterNanos) {
        philosophers.remove(1);
        philosophers.put(2, told(12, 1));
        philosophers.put(3, told(10, 1));
        eaters.set(0, eater(10, 9));
        eaters.set(1, eater(12, 12));
        forks.set(0, new ForkState(0, 19, 1, 3, KILLED_AT + afterNanos, KILLED_AT - 7_000));
        forks.set(1, new ForkState(0, 21, 1, 2, KILLED_AT + 4_000, KILLED_AT + 1_000));
        forks.set(2, fork(22));
        death = new HolderDeath(1, new Peer("philosopher-1", 41, ExitStatus.killed(9)), 9, 200_000, KILLED_AT);
        forksOfDead = 2;
    }

    @Test
    void passesWhenTheNeighboursWereToldOfEachFork() {
        kill(5_000);
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(5_000L, report.facts().get("hand_over_nanos"));
        assertEquals(2, report.facts().get("forks_held"));
        assertEquals(List.of(2, 3), report.facts().get("next_holders"));
        assertEquals("SIGKILL", report.peers().get(0).toMap().get("signal"));
    }

    @Test
    void failsWhenAForkWasHadTooLateOrTooEarly() {
        kill(600_000_000);
        assertFails("the next user of a fork was told after 600 ms", report());
        kill(-1);
        assertFails("before its holder was killed", report());
    }

    @Test
    void whoWaitsForTheForkLaterIsToldAsSoonFromThenOn() {
        kill(5_000);
        forks.set(0, new ForkState(0, 19, 1, 3, KILLED_AT + 900_000_000, KILLED_AT + 899_991_000));
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(9_000L, report.facts().get("hand_over_nanos"));
        assertTrue(report.law().contains("within 500 ms of the kill, or of waiting for that fork"), report.law());

        forks.set(0, new ForkState(0, 19, 1, 3, KILLED_AT + 900_000_000, KILLED_AT + 300_000_000));
        assertFails("the next user of a fork was told after 600 ms", report());
    }

    @Test
    void failsWhenADeathWasNotTold() {
        kill(5_000);
        philosophers.put(2, told(12, 0));
        assertFails("its death was told 1 times for 2 forks", report());
    }

    @Test
    void failsWhenAForkWasNeverHadAgain() {
        kill(5_000);
        forks.set(1, new ForkState(1, 21, 0, 0, 0, 0));
        DemoReport report = report();
        assertFails("1 forks were taken over, and it had 2", report);
        assertFails("fork 1 is in the hand of philosopher 1", report);
    }

    @Test
    void failsWhenASurvivorStarved() {
        kill(5_000);
        philosophers.put(3, told(9, 1));
        assertFails("philosopher 3 has eaten 9 meals of 10", report());
    }

    @Test
    void failsWhenTheHalfMealCounts() {
        kill(5_000);
        eaters.set(0, eater(10, 10));
        assertFails("the killed one had eaten 9 meals, and 10 are on the table's account", report());
    }

    @Test
    void failsWhenItEndedByItself() {
        kill(5_000);
        death = new HolderDeath(1, new Peer("philosopher-1", 41, ExitStatus.exited(0)), 9, 200_000, KILLED_AT);
        assertFails("it was not SIGKILL", report());
    }
}
