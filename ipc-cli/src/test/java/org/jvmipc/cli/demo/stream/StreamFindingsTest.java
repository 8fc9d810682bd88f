package org.jvmipc.cli.demo.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.stream.StreamTransfer.Death;
import org.jvmipc.process.ExitStatus;

@Timeout(20)
class StreamFindingsTest {
    private static final DemoOptions OPTIONS =
            new DemoOptions(10, 64, 0, 1, null, null, false, false, Duration.ofSeconds(60));
    private static final StreamReport CONNECTED = StreamReport.of(StreamReport.CONNECTED, 1, "", 0, 1000);
    private static final Peer SERVER = new Peer("server", 41, ExitStatus.exited(0));

    private String refusal = "DIED";
    private long refused = 1;
    private long callerPid = 42;
    private StreamReport client = end("CLOSED", 10, 7, 10, 9, 1, 0);
    private StreamReport server = end("CLOSED", 10, 9, 10, 7, 0, 0);

    /** How it ended for one side: the digest of what it sent, and of what came. */
    private static StreamReport end(
            String told, long sent, long sentDigest, long received, long digest, long afterHalfClose, long atNanos) {
        return new StreamReport(
                StreamReport.END,
                1,
                told,
                1,
                0,
                sent,
                sentDigest,
                received,
                received,
                digest,
                0,
                0,
                0,
                afterHalfClose,
                5,
                atNanos);
    }

    private StreamTransfer seen(
            Map<Integer, StreamReport> clients, Map<Integer, StreamReport> servers, @Nullable Death death) {
        return new StreamTransfer(
                Address.of("uds:demo"),
                1,
                Map.of(1, CONNECTED),
                List.of(StreamReport.of(StreamReport.ACCEPTED, 1, "", callerPid, 0)),
                Map.of(1, 42L),
                refusal,
                refused,
                Map.of(1, client),
                clients,
                servers,
                List.of(SERVER),
                1_000_000,
                death);
    }

    private DemoReport report() {
        return report(seen(Map.of(1, client), Map.of(1, server), null));
    }

    private static DemoReport report(StreamTransfer seen) {
        return new StreamFindings("uds", OPTIONS, seen).judge().report(List.of(), 1);
    }

    @Test
    void allAsItShouldBe() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(20, report.tally().received());
        assertEquals(1L, report.facts().get("half_closes"));
        assertEquals(List.of(42L), report.facts().get("credentials"));
    }

    @Test
    void aWelcomeThatIsNoneIsTold() {
        refusal = "";
        assertFails("one too many was not refused", report());
        refusal = "DIED";
        refused = 2;
        assertFails("the server has refused 2, not 1", report());
        refused = 1;
        callerPid = 43;
        assertFails("told to be processes [43], not [42]", report());
    }

    @Test
    void whatDidNotComeOrDidNotEndIsTold() {
        server = end("CLOSED", 10, 9, 9, 7, 0, 0);
        assertFails("1 were lost", report());
        server = end("CLOSED", 10, 9, 10, 8, 0, 0);
        assertFails("what came is not what was sent by the end of client 1", report());
        server = end("DIED", 10, 9, 10, 7, 0, 0);
        assertFails("an end of client 1 was told DIED", report());
        server = end("CLOSED", 10, 9, 10, 7, 0, 0);
        client = end("CLOSED", 10, 7, 10, 9, 0, 0);
        assertFails("nothing came after the half close of client 1", report());
    }

    @Test
    void aDeathIsToldInTimeToWhomItConcerns() {
        Peer killed = new Peer("client-1", 42, ExitStatus.killed(9));
        Death death = new Death(killed, 1, 1, 1_000_000_000, 0);
        server = end("DIED", 10, 9, 6, 7, 0, 1_100_000_000);
        DemoReport report = report(seen(Map.of(), Map.of(1, server), death));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(6, report.tally().received());
        assertEquals(100_000_000L, report.facts().get("told_nanos"));
        server = end("DIED", 10, 9, 6, 7, 0, 1_600_000_000);
        assertFails("the server was told after 600 ms", report(seen(Map.of(), Map.of(1, server), death)));
        server = end("CLOSED", 10, 9, 6, 7, 0, 1_100_000_000);
        assertFails("an end was told \"CLOSED\", not DIED", report(seen(Map.of(), Map.of(1, server), death)));
    }
}
