package org.jvmipc.cli.demo.lock;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.shared.CountReport;

/** Judges what the demo {@code lock} saw, and puts it into numbers and words. */
final class LockReport {
    private static final String LAW =
            "the counter, which is no atomic one, is the sum of what all have counted, by FileMutex"
                    + " and by FileLock; never two inside; readers share the lock, keep writers out, and never see a turn half"
                    + " done; nobody was told a death; the children ended as expected; nothing left behind";
    private static final String LAW_OF_DEATH =
            "the holder was killed in the middle of a turn, and the next one had the lock"
                    + " within 500 ms; previousOwnerDied was told once; the counter is the sum of all tallies, that of the dead one"
                    + " included, which the next one finished; never two inside; readers share the lock, and see no turn half done"
                    + " but the dead one's; nothing left behind";

    private LockReport() {}

    /** Judges what was seen. */
    static Findings of(DemoOptions options, LockCounted seen) {
        boolean killed = seen.counted().death() != null;
        Findings findings = new Findings(LockDemo.MECHANISM, killed ? LAW_OF_DEATH : LAW, options);
        findings.show(
                "shared",
                Words.count(seen.readers().size(), "reader")
                        + " had it together, and a writer did not get it meanwhile; "
                        + Words.count(seen.reads(), "read") + ", none of a turn half done");
        findings.show(
                "FileLock",
                "a program with java.nio's FileLock on the same file counted " + Words.count(seen.byFileLock())
                        + " of these");
        CountReport.add(findings, options, seen.counted());
        findings.faultIf(!seen.refused(), "the lock was to be had alone while readers shared it");
        findings.faultIf(!seen.shared(), "the lock was not to be had shared while readers shared it");
        findings.faultIf(seen.reads() == 0, "no reader has had the lock");
        findings.faultIf(seen.byFileLock() == 0, "nothing was counted by FileLock");
        findings.fact("readers", seen.readers().size());
        findings.fact("readers_together", seen.readers().size());
        findings.fact("refused_to_a_writer_meanwhile", seen.refused());
        findings.fact("reads", seen.reads());
        findings.fact("half_done_seen", seen.counted().board().torn());
        findings.fact("counted_by_file_lock", seen.byFileLock());
        return findings;
    }
}
