package org.jvmipc.cli.demo.fifo;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.process.ExitStatus;

/** What the children of the demo {@code fifo} tell decides on the verdict, and nothing else does. */
@Timeout(20)
class FifoReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final DemoOptions options = new DemoOptions(10, 8, 0, 2, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WriterReport> writers = new TreeMap<>(Map.of(1, writer(10, 71), 2, writer(10, 72)));
    private final Map<Integer, ReceivedReport> received =
            new TreeMap<>(Map.of(1, new ReceivedReport(1, 0, 10, 10, 71), 2, new ReceivedReport(2, 0, 10, 10, 72)));
    private final List<Peer> processes =
            new ArrayList<>(List.of(peer("writer-1", 41), peer("writer-2", 42), peer("reader", 43)));
    private List<WriterReport> opened = List.of(writer(5, 0), writer(0, 0));
    private ReaderReport reader = reader(0, 0, 1, 0);

    private static WriterReport writer(long sent, long digest) {
        return new WriterReport("", sent, digest, true, sent, 7_000, 1, 2_000, "DIED", KILLED_AT + 3_000);
    }

    private static ReaderReport reader(long corrupt, int deaths, int closed, int afterEnd) {
        return new ReaderReport(
                "", 65_536, 60_000, 0, 0, corrupt, 5, deaths, 41, closed, afterEnd, 9_000, 3, 4_000, KILLED_AT + 8_000);
    }

    private static Peer peer(String role, long pid) {
        return new Peer(role, pid, ExitStatus.exited(0));
    }

    private FifoTransfer seen() {
        return new FifoTransfer(reader, received, writers, opened, processes);
    }

    private DemoReport report() {
        return FifoReport.of(options, seen()).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals("20 sent = received, every byte verified, in 1.00 us", report.headline());
        assertEquals(4, report.processes());
        assertEquals(true, report.facts().get("filled"));
        assertEquals(5L, report.facts().get("filled_messages"));
        assertEquals(4096, report.facts().get("atomic_bytes"));
    }

    @Test
    void failsWhenAWritersMessageIsLost() {
        received.put(2, new ReceivedReport(2, 0, 9, 9, 72));
        assertFails("1 were lost", report());
        assertFails("writer 2 sent 10, and 9 came", report());
    }

    @Test
    void failsWhenAWriterWasNotHeard() {
        received.remove(1);
        assertFails("10 were lost", report());
    }

    @Test
    void failsWhenTheDigestsDiffer() {
        received.put(1, new ReceivedReport(1, 0, 10, 10, 70));
        assertFails("digest of writer 1", report());
    }

    @Test
    void failsWhenMessagesAreMixed() {
        reader = reader(2, 0, 1, 0);
        assertFails("2 corrupt", report());
    }

    @Test
    void failsWhenTheEndIsNotToldOrTwiceOrTooEarly() {
        reader = reader(0, 0, 0, 0);
        assertFails("told CLOSED 0 times", report());
        reader = reader(0, 0, 2, 0);
        assertFails("told CLOSED 2 times", report());
        reader = reader(0, 0, 1, 3);
        assertFails("3 messages came after the end", report());
    }

    @Test
    void failsWhenADeathIsToldThatWasNone() {
        reader = reader(0, 1, 1, 0);
        assertFails("nobody has died", report());
    }

    @Test
    void failsWhenAChildEndsWithAnotherCode() {
        processes.set(1, new Peer("writer-2", 42, ExitStatus.exited(1)));
        assertFails("writer-2 42: exit code 1", report());
    }

    @Test
    void failsWhenAnOpenDidNotWait() {
        opened = List.of(new WriterReport("", 0, 0, false, 0, 0, 0, 0, "", 0));
        assertFails("found a reader before", report());
    }

    @Test
    void failsWhenTheFifoIsLeftBehind() {
        Findings findings = FifoReport.of(options, seen());
        findings.leftBehind(List.of("the FIFO /x"));
        assertFails("left behind: the FIFO /x", findings.report(List.of(), 1_000));
    }

    // ---- a writer killed

    private DemoReport writerDeath(ExitStatus status, long pidTold, long toldNanos) {
        writers.remove(1);
        processes.remove(0);
        ReaderReport died =
                new ReaderReport("", 65_536, 0, 0, 0, 0, 5, 1, pidTold, 0, 0, 0, 0, 0, KILLED_AT + toldNanos);
        WriterDeath seen =
                new WriterDeath(seen(), 1, new Peer("writer-1", 41, status), 200_000, KILLED_AT, died, reader);
        return FifoDeathReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesAWritersDeathWithItsPrefixAndAllOfTheOther() {
        reader = reader(0, 1, 1, 0);
        received.put(1, new ReceivedReport(1, 0, 4, 4, 5));
        DemoReport report = writerDeath(ExitStatus.killed(9), 41, 499_000_000);
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(14, 14, 0, 0, 0, 0), report.tally());
        assertEquals(41L, report.facts().get("reader_told_pid"));
        assertEquals(
                "writer killed, death named in 499 ms; its prefix and all of 1 other verified, 14 messages",
                report.headline());
    }

    @Test
    void failsAWritersDeathToldLate() {
        reader = reader(0, 1, 1, 0);
        assertFails("told after 501 ms", writerDeath(ExitStatus.killed(9), 41, 501_000_000));
    }

    @Test
    void failsADeathOfAnotherProcess() {
        reader = reader(0, 1, 1, 0);
        assertFails("the death of process 42", writerDeath(ExitStatus.killed(9), 42, 1));
    }

    @Test
    void failsADeathToldTwice() {
        reader = reader(0, 2, 1, 0);
        assertFails("told 2 deaths", writerDeath(ExitStatus.killed(9), 41, 1));
    }

    @Test
    void failsAWritersDeathThatLostOfAnother() {
        reader = reader(0, 1, 1, 0);
        received.put(2, new ReceivedReport(2, 0, 9, 9, 72));
        assertFails("writer 2 sent 10, and 9 came", writerDeath(ExitStatus.killed(9), 41, 1));
    }

    @Test
    void failsAPrefixWithAGap() {
        reader = reader(0, 1, 1, 0);
        received.put(1, new ReceivedReport(1, 0, 6, 4, 5));
        DemoReport report = writerDeath(ExitStatus.killed(9), 41, 1);
        assertFails("2 were lost", report);
        assertEquals(new Tally(16, 14, 2, 0, 0, 0), report.tally());
    }

    // ---- the reader killed

    private DemoReport readerDeath(ReceivedReport before, WriterReport told) {
        ReaderDeath seen = new ReaderDeath(
                seen(),
                new Peer("reader", 40, ExitStatus.killed(9)),
                Map.of(before.writer(), before),
                List.of(told),
                200_000,
                KILLED_AT,
                300_000);
        return FifoDeathReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesAReadersDeathWhenTheSecondOneGoesOn() {
        received.put(1, new ReceivedReport(1, 6, 10, 4, 1));
        DemoReport report = readerDeath(new ReceivedReport(1, 0, 3, 3, 2), writer(9, 0));
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(14, 14, 0, 0, 0, 0), report.tally());
        assertEquals(3L, report.facts().get("verified_by_first"));
        assertEquals(3L, report.facts().get("unseen_at_most"));
    }

    @Test
    void failsWhenAMessageComesToBothReaders() {
        received.put(1, new ReceivedReport(1, 2, 10, 8, 1));
        assertFails("what the first one had of writer 1", readerDeath(new ReceivedReport(1, 0, 3, 3, 2), writer(9, 0)));
    }

    @Test
    void failsWhenAReaderHasAGap() {
        received.put(1, new ReceivedReport(1, 6, 10, 3, 1));
        assertFails("1 were lost", readerDeath(new ReceivedReport(1, 0, 3, 3, 2), writer(9, 0)));
        assertFails("missed 1 of writer 1", readerDeath(new ReceivedReport(1, 0, 3, 2, 2), writer(9, 0)));
    }

    @Test
    void failsWhenTheLastMessagesDoNotComeToTheSecondReader() {
        received.put(1, new ReceivedReport(1, 6, 9, 3, 1));
        assertFails("1 were lost", readerDeath(new ReceivedReport(1, 0, 3, 3, 2), writer(9, 0)));
    }

    @Test
    void failsWhenAWriterIsToldLateOrWrong() {
        received.put(1, new ReceivedReport(1, 6, 10, 4, 1));
        ReceivedReport before = new ReceivedReport(1, 0, 3, 3, 2);
        assertFails("a writer was told CLOSED", readerDeath(before, told("CLOSED", 1)));
        assertFails("told after 501 ms", readerDeath(before, told("DIED", 501_000_000)));
    }

    private static WriterReport told(String reason, long nanos) {
        return new WriterReport("", 9, 0, true, 0, 0, 0, 0, reason, KILLED_AT + nanos);
    }
}
