package org.jvmipc.cli.demo.fifo;

import java.util.Map;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code fifo} saw when somebody was killed. */
final class FifoDeathReport {
    private static final String LAW_OF_WRITER = "of the killed writer a verified prefix came, without a gap; of every"
            + " other one all; DIED was told once, with its process, within 500 ms; CLOSED once, after the last one;"
            + " the others ended as expected; nothing left behind";
    private static final String LAW_OF_READER = "every writer was told DIED within 500 ms, and sent on to the second"
            + " reader; what each reader verified of a writer is a sequence without a gap, the second one's to the last"
            + " message, and none came to both; nothing left behind";

    private FifoDeathReport() {}

    /** Judges the death of a writer. */
    static Findings of(DemoOptions options, WriterDeath seen) {
        Findings findings = new Findings(FifoDemo.MECHANISM, LAW_OF_WRITER, options);
        FifoTransfer rest = seen.rest();
        Tally tally = tally(rest, 0);
        findings.messages(tally);
        findings.headline(nanos -> "writer killed, death named in " + Words.duration(seen.toldNanos()) + "; its prefix"
                + (rest.writers().isEmpty()
                        ? ""
                        : " and all of " + Words.count(rest.writers().size(), "other"))
                + " verified, " + Words.count(tally.received(), "message"));
        rest.writers()
                .forEach((number, writer) -> FifoReport.complete(findings, number, writer, rest.received(number)));
        ReaderReport reader = rest.reader();
        findings.faultIf(reader.deaths() != 1, "the reader was told " + reader.deaths() + " deaths, not 1");
        findings.faultIf(
                seen.died().deadPid() != seen.victim().pid(),
                "the reader was told the death of process " + seen.died().deadPid());
        if (!rest.writers().isEmpty()) { // else the death was the end
            FifoReport.closedOnce(findings, reader);
        }
        findings.faultIf(seen.toldNanos() < 0, "the writer was gone before it was killed");
        findings.told("reader", seen.toldNanos());
        findings.killed(seen.victim());
        rest.processes().forEach(findings::ended);
        findings.fact("killed", FifoDemo.KILL_WRITER);
        findings.fact("killed_after_nanos", seen.killedAfterNanos());
        findings.fact("reader_told", Reason.DIED.name());
        findings.fact("reader_told_pid", seen.died().deadPid());
        findings.fact("reader_told_nanos", seen.toldNanos());
        findings.fact("went_on_nanos", seen.wentOnNanos());
        FifoReport.addFacts(findings, options, rest);
        new FifoWords(options, findings).death(seen);
        return findings;
    }

    /** Judges the death of the reader. */
    static Findings of(DemoOptions options, ReaderDeath seen) {
        Findings findings = new Findings(FifoDemo.MECHANISM, LAW_OF_READER, options);
        FifoTransfer rest = seen.rest();
        Tally tally = tally(rest, missingAtTheEnd(rest));
        findings.messages(tally);
        findings.headline(nanos -> "reader killed, death named in " + Words.duration(seen.toldNanos())
                + ", a second one at work after " + Words.duration(seen.wentOnNanos()) + "; "
                + Words.count(tally.received()) + " verified by that one");
        for (Map.Entry<Integer, ReceivedReport> first : seen.before().entrySet()) {
            beforeAndAfter(findings, first.getValue(), rest.received(first.getKey()));
        }
        for (WriterReport told : seen.told()) {
            findings.faultIf(
                    !told.told().equals(Reason.DIED.name()), "a writer was told " + told.told() + ", not DIED");
            findings.faultIf(told.atNanos() < seen.killNanos(), "the reader was gone before it was killed");
            findings.told("writer", told.atNanos() - seen.killNanos());
        }
        FifoReport.closedOnce(findings, rest.reader());
        findings.faultIf(rest.reader().deaths() != 0, "the second reader was told a death, and no writer has died");
        findings.killed(seen.victim());
        rest.processes().forEach(findings::ended);
        findings.fact("killed", FifoDemo.KILL_READER);
        findings.fact("killed_after_nanos", seen.killedAfterNanos());
        findings.fact("writers_told", Reason.DIED.name());
        findings.fact("writers_told_nanos", seen.toldNanos());
        findings.fact("went_on_nanos", seen.wentOnNanos());
        findings.fact("verified_by_first", seen.verifiedBefore());
        findings.fact("unseen_at_most", seen.unseen());
        FifoReport.addFacts(findings, options, rest);
        new FifoWords(options, findings).death(seen);
        return findings;
    }

    private static void beforeAndAfter(Findings findings, ReceivedReport first, ReceivedReport second) {
        String of = " of writer " + first.writer();
        findings.faultIf(first.received() > 0 && first.first() != 0, "the first reader missed the beginning" + of);
        findings.faultIf(first.gaps() != 0, "the first reader missed " + first.gaps() + of);
        findings.faultIf(second.first() < first.next(), "the second reader got what the first one had" + of);
    }

    /** What the reader has; known to be sent is all up to the last that came, and what is missing behind that. */
    private static Tally tally(FifoTransfer rest, long missingAtTheEnd) {
        long received = 0;
        long lost = missingAtTheEnd;
        for (Map.Entry<Integer, ReceivedReport> each : rest.received().entrySet()) {
            received += each.getValue().received();
            lost += each.getValue().gaps();
        }
        ReaderReport reader = rest.reader();
        return new Tally(received + lost, received, lost, reader.duplicated(), reader.reordered(), reader.corrupt());
    }

    private static long missingAtTheEnd(FifoTransfer rest) {
        long missing = 0;
        for (Map.Entry<Integer, WriterReport> writer : rest.writers().entrySet()) {
            missing += Math.max(
                    0, writer.getValue().sent() - rest.received(writer.getKey()).next());
        }
        return missing;
    }
}
