package org.jvmipc.cli.demo.sem;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;

/** Judges what the demo {@code sem} saw of the bounded buffer, and puts it into numbers and words. */
final class SemReport {
    private static final String LAW = "sent = received; nothing lost, doubled or corrupt, and each consumer got each"
            + " producer's messages in their order; the semaphores are in the end as at first; the children ended as"
            + " expected; nothing left behind";
    private static final String LAW_OF_BROKEN =
            "without P and V updates of the buffer's numbers are lost: what they say in"
                    + " the end is not what was done; the children ended as expected; nothing left behind";

    private SemReport() {}

    /** Judges a transfer. */
    static Findings of(DemoOptions options, SemTransfer seen) {
        Findings findings = new Findings(SemDemo.MECHANISM, options.broken() ? LAW_OF_BROKEN : LAW, options);
        Tally tally = seen.passed().tally();
        if (options.broken()) {
            findings.unguardedMessages(tally);
            broken(findings, seen);
        } else {
            findings.messages(tally);
            guarded(findings, options, seen);
        }
        seen.processes().forEach(findings::ended);
        addFacts(findings, options, seen);
        show(findings, options, seen);
        return findings;
    }

    private static void guarded(Findings findings, DemoOptions options, SemTransfer seen) {
        findings.headline(nanos -> Words.count(seen.passed().puts()) + " sent = received, every byte verified, in "
                + Words.duration(nanos));
        seen.passed().producers().forEach((number, producer) -> {
            findings.faultIf(
                    producer.done() != options.messages(),
                    "producer " + number + " sent " + producer.done() + " messages");
            findings.faultIf(
                    seen.passed().sum(number) != producer.digest(),
                    "the consumers' digest of producer " + number + " is not its own");
        });
        findings.faultIf(!seen.state().isAsAtFirst(), "the buffer is not as at first: " + seen.state());
    }

    private static void broken(Findings findings, SemTransfer seen) {
        long lost = seen.lostUpdates();
        findings.headline(nanos -> Words.count(lost, "update") + " lost without P and V, of "
                + Words.count(2 * (seen.passed().puts() + seen.passed().takes())) + ", in " + Words.duration(nanos));
        findings.faultIf(lost == 0, "no update was lost in " + Words.count(seen.rounds(), "round"));
        findings.fact("lost_updates", lost);
        findings.fact(
                "updates", 2 * (seen.passed().puts() + seen.passed().takes())); // of in and count, or of out and count
        findings.fact("rounds", seen.rounds());
    }

    private static void addFacts(Findings findings, DemoOptions options, SemTransfer seen) {
        BufferState state = seen.state();
        findings.fact("broken", options.broken());
        findings.fact("places", state.places());
        findings.fact("in", state.in());
        findings.fact("out", state.out());
        findings.fact("count", state.count());
        findings.fact("empty", state.empty());
        findings.fact("full", state.full());
        findings.fact("mutex", state.mutex());
        seen.passed().addFacts(findings);
        findings.rate(seen.passed().puts(), options.payloadBytes(), seen.nanos());
    }

    private static void show(Findings findings, DemoOptions options, SemTransfer seen) {
        BufferState state = seen.state();
        seen.passed().showMessages(findings, options.payloadBytes());
        if (options.broken()) {
            Tally tally = seen.passed().tally();
            findings.show(
                    "numbers",
                    Words.count(seen.passed().puts()) + " put in, and the buffer says " + Words.count(state.in()) + "; "
                            + Words.count(seen.passed().takes()) + " taken out, and it says " + Words.count(state.out())
                            + "; and that " + Words.count(state.count()) + " are in it");
            findings.show(
                    "came of it",
                    Words.count(tally.lost()) + " messages lost, " + Words.count(tally.duplicated()) + " doubled, "
                            + Words.count(tally.reordered()) + " out of order, " + Words.count(tally.corrupt())
                            + " corrupt");
        } else {
            findings.show("rate", Words.rates(seen.passed().puts(), options.payloadBytes(), seen.nanos()));
            seen.passed().showWaits(findings, state.places());
            findings.show(
                    "semaphores",
                    "empty " + state.empty() + ", full " + state.full() + ", mutex " + state.mutex() + ", as at first");
        }
        findings.show("end", Words.list(seen.processes()));
    }
}
