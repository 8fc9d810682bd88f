package org.jvmipc.cli.demo.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.WaitStatistics;
import org.jvmipc.process.ExitStatus;

/** What is seen decides on the verdict, and nothing else does. */
@Timeout(20)
class PipeReportTest {
    private static final WaitStatistics WAITS = new WaitStatistics(1, Duration.ofMillis(2));
    private static final long RUN = 5;

    private final DemoOptions options = new DemoOptions(2, 8, 0, 0, null, null, false, false, Duration.ofSeconds(60));
    private final MessageSource parent = new MessageSource(RUN, PipeParent.SENDER, 8);
    private final MessageSource child = new MessageSource(RUN, PipeChild.SENDER, 8);
    private final Verifier atChild = new Verifier(RUN, 8, PipeParent.SENDER);
    private final Verifier atParent = new Verifier(RUN, 8, PipeChild.SENDER);
    private final PipeExchange seen = new PipeExchange();

    private void exchange() {
        for (int i = 0; i < 2; i++) {
            atChild.accept(parent.message());
            parent.sent();
            atParent.accept(child.message());
            child.sent();
        }
        seen.sent = parent.count();
        seen.sentDigest = parent.digest();
        seen.childReceived = ChildReport.received(atChild, WAITS);
        seen.childSent = ChildReport.sent(child, WAITS);
        seen.received = atParent;
        seen.end = Reason.CLOSED;
        seen.child = new Peer("child", 42, ExitStatus.exited(0));
    }

    private DemoReport report(String... leftovers) {
        return PipeReport.of(options, seen).report(List.of(leftovers), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        exchange();
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertNull(report.why());
        assertEquals(new Tally(4, 4, 0, 0, 0, 0), report.tally());
        assertEquals("4 sent = received, every byte verified, in 1.00 us", report.headline());
        assertEquals(2, report.processes());
    }

    @Test
    void hasTheKeysOfTheContractInTheirOrder() {
        exchange();
        Map<String, Object> map = report().toMap();
        assertEquals(
                "[schema, mechanism, verdict, law, processes, sent, received, lost, duplicated, reordered, corrupt,"
                        + " leftovers, nanos, peers, facts]",
                map.keySet().toString());
        assertEquals("[{role=child, pid=42, exit=0}]", map.get("peers").toString());
        assertEquals("why", List.copyOf(report("process 1").toMap().keySet()).get(3));
    }

    @Test
    void namesTheSignalOfAPeer() {
        assertEquals(
                "{role=child, pid=42, signal=SIGKILL}",
                new Peer("child", 42, ExitStatus.killed(9)).toMap().toString());
    }

    @Test
    void failsWhenAMessageIsLost() {
        exchange();
        parent.message();
        parent.sent();
        seen.sent = parent.count();
        assertFails("1 were lost", report());
    }

    @Test
    void failsWhenTheDigestsDiffer() {
        exchange();
        seen.sentDigest++;
        assertFails("digest", report());
    }

    @Test
    void failsWhenTheChildEndsWithAnotherCode() {
        exchange();
        seen.child = new Peer("child", 42, ExitStatus.exited(1));
        assertFails("exit code 1", report());
    }

    @Test
    void failsWhenTheEndIsNotCalledClosed() {
        exchange();
        seen.end = Reason.DIED;
        assertFails("DIED", report());
    }

    @Test
    void failsWhenSomethingIsLeftBehind() {
        exchange();
        DemoReport report = report("descriptor 9 (pipe:[1])");
        assertFails("descriptor 9", report);
        assertEquals(1, report.leftovers());
    }

    private DemoReport death(Reason reader, long readerNanos, Reason writer, ExitStatus status) {
        Peer peer = new Peer("child", 42, status);
        PipeDeath seen = new PipeDeath(65_536, 1, reader, readerNanos, writer, 1, 1, WAITS, 10, atParent, peer);
        return PipeReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesADeathNamedInTimeWithAPrefix() {
        atParent.accept(child.message());
        DemoReport report = death(Reason.DIED, 499_000_000, Reason.DIED, ExitStatus.killed(9));
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(1, 1, 0, 0, 0, 0), report.tally());
        assertEquals(10L, report.facts().get("sent_to_child"));
        assertEquals("child killed, death named in 499 ms; prefix of 1 verified", report.headline());
        assertFalse(report.law().startsWith("sent = received"));
    }

    @Test
    void failsADeathNamedLateOrWrong() {
        assertFails("told after 501 ms", death(Reason.DIED, 501_000_000, Reason.DIED, ExitStatus.killed(9)));
        assertFails("CLOSED", death(Reason.CLOSED, 1, Reason.DIED, ExitStatus.killed(9)));
        assertFails("UNKNOWN", death(Reason.DIED, 1, Reason.UNKNOWN, ExitStatus.killed(9)));
        assertFails("SIGTERM", death(Reason.DIED, 1, Reason.DIED, ExitStatus.killed(15)));
    }

    @Test
    void failsADeathWithAGap() {
        child.message();
        child.sent();
        atParent.accept(child.message());
        DemoReport report = death(Reason.DIED, 1, Reason.DIED, ExitStatus.killed(9));
        assertFails("1 were lost", report);
        assertEquals(new Tally(2, 1, 1, 0, 0, 0), report.tally());
    }
}
