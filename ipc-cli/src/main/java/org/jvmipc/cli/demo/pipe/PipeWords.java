package org.jvmipc.cli.demo.pipe;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.Units;

/** What the demo {@code pipe} saw, for a person: one label and one sentence for each thing it shows. */
final class PipeWords {
    private final DemoOptions options;
    private final Findings findings;

    PipeWords(DemoOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    void exchange(PipeExchange seen, ChildReport childReceived, ChildReport childSent) {
        long nanos = seen.toChildNanos + seen.fromChildNanos;
        long messages = seen.sent + childSent.sent();
        findings.show(
                "messages",
                Words.count(options.messages()) + " each way, " + Words.count(options.payloadBytes(), "byte")
                        + " of payload, every byte verified");
        findings.show("rate", Words.rates(messages, options.payloadBytes(), nanos));
        findings.show("capacity", Units.formatSize(seen.capacityBytes) + ", as the kernel has made it");
        findings.show("full", full(seen));
        findings.show(
                "empty",
                (seen.foundEmpty ? "nothing there until the child wrote" : "the child was quicker") + "; "
                        + Words.waited(
                                "the parent's reader",
                                seen.readerWaits.count(),
                                seen.readerWaits.total().toNanos()));
        findings.show(
                "child",
                Words.waited("its reader", childReceived.waits(), childReceived.waitNanos()) + "; "
                        + Words.waited("its writer", childSent.waits(), childSent.waitNanos()));
        findings.show("end", "the child closed its pipe and the parent was told " + seen.end + "; " + seen.child);
    }

    private String full(PipeExchange seen) {
        if (!seen.isFilled(options)) {
            return "never: all " + Words.count(seen.sent, "message") + " fit in, "
                    + Words.count(seen.filledBytes, "byte") + "; more of them (-n) or larger ones (-s) fill it";
        }
        return Words.count(seen.blockedBytes) + " of " + Words.count(seen.capacityBytes)
                + " bytes in it when the parent had to wait; "
                + Words.waited(
                        "its writer",
                        seen.writerWaits.count(),
                        seen.writerWaits.total().toNanos());
    }

    void death(PipeDeath seen) {
        findings.show(
                "messages",
                Words.count(seen.received().received(PipeChild.SENDER))
                        + " received from the child, a whole prefix of what it sent; "
                        + Words.count(seen.sentToChild()) + " sent to it");
        findings.show(
                "kill",
                "the " + seen.child() + ", " + Words.duration(seen.killedAfterNanos()) + " after the first data");
        findings.show("reader", "told " + seen.readerReason() + " after " + Words.duration(seen.readerToldNanos()));
        findings.show(
                "writer",
                "told " + seen.writerReason() + " after " + Words.duration(seen.writerToldNanos()) + "; "
                        + Words.waited(
                                "before, it",
                                seen.writerWaits().count(),
                                seen.writerWaits().total().toNanos()));
        findings.show("exit", "known after " + Words.duration(seen.exitToldNanos()));
    }
}
