package org.jvmipc.cli.demo.producersconsumers;

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
import org.jvmipc.cli.demo.producersconsumers.MonitorTransfer.MonitorDeath;
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.Passed;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.process.ExitStatus;

/** What producers, consumers and the buffer tell decides on the verdict. */
@Timeout(20)
class MonitorReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final DemoOptions options = new DemoOptions(10, 8, 0, 2, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WorkReport> producers = new TreeMap<>(Map.of(1, sent(10, 71), 2, sent(10, 72)));
    private final Map<Integer, TakenReport> one = new TreeMap<>(Map.of(1, taken(1, 4, 70), 2, taken(2, 6, 70)));
    private final Map<Integer, TakenReport> two = new TreeMap<>(Map.of(1, taken(1, 6, 1), 2, taken(2, 4, 2)));
    private final List<Peer> processes = new ArrayList<>(List.of(new Peer("producer-2", 42, ExitStatus.exited(0))));
    private MonitorState state = new MonitorState(16, 20, 20, 0, 0);
    private int told;
    private long toldAt;
    private @Nullable MonitorDeath death;

    private static WorkReport sent(long messages, long digest) {
        return new WorkReport(WorkReport.DONE, messages, digest, 1, 2_000, 0, 0, 0);
    }

    private static TakenReport taken(int sender, long received, long sum) {
        return new TakenReport("", sender, received, 0, 0, sum, 10, 0, 0, 0, 3, 4_000);
    }

    private DemoReport report() {
        Passed passed = new Passed(producers, List.of(one, two));
        MonitorTransfer seen = new MonitorTransfer(5, passed, state, told, toldAt, processes, 5_000, death);
        return MonitorReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals("20 sent = received, every byte verified, in 1.00 us", report.headline());
        assertEquals(6L, report.facts().get("consumers_waits"));
        assertEquals(2L, report.facts().get("producers_waits"));
    }

    @Test
    void failsWhenAMessageIsLostOrDoubled() {
        two.put(1, taken(1, 5, 1));
        assertFails("1 were lost", report());
        two.put(1, taken(1, 7, 1));
        assertFails("1 doubled", report());
    }

    @Test
    void failsWhenADigestIsNotTheProducers() {
        two.put(2, taken(2, 4, 3));
        assertFails("digest of producer 2 is not its own", report());
    }

    @Test
    void failsWhenNotAllWasSent() {
        producers.put(1, sent(9, 71));
        assertFails("producer 1 sent 9 messages of 10", report());
    }

    @Test
    void failsWhenTheBufferIsNotEmptyOrSaysOtherNumbers() {
        state = new MonitorState(16, 20, 19, 1, 0);
        assertFails("the buffer is not empty in the end", report());
        state = new MonitorState(16, 20, 20, 0, 1);
        assertFails("the buffer is not empty in the end", report());
        state = new MonitorState(16, 21, 21, 0, 0);
        assertFails("20 were put in, and the buffer says 21", report());
    }

    @Test
    void failsWhenADeathWasToldAndNobodyHasDied() {
        told = 1;
        assertFails("nobody has died", report());
    }

    // ---- one of them killed

    private void kill(boolean consumer, Moment moment, int inHandOf, long inHandSum) {
        Peer victim = new Peer(consumer ? "consumer-1" : "producer-1", 41, ExitStatus.killed(9));
        HolderDeath holder = new HolderDeath(1, victim, 10, 200_000, KILLED_AT);
        death = new MonitorDeath(holder, consumer, moment, inHandOf, inHandSum);
        told = moment == Moment.INSIDE ? 1 : 0;
        toldAt = told == 0 ? 0 : KILLED_AT + 5_000;
    }

    @Test
    void passesWhenAllOfADeadProducerCame() {
        kill(false, Moment.INSIDE, 0, 0);
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals("producer", report.facts().get("killed"));
        assertEquals("inside", report.facts().get("killed_when"));
        assertEquals(5_000L, report.facts().get("hand_over_nanos"));
        assertEquals(0, report.facts().get("in_hand"));
    }

    @Test
    void passesWhenWhatADeadConsumerHadInItsHandsIsMissing() {
        kill(true, Moment.IN_HAND, 1, 40);
        one.put(1, taken(1, 3, 30));
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 19, 0, 0, 0, 0), report.tally());
        assertEquals(1, report.facts().get("in_hand"));
    }

    @Test
    void failsWhenMoreIsMissingThanItHadInItsHands() {
        kill(true, Moment.IN_HAND, 1, 40);
        one.put(1, taken(1, 2, 30));
        assertFails("1 were lost", report());
    }

    @Test
    void failsWhenAnotherMessageIsMissing() {
        kill(true, Moment.IN_HAND, 1, 41);
        one.put(1, taken(1, 3, 30));
        assertFails("digest of producer 1 is not its own", report());
    }

    @Test
    void failsWhenItWasToHaveAMessageAndHadNone() {
        kill(true, Moment.IN_HAND, 0, 0);
        assertFails("it had 0 messages in its hands", report());
    }

    @Test
    void failsWhenMoreOrLessOfADeadProducerCame() {
        kill(false, Moment.WAITING, 0, 0);
        producers.put(1, sent(11, 79));
        DemoReport report = report();
        assertFails("1 were lost", report);
        assertFails("what came of producer 1 is not what it had put in when it was killed", report);
    }

    @Test
    void failsWhenADeathInsideIsNotToldOrToldTwice() {
        kill(false, Moment.INSIDE, 0, 0);
        told = 0;
        assertFails("the death was told 0 times", report());
        told = 2;
        assertFails("the death was told 2 times", report());
    }

    @Test
    void ofADeathWhileItWaitedOneMayBeToldButNotTwo() {
        kill(true, Moment.WAITING, 0, 0);
        told = 1;
        toldAt = KILLED_AT + 7_000;
        assertEquals(Verdict.PASS, report().verdict(), report().why());
        told = 2;
        assertFails("the death was told 2 times", report());
    }

    @Test
    void failsWhenASurvivorDidNotGoOn() {
        kill(false, Moment.INSIDE, 0, 0);
        producers.put(2, sent(9, 72));
        assertFails("producer 2 sent 9 messages of 10", report());
    }

    @Test
    void failsWhenItWasToldTooLateOrTooEarly() {
        kill(false, Moment.INSIDE, 0, 0);
        toldAt = KILLED_AT + 600_000_000;
        assertFails("the next one inside was told after 600 ms", report());
        toldAt = KILLED_AT - 1;
        assertFails("before its holder was killed", report());
    }
}
