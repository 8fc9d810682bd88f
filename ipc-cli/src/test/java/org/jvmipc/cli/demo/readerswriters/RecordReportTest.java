package org.jvmipc.cli.demo.readerswriters;

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
import org.jvmipc.cli.demo.shared.HolderDeath;
import org.jvmipc.cli.demo.shared.WorkReport;
import org.jvmipc.process.ExitStatus;

/** What the record says and what its members tell decides on the verdict. */
@Timeout(20)
class RecordReportTest {
    private static final long KILLED_AT = 1_000_000;

    private final DemoOptions options = new DemoOptions(10, 64, 0, 2, null, null, false, false, Duration.ofSeconds(60));
    private final Map<Integer, WorkReport> readers = new TreeMap<>(Map.of(1, told(10, 0), 2, told(10, 0)));
    private final Map<Integer, WorkReport> writers = new TreeMap<>(Map.of(3, told(10, 0), 4, told(10, 0)));
    private final Map<Integer, Long> done = new TreeMap<>(Map.of(1, 0L, 2, 0L, 3, 10L, 4, 10L));
    private final List<Peer> processes = new ArrayList<>(List.of(new Peer("reader-2", 42, ExitStatus.exited(0))));
    private long version = 20;
    private boolean sound = true;
    private int unfinished;
    private long intruders;
    private long torn;
    private long most = 2;
    private long takings;
    private long takenAt;
    private long warned;
    private @Nullable HolderDeath death;
    private boolean writerDied;

    private static WorkReport told(long turns, int deaths) {
        return new WorkReport(WorkReport.DONE, turns, 0, 3, 4_000, deaths, 0, 0);
    }

    private DemoReport report() {
        RecordState state = new RecordState(
                version, 8, sound, done, unfinished, intruders, torn, most, takings, 4, takenAt, warned);
        Recorded seen = new Recorded(5, readers, writers, state, processes, 30_000, death, writerDied);
        return RecordReport.of(options, seen).report(List.of(), 1_000);
    }

    @Test
    void passesWhenAllIsRight() {
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(new Tally(20, 20, 0, 0, 0, 0), report.tally());
        assertEquals("20 reads of a sound record, 20 writes, never both at once, in 1.00 us", report.headline());
        assertEquals(2L, report.facts().get("most_readers_at_once"));
        assertEquals(64L, report.facts().get("record_bytes"));
    }

    @Test
    void failsWhenAReaderSawATornRecord() {
        torn = 1;
        assertFails("a reader saw a torn record, 1 time", report());
    }

    @Test
    void failsWhenAWriterWasBesideAnother() {
        intruders = 3;
        assertFails("a writer was beside another one, 3 times", report());
    }

    @Test
    void failsWhenTheVersionIsNotTheSumOfAllWrites() {
        version = 19;
        assertFails("1 were lost", report());
        version = 21;
        assertFails("1 doubled", report());
    }

    @Test
    void failsWhenTheRecordIsTornInTheEnd() {
        sound = false;
        unfinished = 1;
        DemoReport report = report();
        assertFails("the record is torn in the end", report);
        assertFails("a write was left half done", report);
    }

    @Test
    void failsWhenTheReadersNeverReadTogether() {
        most = 1;
        assertFails("no more than 1 readers read together", report());
    }

    @Test
    void failsWhenNotAllTurnsWereDone() {
        readers.put(1, told(9, 0));
        writers.put(3, told(9, 0));
        DemoReport report = report();
        assertFails("reader 1 has done 9 turns of 10", report);
        assertFails("writer 3 wrote 9 times, and the record says 10", report);
    }

    @Test
    void failsWhenADeathWasToldAndNobodyHasDied() {
        readers.put(1, told(10, 1));
        assertFails("nobody has died", report());
    }

    // ---- somebody killed

    private void killWriter() {
        writers.remove(3);
        writers.put(4, told(10, 1));
        readers.put(1, told(10, 2));
        warned = 2;
        takings = 1;
        takenAt = KILLED_AT + 5_000;
        death = new HolderDeath(3, new Peer("writer-1", 41, ExitStatus.killed(9)), 9, 200_000, KILLED_AT);
        writerDied = true;
    }

    private void killReader() {
        readers.remove(1);
        takings = 1;
        takenAt = KILLED_AT + 6_000;
        death = new HolderDeath(1, new Peer("reader-1", 41, ExitStatus.killed(9)), 9, 200_000, KILLED_AT);
    }

    @Test
    void passesWhenTheNextWriterWasToldOfAWriter() {
        killWriter();
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(5_000L, report.facts().get("hand_over_nanos"));
        assertEquals("writer", report.facts().get("killed"));
        assertEquals(2L, report.facts().get("readers_warned"));
        assertEquals(1, report.facts().get("previous_owner_died_told"));
    }

    @Test
    void passesWhenNobodyWasToldOfAReader() {
        killReader();
        DemoReport report = report();
        assertEquals(Verdict.PASS, report.verdict(), report.why());
        assertEquals(19L, report.facts().get("reads"));
        assertEquals(2, report.facts().get("readers"));
        assertEquals("reader", report.facts().get("killed"));
    }

    @Test
    void failsWhenADeathIsToldToTheWrong() {
        killWriter();
        writers.put(4, told(10, 2));
        assertFails("the death of the writer was told to writers 2 times", report());
        killReader();
        writerDied = false;
        assertFails("the death of the reader was told to writers 2 times", report());
    }

    @Test
    void failsWhenAReaderWasToldOfAReader() {
        killReader();
        readers.put(2, told(10, 1));
        assertFails("readers were told 1 times that a writer has died, and saw it 0 times", report());
    }

    @Test
    void failsWhenTheWriteOfTheDeadIsNotFinished() {
        killWriter();
        done.put(3, 9L);
        version = 19;
        assertFails("the killed one had written 9 times and one half, and the record says 9", report());
    }

    @Test
    void failsWhenTheLockWasHadTooLateOrTooEarlyOrNever() {
        killReader();
        takenAt = KILLED_AT + 600_000_000;
        assertFails("the next writer was told after 600 ms", report());
        takenAt = KILLED_AT - 1;
        assertFails("before its holder was killed", report());
        takings = 0;
        assertFails("place was taken 0 times", report());
    }
}
