package org.jvmipc.cli.demo.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.shm.RingKind;

class RingFindingsTest {
    private static final RingSent SENT = new RingSent(RingSent.SENT, 100, 7, 1000, 0, 0, "", 0);
    private static final Peer VICTIM = new Peer("somebody", 4712, ExitStatus.killed(9));
    private static final Map<String, String> ONE_CLOSED = Map.of("consumer-1", "CLOSED");
    private static final Map<String, String> SECOND_CLOSED = Map.of("consumer-2", "CLOSED");

    private static DemoOptions options(RingKind kind) {
        return new DemoOptions(100, 64, 0, 0, null, RingSetup.word(kind), false, false, Duration.ofSeconds(60));
    }

    private static RingTaken taken(long received, long first, long digest, long sum) {
        return taken(received, first, digest, sum, 0, 0, 0);
    }

    private static RingTaken taken(
            long received, long first, long digest, long sum, long duplicated, long reordered, long corrupt) {
        return new RingTaken(
                RingTaken.TAKEN, 1, received, first, first, digest, sum, duplicated, reordered, corrupt, 0, 0, "", 0);
    }

    private static DemoReport judge(
            RingKind kind, List<RingTaken> consumers, Map<String, String> ends, @Nullable RingDeath death) {
        Map<String, Map<Integer, RingTaken>> taken = new LinkedHashMap<>();
        for (int i = 0; i < consumers.size(); i++) {
            taken.put("consumer-" + (i + 1), Map.of(1, consumers.get(i)));
        }
        RingTransfer seen = new RingTransfer(5, Map.of(1, SENT), taken, ends, List.of(), 1_000_000, death);
        return new RingFindings(options(kind), RingSetup.of(options(kind)), seen)
                .judge()
                .report(List.of(), 1);
    }

    private static DemoReport toOne(RingTaken taken) {
        return judge(RingKind.ONE_TO_ONE, List.of(taken), ONE_CLOSED, null);
    }

    @Test
    void allAsItShouldBe() {
        DemoReport report = toOne(taken(100, 0, 7, 1000));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(100, report.tally().received());
    }

    @Test
    void whatIsWrongIsTold() {
        assertFails("1 were lost", toOne(taken(99, 0, 7, 1000)));
        assertFails("more came than it has committed", toOne(taken(101, 0, 7, 1000)));
        assertFails("2 doubled", toOne(taken(100, 0, 7, 1000, 2, 0, 0)));
        assertFails("3 out of order", toOne(taken(100, 0, 7, 1000, 0, 3, 0)));
        assertFails("4 corrupt", toOne(taken(100, 0, 7, 1000, 0, 0, 4)));
        assertFails("is not in its order", toOne(taken(100, 0, 8, 1000)));
        assertFails("is not what it has committed", toOne(taken(100, 0, 7, 1001)));
        assertFails("went on with message 1", toOne(taken(99, 1, 7, 1000)));
        assertFails(
                "was told DIED at the end, not CLOSED",
                judge(RingKind.ONE_TO_ONE, List.of(taken(100, 0, 7, 1000)), Map.of("consumer-1", "DIED"), null));
    }

    @Test
    void ofABroadcastEachHasAll() {
        RingTaken all = taken(100, 0, 7, 1000);
        Map<String, String> ends = Map.of("consumer-1", "CLOSED", "consumer-2", "CLOSED");
        DemoReport report = judge(RingKind.BROADCAST, List.of(all, all), ends, null);
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(200, report.tally().sent());
        assertEquals(200, report.tally().received());
        assertFails("1 were lost", judge(RingKind.BROADCAST, List.of(all, taken(99, 0, 7, 1000)), ends, null));
        assertFails("not what was sent", judge(RingKind.BROADCAST, List.of(all, taken(100, 0, 8, 1000)), ends, null));
        assertFails("misses 1 messages", judge(RingKind.BROADCAST, List.of(all, taken(99, 1, 7, 1000)), ends, null));
    }

    private static RingDeath ofConsumer(long toldNanos, String reason) {
        RingTaken inHand = new RingTaken(RingTaken.HOLDING, 1, 1, 60, 60, 1, 10, 0, 0, 0, 0, 0, "", 0);
        return new RingDeath(
                VICTIM,
                false,
                1,
                List.of(new RingDeath.Told("producer-1", reason, toldNanos)),
                2,
                "consumer-2",
                3,
                inHand);
    }

    @Test
    void whatADeadConsumerHadInItsHandsIsTheOnlyOneThatIsMissing() {
        RingTaken before = taken(60, 0, 1, 600);
        RingTaken behind = taken(39, 61, 2, 390);
        RingKind kind = RingKind.ONE_TO_ONE;
        DemoReport report = judge(kind, List.of(before, behind), SECOND_CLOSED, ofConsumer(1000, "DIED"));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(99, report.tally().received());
        assertEquals(0, report.tally().lost());
        RingTaken tooLate = taken(38, 62, 2, 390);
        assertFails(
                "went on with message 62", judge(kind, List.of(before, tooLate), SECOND_CLOSED, ofConsumer(1, "DIED")));
        RingTaken again = taken(40, 60, 2, 400);
        assertFails(
                "went on with message 60", judge(kind, List.of(before, again), SECOND_CLOSED, ofConsumer(1, "DIED")));
        assertFails(
                "was told after", judge(kind, List.of(before, behind), SECOND_CLOSED, ofConsumer(600_000_000, "DIED")));
        assertFails(
                "was told CLOSED, not DIED",
                judge(kind, List.of(before, behind), SECOND_CLOSED, ofConsumer(1, "CLOSED")));
    }

    @Test
    void theDeathOfOneOfSeveralProducersIsToldAtTheEnd() {
        RingDeath death = new RingDeath(VICTIM, true, 1, List.of(), 1000, "producer-3", 2, null);
        List<RingTaken> all = List.of(taken(100, 0, 7, 1000));
        DemoReport report = judge(RingKind.LANES, all, Map.of("consumer-1", "DIED"), death);
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertFails("was told CLOSED at the end, not DIED", judge(RingKind.LANES, all, ONE_CLOSED, death));
        RingDeath slow = new RingDeath(VICTIM, true, 1, List.of(), 600_000_000, "producer-3", 2, null);
        assertFails(
                "the other producers went on after", judge(RingKind.LANES, all, Map.of("consumer-1", "DIED"), slow));
    }

    @Test
    void aRingIsLargeEnoughForItsMessages() {
        assertEquals(64 << 10, setup(64, 0).capacityBytes());
        assertEquals(1 << 10, setup(64, 1).capacityBytes());
        assertEquals(8 << 10, setup(64, 5000).capacityBytes());
        assertEquals(256 << 10, setup(64 << 10, 0).capacityBytes());
        assertEquals(64 << 20, setup(16 << 20, 1).capacityBytes());
        assertEquals(1 << 30, setup(64, Integer.MAX_VALUE).capacityBytes());
    }

    private static RingSetup setup(int payloadBytes, int capacityBytes) {
        RingSetup setup = RingSetup.of(
                new DemoOptions(1, payloadBytes, capacityBytes, 0, null, null, false, false, Duration.ofSeconds(60)));
        assertEquals(setup.capacityBytes(), setup.options().capacityBytes()); // which has checked it
        return setup;
    }
}
