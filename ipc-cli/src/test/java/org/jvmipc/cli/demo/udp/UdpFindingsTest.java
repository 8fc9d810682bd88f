package org.jvmipc.cli.demo.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jvmipc.cli.demo.Verdicts.assertFails;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.sockets.FaultyLinkCounts;

@Timeout(20)
class UdpFindingsTest {
    private static final DemoOptions OPTIONS =
            new DemoOptions(100, 64, 0, 0, null, null, false, false, Duration.ofSeconds(60));
    private static final FaultyLinkCounts LINK = new FaultyLinkCounts(100, 74, 30, 9, 4, 9, 0, 0, 0, 0);
    private static final Peer RECEIVER = new Peer("receiver", 42, ExitStatus.exited(0));

    private static UdpReport receiver(long arrived, long received, long duplicated, long reordered, long dropped) {
        return new UdpReport(UdpReport.DONE, 0, 0, arrived, received, duplicated, reordered, 0, dropped, 1, 0);
    }

    private static DemoReport judge(
            long sent, FaultyLinkCounts link, UdpReport receiver, UdpSeen.@Nullable Death death) {
        UdpSeen seen =
                new UdpSeen(DemoFaults.USUAL.withSeed(5), sent, link, receiver, List.of(RECEIVER), 1_000_000, death);
        return new UdpFindings(OPTIONS, seen).judge().report(List.of(), 1);
    }

    private static DemoReport judge(UdpReport receiver) {
        return judge(100, LINK, receiver, null);
    }

    @Test
    void allIsAccountedFor() {
        DemoReport report = judge(receiver(74, 70, 4, 9, 0));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(30, report.tally().lost());
        assertEquals("100 sent = 70 received + 30 lost, in 1 ns", report.headline());
        assertEquals(5L, report.facts().get("seed"));
    }

    @Test
    void whatNobodyHasDoneIsTold() {
        assertFails("74 forwarded, but 73 arrived", judge(receiver(73, 69, 4, 9, 0)));
        assertFails("31 lost, but 30 lost by the link", judge(receiver(74, 69, 5, 9, 0)));
        assertFails("8 out of order, but 9 overtaken", judge(receiver(74, 70, 4, 8, 0)));
        assertFails("101 sent, but 100 in the link's counts", judge(101, LINK, receiver(74, 70, 4, 9, 0), null));
        FaultyLinkCounts wrong = new FaultyLinkCounts(100, 74, 29, 9, 4, 9, 0, 0, 0, 0);
        assertFails("104 received by the link", judge(100, wrong, receiver(74, 70, 4, 9, 0), null));
    }

    @Test
    void whatAKernelHadNoRoomForIsNoFault() {
        DemoReport report = judge(receiver(72, 68, 4, 8, 2));
        assertEquals(Verdict.PASS, report.verdict(), String.valueOf(report.why()));
        assertEquals(32, report.tally().lost());
        assertEquals(2L, report.facts().get("dropped_by_kernel"));
    }

    @Test
    void theEndOfAKilledOneIsKnownInTime() {
        Peer killed = new Peer("sender", 43, ExitStatus.killed(9));
        UdpReport receiver = receiver(74, 70, 4, 9, 0);
        assertEquals(
                Verdict.PASS,
                judge(100, LINK, receiver, new UdpSeen.Death(killed, 1, 20_000_000))
                        .verdict());
        assertFails(
                "the parent was told after 600 ms",
                judge(100, LINK, receiver, new UdpSeen.Death(killed, 1, 600_000_000)));
    }
}
