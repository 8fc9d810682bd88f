package org.jvmipc.cli.demo.signal;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code signal} saw, and puts it into numbers and words. */
final class SignalFindings {
    private static final String LAW =
            "of standard signals that nobody takes meanwhile one is left; every real-time signal that was accepted came"
                    + " once, in order, with its value and its sender; when the queue is full the sender is told, and those"
                    + " accepted before come; the child ended as expected; nothing left behind";

    private SignalFindings() {}

    /** It could not be tried here. */
    static Findings skipped(DemoOptions options, String why) {
        Findings findings = new Findings(SignalDemo.MECHANISM, LAW, options);
        findings.skip(why);
        return findings;
    }

    static Findings of(DemoOptions options, SignalSeen seen) {
        Findings findings = new Findings(SignalDemo.MECHANISM, LAW, options);
        SignalReport merged = seen.mergedReport();
        SignalReport queued = seen.queuedReport();
        SignalReport filled = seen.filledReport();
        Tally tally = tally(seen.queued(), queued).plus(tally(seen.filled(), filled));
        findings.messages(tally);
        findings.headline(nanos -> Words.count(tally.received())
                + " real-time signals sent = received, every value verified; " + Words.count(seen.merged())
                + " standard ones became " + Words.count(merged.received()) + "; in " + Words.duration(nanos));
        findings.faultIf(
                merged.received() != 1,
                Words.count(merged.received(), "standard signal") + " came of " + Words.count(seen.merged())
                        + " that nobody took meanwhile");
        long strangers = merged.strangers() + queued.strangers() + filled.strangers();
        findings.faultIf(strangers != 0, Words.count(strangers, "signal") + " without the parent as its sender");
        long wrong = merged.wrongCode() + queued.wrongCode() + filled.wrongCode();
        findings.faultIf(wrong != 0, Words.count(wrong, "signal") + " with a wrong code");
        findings.faultIf(filled.requeued() != 0, Words.count(filled.requeued(), "signal") + " lost its place");
        findings.ended(seen.child());
        addFacts(findings, seen);
        findings.rate(queued.received(), 0, queued.nanos());
        addWords(findings, seen);
        return findings;
    }

    private static Tally tally(long sent, SignalReport report) {
        return new Tally(
                sent,
                report.received(),
                sent - report.received(),
                report.duplicated(),
                report.reordered(),
                report.corrupt());
    }

    private static void addFacts(Findings findings, SignalSeen seen) {
        findings.fact("child_ready_nanos", seen.readyNanos());
        findings.fact("standard_sent", seen.merged());
        findings.fact("standard_received", seen.mergedReport().received());
        findings.fact("realtime_sent", seen.queued());
        findings.fact("realtime_received", seen.queuedReport().received());
        findings.fact("queue_limit", seen.limit());
        findings.fact("queue_full", seen.full());
        findings.fact("accepted_until_full", seen.filled());
        findings.fact("received_after_full", seen.filledReport().received());
        findings.fact("requeued", seen.filledReport().requeued());
    }

    private static void addWords(Findings findings, SignalSeen seen) {
        findings.show(
                "standard",
                Words.count(seen.merged()) + " " + SignalChild.MERGED + " sent while the child took none: "
                        + Words.count(seen.mergedReport().received()) + " came");
        findings.show(
                "real-time",
                Words.count(seen.queued()) + " " + SignalChild.QUEUED + " with values sent: "
                        + Words.count(seen.queuedReport().received()) + " came, in order, "
                        + Words.rates(
                                seen.queuedReport().received(),
                                0,
                                seen.queuedReport().nanos()));
        findings.show(
                "full",
                seen.full()
                        ? Words.count(seen.filled())
                                + " accepted while the child took none, the next one refused (EAGAIN);" + " then all "
                                + Words.count(seen.filledReport().received()) + " came"
                        : "not yet after " + Words.count(seen.filled()) + "; all came");
    }
}
