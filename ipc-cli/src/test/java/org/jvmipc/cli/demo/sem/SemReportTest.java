package org.jvmipc.cli.demo.sem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Passed;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.process.ExitStatus;

/** What producers, consumers and the buffer tell decides on the verdict. */
@Timeout(20)
class SemReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final Map<Integer, WorkReport> producers = new TreeMap<>(Map.of(1, producer(10, 71), 2, producer(10, 72)));
    private final Map<Integer, TakenReport> one = new TreeMap<>(Map.of(1, taken(1, 4, 70, 0), 2, taken(2, 6, 70, 0)));
    private final Map<Integer, TakenReport> two = new TreeMap<>(Map.of(1, taken(1, 6, 1, 0), 2, taken(2, 4, 2, 0)));
    private final List<Peer> processes = new ArrayList<>(List.of(new Peer("producer-1", 41, ExitStatus.exited(0))));
    private BufferState state = new BufferState(16, 20, 20, 0, 16, 0, 1);

    private static DemoOptions options(boolean broken) {
        return new DemoOptions(10, 8, 0, 2, null, null, broken, false, Duration.ofSeconds(60));
    }

    private static WorkReport producer(long sent, long digest) {
        return new WorkReport(WorkReport.DONE, sent, digest, 1, 2_000, 0, 0, 0);
    }

    private static TakenReport taken(int sender, long received, long sum, long corrupt) {
        return new TakenReport("", sender, received, 0, 0, sum, 10, 0, 0, corrupt, 3, 4_000);
    }

    private DemoReport report(boolean broken) {
        SemTransfer seen = new SemTransfer(new Passed(producers, List.of(one, two)), state, 3, processes, 5_000);
        return SemReport.of(options(broken), seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report(false);
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals("20 sent = received, every byte verified, in 1.00 us", report.headline());
        assertEquals(6L, report.facts().get("consumers_waits"));
        assertEquals(2L, report.facts().get("producers_waits"));
    }

    @Test
    void failsWhenAMessageIsLostOrDoubledOrCorrupt() {
        two.put(1, taken(1, 5, 1, 0));
        assertFails("1 were lost", report(false));
        two.put(1, taken(1, 7, 1, 0));
        assertFails("1 doubled", report(false));
        two.put(1, taken(1, 6, 1, 1));
        assertFails("1 corrupt", report(false));
    }

    @Test
    void failsWhenTheConsumersDigestIsNotTheProducers() {
        two.put(2, taken(2, 4, 3, 0));
        assertFails("digest of producer 2 is not its own", report(false));
    }

    @Test
    void failsWhenTheSemaphoresAreNotAsAtFirst() {
        state = new BufferState(16, 20, 20, 0, 15, 0, 1);
        assertFails("the buffer is not as at first", report(false));
    }

    @Test
    void failsWhenNotAllWasSent() {
        producers.put(1, producer(9, 71));
        assertFails("producer 1 sent 9 messages", report(false));
    }

    @Test
    void withoutPAndVItFailsWhenNothingIsLost() {
        assertFails("no update was lost in 3 rounds", report(true));
    }

    @Test
    void withoutPAndVItPassesWhenUpdatesAreLostWhateverBecameOfTheMessages() {
        state = new BufferState(16, 17, 19, 2, 16, 0, 1);
        two.put(1, taken(1, 0, 1, 6));
        DemoReport report = report(true);
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(6L, report.facts().get("lost_updates")); // 3 of in, 1 of out, 2 of count
        assertEquals(6, report.tally().lost());
        assertTrue(report.headline().startsWith("6 updates lost without P and V, of 80"), report.headline());
    }

    // ---- a robust one's holder killed

    private static DemoReport death(PoolState pool, ExitStatus status) {
        HolderDeath death = new HolderDeath(1, new Peer("user-1", 41, status), 5, 200_000, KILLED_AT);
        List<Peer> others = List.of(new Peer("user-2", 42, ExitStatus.exited(0)));
        PoolDeath seen = new PoolDeath(new TreeMap<>(Map.of(2, producer(8, 0))), death, pool, others, 9_000);
        return PoolReport.of(options(false), seen).report(List.of(), 1_000);
    }

    private static DemoReport death(PoolState pool) {
        return death(pool, ExitStatus.killed(9));
    }

    @Test
    void passesWhenThePermitsCameBack() {
        DemoReport report = death(new PoolState(Pool.PERMITS, 2, KILLED_AT + 7_000, 1, 0));
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(7_000L, report.facts().get("hand_over_nanos"));
        assertEquals(Pool.PERMITS, report.facts().get("permits_back"));
        assertEquals(13L, report.facts().get("uses"));
    }

    @Test
    void failsWhenFewerOrMorePermitsCameBack() {
        assertFails("3 permits in the end", death(new PoolState(3, 2, KILLED_AT + 7_000, 1, 0)));
        assertFails("5 permits in the end", death(new PoolState(5, 2, KILLED_AT + 7_000, 1, 0)));
    }

    @Test
    void failsWhenMoreWereUsedThanThereAre() {
        assertFails("more were used", death(new PoolState(4, 2, KILLED_AT + 7_000, 1, 2)));
    }

    @Test
    void failsWhenAPermitWasHadBeforeTheKill() {
        assertFails("before its holder was killed", death(new PoolState(4, 2, KILLED_AT - 1, 1, 0)));
    }

    @Test
    void failsWhenItWasNotKilled() {
        assertFails("not SIGKILL", death(new PoolState(4, 2, KILLED_AT + 1, 1, 0), ExitStatus.exited(1)));
    }
}
