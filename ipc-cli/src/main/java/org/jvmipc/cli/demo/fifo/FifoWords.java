package org.jvmipc.cli.demo.fifo;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.Units;

/** What the demo {@code fifo} saw, for a person: one label and one sentence for each thing it shows. */
final class FifoWords {
    private final DemoOptions options;
    private final Findings findings;

    FifoWords(DemoOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    void transfer(FifoTransfer seen) {
        long messages = seen.sent();
        findings.show(
                "messages",
                Words.count(options.messages()) + " of "
                        + Words.count(seen.writers().size(), "writer") + ", "
                        + Words.count(options.payloadBytes(), "byte") + " of payload, every byte verified");
        findings.show(
                "rate",
                Words.rates(messages, options.payloadBytes(), seen.reader().readNanos()));
        open(seen);
        full(seen);
        atomic(seen);
        findings.show(
                "empty",
                Words.waited("the reader", seen.reader().waits(), seen.reader().waitNanos()));
        findings.show(
                "end", "the writers closed and the reader was told CLOSED, after the last one; " + processes(seen));
    }

    private void open(FifoTransfer seen) {
        findings.show(
                "open",
                "no reader there when the writers came; their open waited " + Words.duration(seen.openNanos())
                        + " for it");
    }

    private void full(FifoTransfer seen) {
        String capacity = Units.formatSize(seen.reader().capacityBytes()) + ", as the kernel has made it; ";
        findings.show(
                "full",
                capacity
                        + (FifoReport.isFilled(options, seen)
                                ? Words.count(seen.reader().blockedBytes(), "byte") + " in it when they had to wait; "
                                        + Words.waited("the writers", seen.waits(), seen.waitNanos())
                                : "all fit in; more messages (-n) or larger ones (-s) fill it"));
    }

    private void atomic(FifoTransfer seen) {
        long fragments = FifoReport.fragments(options);
        String pieces = fragments == 1
                ? "each message in one write"
                : "each message in " + Words.count(fragments, "write") + " of at most 4,096 bytes";
        findings.show(
                "atomic",
                pieces + ", which the kernel mixes with no other's; the next one was another writer's "
                        + Words.count(seen.reader().turns(), "time"));
    }

    private static String processes(FifoTransfer seen) {
        return Words.list(seen.processes());
    }

    void death(WriterDeath seen) {
        FifoTransfer rest = seen.rest();
        findings.show(
                "messages",
                Words.count(rest.received(seen.number()).received())
                        + " received from the killed writer, a whole prefix of what it sent"
                        + (rest.writers().isEmpty()
                                ? ""
                                : "; all " + Words.count(rest.sent()) + " of " + others(rest)));
        open(rest);
        findings.show("kill", seen.victim() + ", " + Words.duration(seen.killedAfterNanos()) + " after the first data");
        findings.show(
                "reader",
                "told DIED, process " + seen.died().deadPid() + ", after " + Words.duration(seen.toldNanos())
                        + (seen.wentOn() == null
                                ? "; there was no other writer"
                                : "; the next message of another after " + Words.duration(seen.wentOnNanos())));
        findings.show("end", processes(rest));
    }

    private static String others(FifoTransfer rest) {
        int count = rest.writers().size();
        return count == 1 ? "the other one" : "the " + count + " others";
    }

    void death(ReaderDeath seen) {
        FifoTransfer rest = seen.rest();
        findings.show(
                "messages",
                Words.count(seen.verifiedBefore()) + " verified by the first reader, as far as it could tell, "
                        + Words.count(rest.total()) + " by the second; at most "
                        + Words.count(seen.unseen()) + " went with the first");
        open(rest);
        findings.show("kill", seen.victim() + ", " + Words.duration(seen.killedAfterNanos()) + " after the first data");
        findings.show(
                "writers",
                Words.count(seen.told().size()) + " told DIED, the last one after " + Words.duration(seen.toldNanos()));
        findings.show(
                "second",
                "started then, and had something of every writer " + Words.duration(seen.wentOnNanos())
                        + " after the kill");
        findings.show("end", processes(rest));
    }
}
